"""Writes how PyTorch prints tensors: python printed.py ../resources/golden

printed.json says for each tensor its type, shape, how its values are made, the options of printing
where they are not the default, and the text. Of a ramp only the first two values are written; of
a tensor whose values are "mixed", element i is start + step * (i * 7919 % mixed).
"""

import json
import math
import random
import sys
from pathlib import Path

import torch

FLOATS = torch.float32
TENSORS = []


def tensor(values, shape, dtype=FLOATS, requires_grad=False, computed=False, options=None, mixed=None):
    made = torch.tensor(values, dtype=torch.float64).view(shape).to(dtype)
    if requires_grad:
        made.requires_grad_()
    if computed:
        made = made * 1.0
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**(options or {}))
    entry = {
        "dtype": str(made.dtype).removeprefix("torch."),
        "shape": list(shape),
        "requiresGrad": requires_grad,
        "values": [str(value) for value in values],
        "text": str(made),
    }
    if computed:
        entry["computed"] = True
    if options:
        entry["options"] = options
    if mixed:
        entry["mixed"] = mixed
    TENSORS.append(entry)


def mixed(shape, step, start, modulus, dtype=FLOATS, **more):
    values = [start + step * (i * 7919 % modulus) for i in range(math.prod(shape))]
    tensor(values, shape, dtype, mixed=modulus, **more)
    TENSORS[-1]["values"] = [str(start), str(step)]


def ramp(shape, step, start=0.0):
    return [start + step * i for i in range(math.prod(shape))]


for dtype in (torch.float32, torch.float64, torch.float16, torch.bfloat16):
    tensor([1.5, -2.25, 3.0], (3,), dtype)
for dtype in (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8):
    tensor([0, 1, 100, 7], (2, 2), dtype)
tensor([-5, 12, 100, 7], (2, 2), torch.int64)
tensor([0, 1, 1, 0], (4,), torch.bool)
tensor([0, 1, 1, 0], (2, 2), torch.bool)
tensor([3.14159265], ())
tensor([7], (), torch.int64)
tensor([1], (), torch.bool)
tensor([2], (), torch.float64)
tensor([1, 2, 3], (3,))
tensor([0, 0], (2,))
tensor([-0.0, 0.0], (2,))
tensor([0.0, -0.00001], (2,))
tensor([1, math.nan, -math.inf], (3,))
tensor([1.5, math.nan, math.inf, 0], (4,))
tensor([math.nan], (1,))
tensor([math.inf, -math.inf], (2,))
tensor([1e-5, 1], (2,))
tensor([1e9, 1], (2,))
tensor([1e9, 2e9], (2,))
tensor([1000, 1], (2,))
tensor([1001, 1], (2,))
tensor([0.001, 1.0005], (2,))
tensor([1e-38, 1e38, -1.23456789e-7, 0], (2, 2))
tensor([1e-300, 1e300], (2,), torch.float64)
tensor([0.00005, 0.00015, 0.12345, 2.00005], (4,), torch.float64)
tensor([0.5, 1.5, 99999999], (3,), torch.float64)
tensor([123456.789], (1,), torch.float64)
tensor([0.1, 0.25], (2,), FLOATS, True)
tensor([0.1, 0.25], (2,), torch.float64, True)
for shape in ((0,), (2, 0), (0, 3, 1)):
    tensor([], shape)
tensor([], (0,), torch.int64)
tensor([], (2, 0), torch.bool)
tensor(ramp((20,), 0.37, -3), (20,))
tensor(ramp((30,), 1), (30,), torch.int64)
tensor(ramp((2, 17), 1.1), (2, 17))
tensor(ramp((2, 3, 4), 0.5), (2, 3, 4))
tensor(ramp((2, 2, 2, 3), 1), (2, 2, 2, 3))
tensor(ramp((1, 1, 1), 1.25, 1), (1, 1, 1))
tensor(ramp((1000,), 1), (1000,), torch.int64)
tensor(ramp((1001,), 1), (1001,), torch.int64)
tensor(ramp((1001,), 0.001), (1001,))
tensor(ramp((5, 300), 0.5), (5, 300))
tensor(ramp((300, 5), 0.5), (300, 5))
tensor(ramp((7, 12, 13), 0.25), (7, 12, 13), torch.float64)
tensor(ramp((2, 2, 8, 40), 1), (2, 2, 8, 40))
tensor(ramp((12,), 0.015625, 0.1), (12,), torch.float64, True)
tensor(ramp((7,), 1.1, 100), (7,), torch.float64, True)
tensor(ramp((6,), 1.1, 1000), (6,), torch.float64, True)


