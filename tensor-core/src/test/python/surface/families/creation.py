"""Tensors made of sizes and numbers."""

import torch

from surface.samples import DTYPES, sample

SIZES = [[2, 3], [3], [0], [2, 0], [], [-1]]


def record(recorder):
    for sizes in SIZES:
        for name in ("zeros", "ones"):
            recorder.case(name, sizes)
            for dtype in DTYPES:
                recorder.case(name, sizes, dtype=dtype)
        for value in (2.5, 3):
            recorder.case("full", sizes, value)
            for dtype in DTYPES:
                recorder.case("full", sizes, value, dtype=dtype)
    for arguments in [(3,), (3, 5), (0,), (3, 0), (5, 2), (-1,)]:
        recorder.case("eye", *arguments)
    for dtype in DTYPES:
        recorder.case("eye", 3, 4, dtype=dtype)
    for arguments in [(5,), (0,), (2, 7), (2, 7, 2), (7, 2, -2), (7, 2), (2.5,), (0.5, 3.0), (0.5, 3.0, 0.75), (1, 2, 0), (-1,), (0, 1, 0.1), (1, 0, 0.5)]:
        recorder.case("arange", *arguments)
        for dtype in (torch.float64, torch.int32, torch.float16):
            recorder.case("arange", *arguments, dtype=dtype)
    for name in ("linspace", "logspace"):
        for arguments in [(0, 1, 5), (-1.5, 2.0, 8), (3, -3, 4), (1, 2, 1), (1, 2, 0), (1, 2, -1)]:
            recorder.case(name, *arguments)
            recorder.case(name, *arguments, dtype=torch.float64)
        recorder.case(name, 0, 2, 3, **({"base": 2.0} if name == "logspace" else {}))
    recorder.case("linspace", 0, 10, 5, dtype=torch.int64)
    for name in ("zeros_like", "ones_like"):
        for x in (sample((2, 3)), sample((3, 2)).t(), sample(()), sample((0,), torch.int64), sample((2,), torch.bool)):
            recorder.case(name, x)
            for dtype in (torch.float64, torch.int64, torch.bool):
                recorder.case(name, x, dtype=dtype)
    for value in (2.5, 3):
        for dtype in DTYPES:
            recorder.case("full_like", sample((2, 3), dtype), value)
        recorder.case("full_like", sample((2, 3)), value, dtype=torch.float64)
        recorder.case("fill_", sample((2, 3)), value)
        recorder.case("fill_", sample((3, 2)).t(), value)
        recorder.case("fill_", sample((2, 3), torch.int64), value)
    recorder.case("zero_", sample((2, 3)))
    recorder.case("zero_", sample((2, 6))[:, ::2])
    for a in DTYPES:
        for b in DTYPES:
            recorder.case("copy_", sample((2,), a), sample((2,), b))
            recorder.case("to", sample((3,), a), b)
    recorder.case("copy_", sample((2, 3)), sample((3,)))
    recorder.case("copy_", sample((2, 3)), sample((2,)))
    recorder.case("copy_", sample((3, 2)).t(), sample((2, 3), torch.float64))
    for name in ("float", "double", "long", "int", "short", "half", "bfloat16", "bool"):
        for dtype in DTYPES:
            recorder.case(name, sample((3,), dtype))
    for dtype in DTYPES:
        recorder.case("dtype", sample((2,), dtype))
    recorder.case("clone", sample((2, 3)))
    recorder.case("clone", sample((3, 2)).t())
    recorder.case("contiguous", sample((2, 3)))
    recorder.case("contiguous", sample((3, 2)).t())
    for x in (sample((2, 3)), sample((3, 2)).t(), sample(()), sample((0, 3))):
        for name in ("dim", "numel", "is_contiguous", "detach", "shape", "dtype", "device", "cpu", "is_leaf"):
            recorder.case(name, x)
        recorder.case("size", x)
        recorder.case("stride", x)
    recorder.case("item", sample(()))
    recorder.case("item", sample((1, 1)))
    recorder.case("item", sample((2,)))
    recorder.case("size", sample((2, 3)), 1)
    recorder.case("size", sample((2, 3)), -1)
    recorder.case("size", sample((2, 3)), 2)
    recorder.case("stride", sample((2, 3)), 0)
