"""Writes what autograd makes of random programs that write in place, through views and to what
views look into:

    python in_place.py ../resources/golden [how many] [seed]

Left out are writes to a leaf's memory through detach() or under no_grad, after which PyTorch loses
the gradients of the leaf's views; deprecated writes to expanded tensors, and those that only
backward refuses; writes to a view that PyTorch still takes for a leaf, though its base has got a
history since; and programs with unseen writes that only backward refuses: Kindling keeps copies
where PyTorch refuses, and the test compares its gradients with differences, which see those writes
too. "computed" are writes to outputs of unbind() or split(), which PyTorch cannot record and
Kindling can: they are compared with differences too.

Facts are each tensor's version, whether it requires a gradient and whether it is a leaf.

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


def quietly(write):
    def run(*arguments):
        with torch.no_grad():
            return write(*arguments)

    return run


STEPS = {
    "mul": lambda a, b: a * b,
    "scale": lambda a, k: a * k,
    "tanh": lambda a: a.tanh(),
    "clone": lambda a: a.clone(),
    "transpose": lambda a: a.transpose(0, -1),
    "select": lambda a, dim, index: a.select(dim, index),
    "narrow": lambda a, dim, first, length: a.narrow(dim, first, length),
    "every_second": lambda a, dim: a[(slice(None),) * dim + (slice(None, None, 2),)],
    "diagonal": lambda a: a.diagonal(),
    "unsqueeze": lambda a, dim: a.unsqueeze(dim),
    "squeeze": lambda a, dim: a.squeeze(dim),
    "expand": lambda a: a.expand([2, *a.shape]),
    "flatten": lambda a: a.view(-1),
    "reshape": lambda a: a.reshape(-1),
    "contiguous": lambda a: a.contiguous(),
    "unbind": lambda a, dim, index: a.unbind(dim)[index],
    "split": lambda a, dim, index: a.split(1, dim)[index],
    "detach": lambda a: a.detach(),
    "requires_grad_": lambda a: a.requires_grad_(),
    "scale_": lambda a, k: a.mul_(k),
    "shift_": lambda a, k: a.add_(k),
    "quiet_scale_": quietly(lambda a, k: a.mul_(k)),
    "quiet_copy_": quietly(lambda a, b: a.copy_(b)),
    "mul_": lambda a, b: a.mul_(b),
    "add_": lambda a, b: a.add_(b),
    "sub_": lambda a, b: a.sub_(b),
    "copy_": lambda a, b: a.copy_(b),
    "addcmul_": lambda a, b: a.addcmul_(a.detach(), b),
    "lerp_": lambda a, b: a.lerp_(b, 0.25),
    "tanh_": lambda a: a.tanh_(),
    "sigmoid_": lambda a: a.sigmoid_(),
    "sin_": lambda a: a.sin_(),
    "neg_": lambda a: a.neg_(),
    "clamp_": lambda a: a.clamp_(-0.5, 0.5),
    "fill_": lambda a, k: a.fill_(k),
    "zero_": lambda a: a.zero_(),
    "masked_fill_": lambda a, k: a.masked_fill_(a.detach() > 0, k),
    "index_fill_": lambda a, dim, index, k: a.index_fill_(dim, torch.tensor([index]), k),
    "set_row": lambda a, index, k: a.__setitem__(index, k),
    "set_mask": lambda a, k: a.__setitem__(a.detach() < 0, k),
}
TWO = {"mul", "mul_", "add_", "sub_", "copy_", "quiet_copy_", "addcmul_", "lerp_"}
WITH_NUMBER = {"scale", "scale_", "shift_", "quiet_scale_", "fill_", "masked_fill_", "set_mask"}
WITHOUT = {"tanh", "clone", "reshape", "contiguous", "detach", "tanh_", "sigmoid_", "sin_", "neg_", "clamp_", "zero_"}


def writes(name):
    return name.endswith("_") or name.startswith("set_")


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


def loses_gradients(name, tensor, tensors):
    """Whether it makes a leaf, or writes to one unseen, whose memory other tensors look into."""
    seen = tensor.requires_grad and "quiet" not in name
    if name != "requires_grad_" and (seen or not is_leafs(tensor, tensors)):
        return False
    memory = tensor.untyped_storage().data_ptr()
    return sum(other.untyped_storage().data_ptr() == memory for other in tensors) > 1


def propose(choose, tensors):
    """A step that fits the shapes of the tensors there are."""
    while True:
        name = choose.choice(list(STEPS))
        a = choose.randrange(len(tensors))
        tensor = tensors[a]
        if writes(name) and loses_gradients(name, tensor, tensors):
            continue
        if name in ("masked_fill_", "set_mask", "index_fill_") and 0 in tensor.stride():
            continue
        if name in ("fill_", "zero_") and 0 in tensor.stride() and tensor.requires_grad:
            continue
        if name == "requires_grad_" and (tensor.requires_grad or tensor._is_view()):
            continue
        if name in TWO:
            fitting = [i for i, other in enumerate(tensors) if other.shape == tensor.shape]
            if "copy_" in name and fitting == [a]:
                continue
            return [name, a, choose.choice([i for i in fitting if i != a or "copy_" not in name])]
        if name in WITH_NUMBER:
            return [name, a, choose.choice([-0.5, 0.75, 2.0])]
        if name in WITHOUT or name == "requires_grad_":
            return [name, a]
        if name == "flatten" and tensor.is_contiguous():
            return [name, a]
        if name == "transpose" and tensor.dim() > 1:
            return [name, a]
        if name == "diagonal" and tensor.dim() > 1:
            return [name, a]
        if name == "expand" and tensor.dim() < 3:
            return [name, a]
        if name == "unsqueeze" and tensor.dim() < 3:
            return [name, a, choose.randrange(tensor.dim() + 1)]
        if tensor.dim() == 0:
            continue
        dim = choose.randrange(tensor.dim())
        size = tensor.size(dim)
        if name in ("squeeze", "every_second"):
            return [name, a, dim]
        first = choose.randrange(size)
        if name in ("select", "unbind", "split"):
            return [name, a, dim, first]
        if name == "narrow":
            return [name, a, dim, first, choose.randint(1, size - first)]
        if name == "index_fill_":
            return [name, a, dim, first, choose.choice([-0.5, 2.0])]
        if name == "set_row":
            return [name, a, choose.randrange(tensor.size(0)), choose.choice([-0.5, 2.0])]


def apply(step, tensors):
    name, a, *rest = step
    if name in TWO:
        rest = [tensors[rest[0]]]
    result = STEPS[name](tensors[a], *rest)
    if not writes(name):
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
            entry = {"steps": steps, "refused": len(steps) - 1}
            several = "function that returns multiple views" in str(error)
            if several and not is_leafs(tensors[steps[-1][1]], tensors):
                entry["computed"] = True
            return None if stale else entry
    try:
        loss = loss_of(tensors)
        gradients = torch.autograd.grad(loss, leaves, allow_unused=True)
    except RuntimeError:
        return {"steps": steps, "refused": len(steps)}
    facts = [
        [tensor._version, int(tensor.requires_grad), int(tensor.is_leaf)] for tensor in tensors
    ]
    values = [
        [0.0] * 12 if gradient is None else gradient.flatten().tolist() for gradient in gradients
    ]
    return {"steps": steps, "loss": loss.item(), "gradients": values, "facts": facts}


def main(folder, count="600", seed="1"):
    choose = random.Random(int(seed))
    programs = []
    refused = 0
    while len(programs) < int(count):
        entry = program(choose)
        if entry is None:
            continue
        names = [step[0] for step in entry["steps"]]
        if not any(writes(name) for name in names):
            continue
        if "refused" in entry and refused * 5 > len(programs):
            continue
        if entry.get("refused") == len(names) or "computed" in entry:
            if any(name == "detach" or "quiet" in name for name in names):
                continue
        refused += "refused" in entry
        programs.append(entry)
    lines = ",\n".join("  " + json.dumps(entry) for entry in programs)
    Path(folder, "in_place.json").write_text("[\n" + lines + "\n]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
