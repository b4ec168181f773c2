"""Writes what autograd makes of random programs that write in place, through views and to what
views look into:

    python in_place.py ../resources/golden [how many] [seed]

Left out are writes to a leaf's memory through detach(), after which PyTorch loses the gradients of
the leaf's views; writes to a view that PyTorch still takes for a leaf, though its base has got a
history since; and programs with a detach() that only backward refuses: Kindling keeps copies
where PyTorch refuses, and the test compares its gradients with differences, which see through
detach().

A program starts with two leaves of shape (3, 4), a computed tensor and a buffer without a gradient,
and is a list of steps, each the name of an operation and the numbers of the tensors it takes (then
its attributes). in_place.json holds the programs with the gradients of both leaves, or the step
that PyTorch refuses, counting backward as the step after the last.
"""

import json
import math
import random
import sys
from pathlib import Path

import torch

START = [[math.sin(1 + 0.7 * i + k) for i in range(12)] for k in range(2)]


def start():
    x, w = (torch.tensor(values, dtype=torch.float64).view(3, 4) for values in START)
    x.requires_grad_()
    w.requires_grad_()
    return [x, w, x * 1.5, torch.zeros(3, 4, dtype=torch.float64)]


STEPS = {
    "mul": lambda a, b: a * b,
    "scale": lambda a, k: a * k,
    "tanh": lambda a: a.tanh(),
    "transpose": lambda a: a.transpose(0, -1),
    "select": lambda a, dim, index: a.select(dim, index),
    "narrow": lambda a, dim, first, length: a.narrow(dim, first, length),
    "unsqueeze": lambda a, dim: a.unsqueeze(dim),
    "flatten": lambda a: a.view(-1),
    "detach": lambda a: a.detach(),
    "scale_": lambda a, k: a.mul_(k),
    "shift_": lambda a, k: a.add_(k),
    "mul_": lambda a, b: a.mul_(b),
    "add_": lambda a, b: a.add_(b),
    "copy_": lambda a, b: a.copy_(b),
}
TWO = {"mul", "mul_", "add_", "copy_"}


def loss_of(tensors):
    loss = torch.zeros((), dtype=torch.float64)
    for k, tensor in enumerate(tensors):
        pattern = torch.cos(torch.arange(tensor.numel(), dtype=torch.float64) * 0.37 + k)
        loss = loss + (tensor * pattern.view(tensor.shape)).sum()
    return loss


def is_leafs(tensor, tensors):
    """Whether the tensor looks into the memory of one of the two leaves."""
    memory = tensor.untyped_storage().data_ptr()
    return memory in (leaf.untyped_storage().data_ptr() for leaf in tensors[:2])


def propose(choose, tensors):
    """A step that fits the shapes of the tensors there are."""
    while True:
        name = choose.choice(list(STEPS))
        a = choose.randrange(len(tensors))
        tensor = tensors[a]
        if name.endswith("_") and not tensor.requires_grad and is_leafs(tensor, tensors):
            continue
        if name in TWO:
            fitting = [i for i, other in enumerate(tensors) if other.shape == tensor.shape]
            return [name, a, choose.choice(fitting)]
        if name in ("scale", "scale_", "shift_"):
            return [name, a, choose.choice([-0.5, 0.75, 2.0])]
        if name in ("tanh", "detach"):
            return [name, a]
        if name == "flatten" and tensor.is_contiguous():
            return [name, a]
        if name == "transpose" and tensor.dim() > 1:
            return [name, a]
        if name == "unsqueeze" and tensor.dim() < 3:
            return [name, a, choose.randrange(tensor.dim() + 1)]
        if name in ("select", "narrow") and tensor.dim() > 0:
            dim = choose.randrange(tensor.dim())
            first = choose.randrange(tensor.size(dim))
            if name == "select":
                return [name, a, dim, first]
            return [name, a, dim, first, choose.randint(1, tensor.size(dim) - first)]


def apply(step, tensors):
    name, a, *rest = step
    if name in TWO:
        rest = [tensors[rest[0]]]
    result = STEPS[name](tensors[a], *rest)
    if not name.endswith("_"):
        tensors.append(result)


def program(choose):
    tensors = start()
    leaves = tensors[:2]
    steps = []
    for _ in range(choose.randint(3, 9)):
        steps.append(propose(choose, tensors))
        try:
            apply(steps[-1], tensors)
        except RuntimeError as error:
            stale = str(error).startswith("a leaf Variable") and steps[-1][1] > 1
            return None if stale else {"steps": steps, "refused": len(steps) - 1}
    try:
        loss = loss_of(tensors)
        gradients = torch.autograd.grad(loss, leaves, allow_unused=True)
    except RuntimeError:
        return {"steps": steps, "refused": len(steps)}
    values = [
        [0.0] * 12 if gradient is None else gradient.flatten().tolist() for gradient in gradients
    ]
    return {"steps": steps, "loss": loss.item(), "gradients": values}


def main(folder, count="150", seed="1"):
    choose = random.Random(int(seed))
    programs = []
    refused = 0
    while len(programs) < int(count):
        entry = program(choose)
        if entry is None:
            continue
        names = [step[0] for step in entry["steps"]]
        if not any(name.endswith("_") for name in names):
            continue
        if "refused" in entry and refused * 5 > len(programs):
            continue
        if entry.get("refused") == len(names) and "detach" in names:
            continue
        refused += "refused" in entry
        programs.append(entry)
    lines = ",\n".join("  " + json.dumps(entry) for entry in programs)
    Path(folder, "in_place.json").write_text("[\n" + lines + "\n]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
