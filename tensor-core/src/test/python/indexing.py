"""Writes what PyTorch makes of x[items], of x[items] = value and of index_put_ that adds:

    python indexing.py ../resources/golden [how many]

x counts from 0 in row-major order, and value from 100. An item is an integer, a boolean, null for a
new axis, "...", a range as "1:-1:2", or a tensor: {"int64": nested list}. indexing.json holds for
each call what comes out, and the gradients of x (and of value) that flow from a cotangent that
counts from 1; or that PyTorch refuses it.
"""

import json
import random
import sys
from pathlib import Path

import torch


def counting(shape, start):
    count = torch.Size(shape).numel()
    return torch.arange(start, start + count, dtype=torch.float64).view(shape)


def sizes(rng):
    return [rng.choice([1, 2, 3, 3, 4, 0]) if rng.random() < 0.9 else 0 for _ in range(rng.randint(0, 4))]


def mask(rng, shape):
    flags = torch.tensor([rng.random() < 0.5 for _ in range(torch.Size(shape).numel())])
    return flags.bool().view(shape)


def items(rng, shape):
    """Items for a tensor of this shape, most of them right."""
    found, dim, ellipsis = [], 0, False
    common = [rng.choice([1, 2, 3]) for _ in range(rng.randint(1, 2))]
    while dim < len(shape):
        size, kind = shape[dim], rng.random()
        if kind < 0.22:
            found.append(rng.randint(-size, size - 1) if size and rng.random() < 0.97 else size)
        elif kind < 0.45:
            found.append(a_range(rng, size))
        elif kind < 0.62:
            found.append(an_index(rng, size, common))
        elif kind < 0.70:
            rank = rng.randint(1, len(shape) - dim)
            found.append(mask(rng, shape[dim : dim + rank] if rng.random() < 0.95 else [5]))
            dim += rank - 1
        elif kind < 0.78:
            found.append(None)
            dim -= 1
        elif kind < 0.81:
            found.append(rng.random() < 0.7)
            dim -= 1
        elif kind < 0.84 and size:
            found.append(torch.tensor(rng.randint(-size, size - 1)))
        elif kind < 0.90 and not ellipsis:
            found.append(...)
            ellipsis = True
            dim += rng.randint(-1, len(shape) - dim - 1)
        elif kind < 0.96:
            found.append(slice(None))
        else:
            break
        dim += 1
    if rng.random() < 0.02:
        found.append(0)
    return found


def a_range(rng, size):
    ends = [None] + list(range(-size - 1, size + 2))
    return slice(rng.choice(ends), rng.choice(ends), rng.choice([None, None, 1, 2, 3]))


def an_index(rng, size, common):
    shape = common[rng.randint(0, len(common)) :] if rng.random() < 0.3 else list(common)
    shape = [1 if rng.random() < 0.15 else n for n in shape]
    low, high = (-size, size - 1) if size and rng.random() < 0.97 else (0, size)
    places = [rng.randint(low, high) for _ in range(torch.Size(shape).numel())]
    dtype = torch.int32 if rng.random() < 0.2 else torch.int64
    return torch.tensor(places, dtype=dtype).view(shape)


def written(item):
    if torch.is_tensor(item):
        return {str(item.dtype).removeprefix("torch."): item.tolist(), "shape": list(item.shape)}
    if isinstance(item, slice):
        text = ":".join("" if end is None else str(end) for end in (item.start, item.stop))
        return text if item.step is None else f"{text}:{item.step}"
    return "..." if item is ... else item


def tensor(values):
    return {"shape": list(values.shape), "values": [int(v) for v in values.flatten()]}


def get(rng):
    shape = sizes(rng)
    chosen = items(rng, shape)
    entry = {"call": "get", "shape": shape, "items": [written(i) for i in chosen]}
    x = counting(shape, 0).requires_grad_()
    try:
        out = x[tuple(chosen)]
    except (IndexError, RuntimeError, ValueError):
        return entry
    entry["out"] = tensor(out.detach())
    entry["view"] = out._is_view()
    out.backward(counting(out.shape, 1))
    entry["gradient"] = tensor(x.grad)
    return entry


def value_for(rng, shape):
    """A shape that broadcasts to another, mostly."""
    own = [1 if rng.random() < 0.2 else n for n in shape]
    own = own[rng.randint(0, len(own)) :] if rng.random() < 0.2 else own
    own = [1] + own if rng.random() < 0.1 else own
    return [n + 1 for n in own] if rng.random() < 0.04 else own


def put(rng, call):
    shape = sizes(rng)
    chosen = items(rng, shape)
    if call == "indexPut":
        tensors = [i for i in chosen if i is None or i == slice(None) or torch.is_tensor(i) and i.dim()]
        chosen = [None if isinstance(i, slice) else i for i in tensors]
        if all(i is None for i in chosen):
            return None
    entry = {"call": call, "shape": shape, "items": [written(i) for i in chosen]}
    leaf = counting(shape, 0).requires_grad_()
    value = None
    try:
        place = tuple(slice(None) if i is None else i for i in chosen) if call == "indexPut" else tuple(chosen)
        picked = leaf.detach()[place]
        value = counting(value_for(rng, list(picked.shape)), 100).requires_grad_()
        entry["value"] = list(value.shape)
        if call == "set" and repeats(leaf.detach(), chosen):
            return None  # which value stays is not defined
        x = leaf * 1
        if call == "set":
            x[place] = value
        else:
            torch.ops.aten.index_put_(x, list(chosen), value, True)
    except (IndexError, RuntimeError, ValueError):
        return entry if value is not None else None
    entry["out"] = tensor(x.detach())
    x.backward(counting(x.shape, 1))
    entry["gradient"] = tensor(leaf.grad)
    entry["gradientOfValue"] = tensor(torch.zeros_like(value) if value.grad is None else value.grad)
    return entry


def repeats(x, chosen):
    picked = x[tuple(chosen)].flatten()
    return picked.unique().numel() != picked.numel()


def main(folder, count=330):
    rng = random.Random(20240607)
    calls = []
    while len(calls) < count:
        kind = len(calls) % 3
        entry = get(rng) if kind == 0 else put(rng, "set" if kind == 1 else "indexPut")
        if entry is not None and entry not in calls:
            calls.append(entry)
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in calls)
    (folder / "indexing.json").write_text(f"[\n{lines}\n]\n")
    print(len(calls), "calls,", sum("out" not in c for c in calls), "refused")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
