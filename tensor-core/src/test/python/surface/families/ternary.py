"""Functions of three elements, of elements and bounds, and functions with attributes."""

import math

import torch

from surface.samples import DTYPES, FLOATING, LARGE, layouts, sample, special

INF, NAN = math.inf, math.nan
SHAPES = [((), (), ()), ((3, 4), (3, 4), (3, 4)), ((2, 3), (3,), (2, 1)), ((3,), (2, 3), ()), ((0, 3), (3,), (1,))]
UNFIT = [((2, 3), (2, 4), (2, 3)), ((3,), (3,), (4,))]


def record(recorder):
    three(recorder, "where")
    three(recorder, "lerp")
    for name in ("addcmul", "addcdiv"):
        three(recorder, name)
        for value in (2, -0.5):
            recorder.case(name, sample((3, 4)), sample((3, 4), start=9), sample((4,), start=20), value=value)
            x, y, z = (sample((3, 4), torch.float64, "positive", start) for start in (0, 9, 30))
            recorder.case(name, x, y, z, value=value, gradients=2)
        recorder.case(name + "_", sample((3, 4)), sample((4,), start=9), sample((3, 1), start=20))
        recorder.case(name + "_", sample((3, 4)), sample((4,)), sample((3, 1)), value=0.5)
        recorder.case(name + "_", sample((4,)), sample((3, 4)), sample((3, 1)))
    clamp(recorder)
    lerp(recorder)
    scaled(recorder)
    rounded(recorder)
    softmax(recorder)
    recorder.case("pow", 2, sample((7,)))
    recorder.case("pow", 2.5, sample((7,)))
    recorder.case("pow", 2, sample((7,), torch.int64, "exponent"))
    recorder.case("pow", 2.5, sample((7,), torch.int64, "exponent"))
    recorder.case("pow", 2.5, sample((7,), torch.float64), gradients=2)
    recorder.case("pow", 0, corners_at_zero(), gradients=1)
    for arguments in [(0.5,), (0.5, 100.0), (0.5, 100.0, -200.0), (None, 1.0), (1, 2, 3)]:
        for dtype in FLOATING + [torch.int32]:
            recorder.case("nan_to_num", special(dtype), *arguments)
        recorder.case("nan_to_num", special(torch.float64), *arguments, gradients=1)
    for tolerance in [(0.5,), (0.1, 0.25), (1e-5, 1e-8, True)]:
        recorder.case("isclose", special(torch.float32), special(torch.float32) * 1.0001, *tolerance)
        recorder.case("isclose", sample((13,), torch.int64), sample((13,), torch.int64) + 1, *tolerance)
        recorder.case("allclose", sample((13,)), sample((13,)) * 1.01, *tolerance)
        recorder.case("allclose", special(torch.float32), special(torch.float32), *tolerance)
    for name in ("allclose", "equal"):
        recorder.case(name, sample((3, 4)), sample((3, 4)))
        recorder.case(name, sample((3, 4)), sample((3, 4), start=1))
        recorder.case(name, sample((3, 4)).t(), sample((3, 4)).t().contiguous())
        recorder.case(name, sample((3, 4)), sample((3, 5)))
        recorder.case(name, sample((0,)), sample((0,)))
        recorder.case(name, special(torch.float64), special(torch.float64))
        recorder.case(name, sample((3,)), sample((3,), torch.float64))
        recorder.case(name, sample((3,), torch.int8, "small"), sample((3,), torch.int8, "small"))


def corners_at_zero():
    return torch.tensor([0.0, 1.0, -1.0, 2.0], dtype=torch.float64)


def first(name, shape, dtype=torch.float32):
    return sample(shape, torch.bool) if name == "where" else sample(shape, dtype)


def three(recorder, name):
    for a, b, c in SHAPES + UNFIT:
        recorder.case(name, first(name, a), sample(b, start=9), sample(c, domain="positive", start=20))
        recorder.case(
            name,
            first(name, a, torch.float64),
            sample(b, torch.float64, start=9),
            sample(c, torch.float64, "positive", start=20),
            gradients=2,
        )
    recorder.case(name, first(name, LARGE), sample(LARGE, start=9), sample(LARGE, domain="positive", start=20))
    for y in list(layouts())[:5]:
        recorder.case(name, first(name, (5, 7)), y, sample((5, 7), domain="positive"))
        recorder.case(name, first(name, (7, 5)).t(), sample((5, 7)), y)
    for a in DTYPES:
        recorder.case(name, first(name, (5,), a), sample((5,), a, start=3), sample((5,), a, "positive"))
        for b in DTYPES:
            if name == "where":
                recorder.case(name, first(name, (2,)), sample((2,), a), sample((2,), b))
            else:
                recorder.case(name, sample((2,), a), sample((2,), a), sample((2,), b, "positive"))
        if name == "where":
            recorder.case(name, first(name, (2,)), sample((2,), a), sample((), torch.float64))
            recorder.case(name, first(name, (2,)), 1.5, sample((2,), a))
            recorder.case(name, first(name, (2,)), sample((2,), a), 2)
            recorder.case(name, sample((2,), a), sample((2,)), sample((2,)))