FLOATING = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
WHOLE = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool)
OPTIONS = (
    {"precision": 2},
    {"precision": 0},
    {"precision": 8},
    {"threshold": 5},
    {"threshold": 5, "edgeitems": 1},
    {"threshold": 10, "edgeitems": 2, "linewidth": 40},
    {"linewidth": 30},
    {"linewidth": 120, "precision": 6},
    {"sci_mode": True},
    {"sci_mode": False},
    {"sci_mode": False, "precision": 1, "linewidth": 60},
    {"profile": "short"},
    {"profile": "full"},
    {"threshold": 3, "edgeitems": 0},
)


def floating(choose, dtype, count):
    """Values of a few magnitudes, some of them whole, zero or not finite."""
    most = {torch.float16: 4, torch.bfloat16: 30, torch.float32: 30, torch.float64: 200}[dtype]
    near = choose.randint(-most, most)
    spread = choose.choice([0, 0, 1, 2, 4, 6])
    whole = choose.random() < 0.2
    odd = choose.choice([0, 0, 0.1, 0.5])
    values = []
    for _ in range(count):
        value = choose.uniform(-10, 10) * 10.0 ** (near + choose.randint(-spread, spread))
        if choose.random() < 0.3:
            value = abs(value)
        if whole:
            value = float(choose.randint(-(10 ** choose.randint(1, 9)), 10 ** choose.randint(1, 9)))
        if choose.random() < odd:
            value = choose.choice([0.0, -0.0, math.nan, math.inf, -math.inf, 1.0, 0.5])
        values.append(torch.tensor(value, dtype=torch.float64).to(dtype).item())
    return values


def whole(choose, dtype, count):
    if dtype == torch.bool:
        return [choose.randint(0, 1) for _ in range(count)]
    info = torch.iinfo(dtype)
    digits = choose.randint(1, 15)
    low, high = max(info.min, -(10**digits)), min(info.max, 10**digits)
    return [choose.randint(low, high) for _ in range(count)]


def shape_of(choose, most):
    while True:
        shape = tuple(choose.randint(0 if choose.random() < 0.05 else 1, 7) for _ in range(choose.randint(0, 4)))
        if math.prod(shape) <= most:
            return shape


def at_random(choose):
    shape = shape_of(choose, 24)
    count = math.prod(shape)
    options = dict(choose.choice(OPTIONS)) if choose.random() < 0.3 else None
    if choose.random() < 0.65:
        dtype = choose.choice(FLOATING)
        requires_grad = choose.random() < 0.2
        computed = requires_grad and choose.random() < 0.5
        tensor(floating(choose, dtype, count), shape, dtype, requires_grad, computed, options)
    else:
        dtype = choose.choice(WHOLE)
        tensor(whole(choose, dtype, count), shape, dtype, options=options)


CHOOSE = random.Random(20)
for _ in range(240):
    at_random(CHOOSE)
for options in OPTIONS:
    tensor(ramp((12,), 0.140625), (12,), options=options)
    tensor(ramp((12,), 1), (12,), options=options)
    tensor(ramp((12,), 1), (4, 3), torch.int64, options=options)
    tensor([1e-8, 1e8], (2,), torch.float64, options=options)
    mixed((7, 8), 0.5, -3, 11, options=options)
    mixed((3, 9, 2), 0.015625, 0.5, 101, torch.float64, options=options)
for shape in ((1000,), (1001,), (40, 30), (6, 200), (200, 6), (7, 7, 30), (2, 3, 5, 50), (1, 1001), (1001, 1)):
    mixed(shape, 0.125, -3, 101)
    mixed(shape, 1, -30, 1009, torch.int32)
    mixed(shape, 1, 0, 2, torch.bool)
    mixed(shape, 1e-3, 0.25, 4001, torch.bfloat16, requires_grad=True)
    mixed(shape, 12345.5, 0, 997, torch.float64, requires_grad=True, computed=True)


if __name__ == "__main__":
    for entry in TENSORS:
        if "mixed" not in entry and len(entry["values"]) > 40:  # a ramp: its first two values say the rest
            entry["values"] = entry["values"][:2]
    lines = ",\n".join("  " + json.dumps(entry) for entry in TENSORS)
    Path(sys.argv[1], "printed.json").write_text("[\n" + lines + "\n]\n")
