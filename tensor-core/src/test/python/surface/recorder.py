"""Runs calls in PyTorch and writes down what they gave."""

import contextlib
import json
import math
import types

import safetensors.torch
import torch

from surface.samples import sample
from surface.store import Store, dtype_name

REFUSALS = (RuntimeError, IndexError, ValueError, NotImplementedError)
MODULES = {"Tensor": torch, "F": torch.nn.functional, "Linalg": torch.linalg}

# Functions whose arguments come in another order in PyTorch than as a method, not as a list, or complex.
OTHERWISE = {
    "polygamma": torch.Tensor.polygamma,
    "broadcast_tensors": lambda tensors: torch.broadcast_tensors(*tensors),
    "istft": lambda pairs, *rest: torch.istft(torch.view_as_complex(pairs.contiguous()), *rest),
}


class Recorder:
    """The cases of one family, whose functions are Tensor's, F's or Linalg's."""

    def __init__(self, family, namespace="Tensor"):
        self.family = family
        self.namespace = namespace
        self.store = Store()
        self.names = {}
        self.lines = {}

    def case(self, name, *arguments, gradients=0, absolute=False, unseen={}, into=None, constant=(), region=None, **keywords):
        """Records a call.

        Keywords come after the arguments, in the order of PyTorch's signature. gradients is 1 for
        first gradients of the floating tensors, 2 for second ones as well. absolute takes the
        absolute values of the results, whose signs are arbitrary. What is unseen PyTorch alone is
        told. The call is made under autocast to the type that region is; gradients are taken outside.
        """
        arguments = list(arguments)
        # Written before the call, which may be one in place.
        entry = {"in": [self.value(a) for a in arguments + list(keywords.values())]}
        if region is not None:
            entry["autocast"] = dtype_name(region)
        if into is not None:
            entry["into"] = self.target(into, arguments)
            unseen = unseen | {"out": into}
            sizes = into.shape
        leaves = []
        if gradients:
            if constant:
                entry["constant"] = list(constant)
            names = list(keywords)
            given = arguments + list(keywords.values())
            given = [a if i in constant else leaf(a, leaves) for i, a in enumerate(given)]
            arguments = given[: len(arguments)]
            keywords = dict(zip(names, given[len(arguments) :]))
        cast = torch.autocast("cpu", dtype=region) if region else contextlib.nullcontext()
        try:
            with cast:
                result = self.function(name)(*arguments, **keywords, **unseen)
        except REFUSALS + (TypeError,) * (into is not None) as error:
            if is_gap(error, arguments + list(keywords.values())):
                return
            entry["refused"] = str(error).split("\n")[0][:120]
            self.add(name, entry)
            return
        if into is not None and into.shape != sizes:
            entry["resized"] = True
        outputs = list(result) if isinstance(result, (tuple, list)) else [result]
        if absolute:
            outputs = [out.abs() for out in outputs]
            entry["absolute"] = True
        memory = [m.untyped_storage().data_ptr() for m in arguments[:1] if torch.is_tensor(m)]
        entry["out"] = [self.result(out, memory) for out in outputs]
        if gradients and any(torch.is_tensor(out) and out.requires_grad for out in outputs):
            entry.update(self.gradients(outputs, leaves, gradients))
        self.add(name, entry)

    def target(self, into, arguments):
        """The tensor, or the place of the argument that it is; after whether gradients are asked of it."""
        place = next((i for i, argument in enumerate(arguments) if argument is into), None)
        asked = ["gradient"] if into.requires_grad else []
        return asked + [self.store.reference(into) if place is None else place]

    def function(self, name):
        module = MODULES[self.namespace]
        attribute = getattr(torch.Tensor, name, None)
        if isinstance(attribute, (property, types.GetSetDescriptorType)):
            return lambda tensor: getattr(tensor, name)
        if name in OTHERWISE:
            return OTHERWISE[name]
        function = getattr(module, name, None)  # torch.float is a type, no function
        return function if callable(function) else getattr(torch.Tensor, name)

    def add(self, name, entry):
        line = json.dumps(entry, separators=(",", ":"))
        if line not in self.lines.setdefault(name, set()):
            self.lines[name].add(line)
            self.names.setdefault(name, []).append(line)

    def gradients(self, outputs, leaves, order):
        roots = [out for out in outputs if torch.is_tensor(out) and out.requires_grad]
        cotangents = [flow(out.shape, 3 + i).requires_grad_() for i, out in enumerate(roots)]
        found = torch.autograd.grad(
            roots, leaves, cotangents, create_graph=order > 1, allow_unused=True
        )
        entry = {
            "cotangents": [
                self.store.reference(cotangents[next(i for i, r in enumerate(roots) if r is out)])
                if any(r is out for r in roots)
                else None
                for out in outputs
            ],
            "gradients": [self.optional(g) for g in found],
        }
        flows = [
            flow(g.shape, 17 + i) if g is not None and g.requires_grad else None
            for i, g in enumerate(found)
        ]
        if order > 1 and any(f is not None for f in flows):
            again = [(g, f) for g, f in zip(found, flows) if f is not None]
            second = torch.autograd.grad(
                [g for g, _ in again], leaves + cotangents, [f for _, f in again], allow_unused=True
            )
            # One a first gradient, then one an input and one a cotangent.
            entry["flows"] = [self.optional(f) for f in flows]
            entry["second"] = [self.optional(g) for g in second]
        return entry

    def optional(self, gradient):
        if gradient is None:
            return None
        # PyTorch's own tensors of zeros have no memory behind them.
        dense = torch.zeros(gradient.shape) if gradient._is_zerotensor() else gradient
        return self.store.reference(dense.double().contiguous())

    def result(self, value, memory):
        if not torch.is_tensor(value):
            return self.value(value)
        shared = value.untyped_storage().data_ptr() in memory and value.numel() > 0
        if shared:
            return "&" + self.store.reference(value)
        return self.store.reference(value.detach().contiguous())

    def value(self, value):
        if torch.is_tensor(value):
            return self.store.reference(value)
        if isinstance(value, torch.dtype):
            return dtype_name(value)
        if isinstance(value, torch.device):
            return str(value)
        if isinstance(value, float) and not math.isfinite(value):
            return f"={value}"
        if isinstance(value, (list, tuple)):
            return [self.value(v) for v in value]
        return value

    def write(self, folder):
        names = []
        for name, lines in self.names.items():
            names.append(f"    {json.dumps(name)}: [\n      " + ",\n      ".join(lines) + "\n    ]")
        head = f'  "torch": "{torch.__version__.split("+")[0]}",\n  "namespace": "{self.namespace}",'
        text = "{\n" + head + '\n  "names": {\n' + ",\n".join(names) + "\n  }\n}\n"
        (folder / f"{self.family}.json").write_text(text)
        (folder / f"{self.family}.safetensors").write_bytes(safetensors.torch.save(self.store.tensors()))
        return sum(map(len, self.names.values()))


def leaf(value, leaves):
    """A floating tensor as a leaf of the same layout."""
    if isinstance(value, (list, tuple)) and any(map(torch.is_tensor, value)):
        return [leaf(v, leaves) for v in value]
    if not torch.is_tensor(value) or not value.is_floating_point():
        return value
    leaves.append(value.detach().requires_grad_())
    return leaves[-1]


def flow(shape, start):
    """What flows back into a tensor."""
    return sample(tuple(shape), torch.float64, "unit", start).clone()


def is_gap(error, arguments):
    """Whether PyTorch lacks no more than a kernel for a half-precision or boolean type."""
    if "not implemented for" not in str(error):
        return False
    small = {torch.float16: "Half", torch.bfloat16: "BFloat16", torch.bool: "Bool"}
    return any(f"'{name}'" in str(error) for name in small.values())