def clamp(recorder):
    for low, high in [(-0.5, 0.75), (-2, 5), (None, 0.25), (0, None), (0.5, -0.5), (None, None), (NAN, 1.0), (-INF, 2)]:
        for dtype in DTYPES:
            recorder.case("clamp", sample((7,), dtype), low, high)
        recorder.case("clamp", special(torch.float32), low, high)
        recorder.case("clamp", sample((3, 4), torch.float64), low, high, gradients=2)
        recorder.case("clamp_", sample((3, 4)), low, high)
        recorder.case("clamp_", sample((3, 4), torch.int32), low, high)
    recorder.case("clamp", corners_at_zero(), -1, 1, gradients=1)
    recorder.case("clamp", sample((5, 7)).t(), -1.0, 1.0)
    recorder.case("clamp", sample(LARGE), -1.0, 1.0)
    for low, high in [((4,), (3, 4)), ((), (4,)), ((3, 1), None), (None, (4,)), ((5,), None)]:
        bounds = [None if b is None else sample(b, start=i * 7) for i, b in enumerate((low, high))]
        recorder.case("clamp", sample((3, 4)), *bounds)
        wide = [None if b is None else b.double() for b in bounds]
        recorder.case("clamp", sample((3, 4), torch.float64), *wide, gradients=2)
        recorder.case("clamp", sample((3, 4), torch.int32), *bounds)
    for name, bound in [("clamp_min", -0.5), ("clamp_max", 0.5), ("clamp_min", 1), ("clamp_max", 1)]:
        recorder.case(name, sample((7,)), bound)
        recorder.case(name, sample((7,), torch.int64), bound)
        recorder.case(name, sample((7,), torch.float64), bound, gradients=2)


def lerp(recorder):
    for weight in (0, 0.25, 0.5, 0.75, 1.0, -2.0):
        recorder.case("lerp", sample((3, 4)), sample((4,), start=9), weight)
        recorder.case("lerp", sample((3, 4), torch.float64), sample((4,), torch.float64, start=9), weight, gradients=2)
    recorder.case("lerp", sample((3, 4)), sample((4,), torch.float64), 0.5)
    recorder.case("lerp_", sample((3, 4)), sample((4,), start=9), 0.25)
    recorder.case("lerp_", sample((4,)), sample((3, 4)), 0.25)


def scaled(recorder):
    for name in ("add", "sub"):
        for alpha in (2, 2.5, -1):
            for dtype in DTYPES:
                recorder.case(name, sample((3,), dtype), sample((3,), dtype, start=7), alpha=alpha)
            x, y = sample((3, 4), torch.float64), sample((4,), torch.float64, start=7)
            recorder.case(name, x, y, alpha=alpha, gradients=2)
            recorder.case(name + "_", sample((3, 4)), sample((4,), start=7), alpha=alpha)
    for name in ("div",):
        for mode in ("trunc", "floor"):
            for dtype in DTYPES:
                recorder.case(name, sample((7,), dtype), sample((7,), dtype, "positive", 5), rounding_mode=mode)
            recorder.case(name, special(torch.float32)[:, None], special(torch.float32), rounding_mode=mode)
            recorder.case(name, sample((7,), torch.int64), 3, rounding_mode=mode)
            x, y = sample((3, 4), torch.float64), sample((4,), torch.float64, "positive")
            recorder.case(name, x, y, rounding_mode=mode, gradients=1)
        recorder.case(name, sample((3, 4)), sample((4,)), rounding_mode="ceil")


def rounded(recorder):
    for decimals in (0, 1, 2, -1):
        for dtype in (torch.float32, torch.float64):
            recorder.case("round", sample((13,), dtype) * 1.37, decimals=decimals)
    recorder.case("round", torch.arange(-8.0, 8.0) / 2)


def softmax(recorder):
    for name in ("softmax", "log_softmax"):
        for shape, dim in [((), 0), ((), -1), ((7,), 0), ((3, 5), 1), ((3, 5), 0), ((2, 3, 4), -2), ((0, 3), 0), ((3, 0), 1), ((2, 3), 2)]:
            recorder.case(name, sample(shape), dim)
            recorder.case(name, sample(shape, torch.float64), dim, gradients=2)
        for x in layouts():
            recorder.case(name, x, 1)
        for dtype in DTYPES:
            recorder.case(name, sample((3, 5), dtype), 1)
        recorder.case(name, sample((3, 5), torch.int64), 1, dtype=torch.float64)
        recorder.case(name, sample(LARGE), 1)
        recorder.case(name, special(torch.float32).repeat(2)[:15].view(5, 3), 1)
        recorder.case(name, torch.tensor([[-INF, -INF], [0.0, INF], [1e30, -1e30]]), 1)
