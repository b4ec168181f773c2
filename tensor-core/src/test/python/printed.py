"""Writes how PyTorch prints tensors: python printed.py ../resources/golden

printed.json says for each tensor its type, shape, how its values are made, and the text.
"""

import json
import math
import sys
from pathlib import Path

import torch

FLOATS = torch.float32
TENSORS = []


def tensor(values, shape, dtype=FLOATS, requires_grad=False):
    made = torch.tensor(values, dtype=torch.float64).view(shape).to(dtype)
    if requires_grad:
        made.requires_grad_()
    TENSORS.append(
        {
            "dtype": str(made.dtype).removeprefix("torch."),
            "shape": list(shape),
            "requiresGrad": requires_grad,
            "values": [str(value) for value in values],
            "text": str(made),
        }
    )


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


if __name__ == "__main__":
    for entry in TENSORS:
        if len(entry["values"]) > 40:  # a ramp: its first two values say the rest
            entry["values"] = entry["values"][:2]
    lines = ",\n".join("  " + json.dumps(entry) for entry in TENSORS)
    Path(sys.argv[1], "printed.json").write_text("[\n" + lines + "\n]\n")
