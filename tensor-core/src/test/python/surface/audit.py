"""Says for each function which kinds of calls the written cases have:

    python -m surface.audit ../resources/surface [what ...]

A line a name: the number of cases and, of the kinds below, those that no case shows; with names of
kinds after the folder, only of these. Not every kind makes sense for every function: what takes one
tensor has no pairs that broadcast, what has no dim has no negative one.
"""

import json
import math
import re
import sys
from pathlib import Path

import safetensors.torch
import torch

FORM = re.compile(r"&?(\w+)\[([\d,]*)\](?:\(([\d,]*)\))?(?:%(\d+))?@(\d+)")
KINDS = """scalar empty one odd large transposed sliced expanded broadcast negative keepdim types promotion special
    first second refused""".split()
TYPES = 8  # so many types are all that PyTorch takes, or nearly


class Tensor:
    def __init__(self, form, numbers):
        self.dtype, sizes, strides, period, at = form.groups()
        self.sizes = [int(n) for n in sizes.split(",") if n]
        self.strides = [int(n) for n in strides.split(",") if n] if strides is not None else None
        count = int(period or math.prod(self.sizes))
        self.values = numbers.get(self.dtype, torch.zeros(0))[int(at) : int(at) + count]

    def kinds(self):
        size = math.prod(self.sizes)
        yield "scalar" if not self.sizes else "empty" if size == 0 else "one" if size == 1 else "odd" if size < 5000 else "large"
        steps = [s for s, n in zip(self.strides or [], self.sizes) if n > 1]
        if 0 in steps:
            yield "expanded"
        if steps != sorted(steps, reverse=True):
            yield "transposed"
        if steps and min(steps) > 1:
            yield "sliced"
        if self.values.is_floating_point() and not self.values.isfinite().all():
            yield "special"


def tensors(value, numbers):
    if isinstance(value, list):
        return [tensor for part in value for tensor in tensors(part, numbers)]
    form = FORM.fullmatch(value) if isinstance(value, str) else None
    return [Tensor(form, numbers)] if form else []


def kinds(case, numbers):
    if "refused" in case:
        yield "refused"
        return
    given = tensors(case["in"], numbers)
    for tensor in given:
        yield from tensor.kinds()
    if len({tuple(t.sizes) for t in given}) > 1:
        yield "broadcast"
    if len({t.dtype for t in given}) > 1:
        yield "promotion"
    if any(type(a) is int and a < 0 or isinstance(a, list) and any(type(p) is int and p < 0 for p in a) for a in case["in"][1:]):
        yield "negative"
    if any(a is True for a in case["in"]):
        yield "keepdim"
    if "gradients" in case:
        yield "first"
    if "second" in case:
        yield "second"


def main(folder, *wanted):
    found, types, calls = {}, {}, {}
    for file in sorted(Path(folder).glob("*.json")):
        numbers = safetensors.torch.load_file(file.with_suffix(".safetensors"))
        family = json.loads(file.read_text())
        for name, cases in family["names"].items():
            name = {"Linalg": "linalg.", "F": "F."}.get(family["namespace"], "") + name
            for case in cases:
                calls[name] = calls.get(name, 0) + 1
                found.setdefault(name, set()).update(kinds(case, numbers))
                if "refused" not in case:
                    given = [t.dtype for t in tensors(case["in"], numbers)]
                    types.setdefault(name, set()).update(given)
    for name, seen in found.items():
        if len(types.get(name, ())) >= TYPES:
            seen.add("types")
        lacking = [kind for kind in KINDS if kind not in seen and (not wanted or kind in wanted)]
        if lacking:
            print(f"{name}: {calls[name]} cases, none {', '.join(lacking)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
