"""Inputs, without chance: numbers that differ from each other, in many shapes and layouts."""

import math

import torch

from surface.store import PERIOD

FLOATING = [torch.float32, torch.float64, torch.float16, torch.bfloat16]
INTEGRAL = [torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8]
DTYPES = FLOATING + INTEGRAL + [torch.bool]

SHAPES = [(), (0,), (1,), (7,), (3, 0, 2), (13, 5), (2, 3, 4)]
LARGE = (67, 1031)

# What a domain's numbers are, from j = 0 ... 250 in mixed order: floating, and integers that fit
# int8 (or, without a sign, uint8). All are exact in float32.
FLOATS = {
    "any": lambda j: (2 * j - 250 + 1) / 64,
    "moderate": lambda j: (2 * j - 250 + 1) / 256 * 2,
    "positive": lambda j: (j + 1) / 64,
    "unit": lambda j: (2 * j - 250 + 1) / 256,
    "above_one": lambda j: 1 + (j + 1) / 64,
    "above_minus_one": lambda j: (j + 1) / 64 - 1,
    "probability": lambda j: (j + 0.5) / 251.0,
    "small": lambda j: (j % 7 - 3) + 0.25,
    "ties": lambda j: float(j % 5 - 2),
}
INTEGERS = {
    "any": lambda j: j - 125,
    "positive": lambda j: j % 127 + 1,
    "small": lambda j: j % 7 - 3,
    "exponent": lambda j: j % 4,
    "ties": lambda j: j % 5 - 2,
}
NOT_NEGATIVE = {"any": lambda j: j, "positive": lambda j: j + 1, "small": lambda j: j % 5}


def numbers(dtype, domain):
    """The 251 numbers of a domain in one type."""
    mixed = [j * 97 % PERIOD for j in range(PERIOD)]
    if dtype.is_floating_point:
        function = FLOATS.get(domain, FLOATS["any"])
    elif dtype == torch.uint8:
        function = NOT_NEGATIVE.get(domain, INTEGERS.get(domain, NOT_NEGATIVE["any"]))
        function = (lambda f: lambda j: abs(f(j)))(function)
    else:
        function = INTEGERS.get(domain, INTEGERS["any"])
    if dtype == torch.bool:
        return torch.tensor([j % 3 > 0 for j in mixed])
    values = torch.tensor([function(j) for j in mixed], dtype=torch.float64)
    return values.to(torch.float32).to(dtype)


def sample(shape, dtype=torch.float32, domain="any", start=0):
    """A contiguous tensor of a domain's numbers, from the given one on."""
    count = math.prod(shape)
    values = numbers(dtype, domain)
    rounds = (start + count) // PERIOD + 1
    return values.repeat(rounds)[start : start + count].reshape(shape)


def layouts(dtype=torch.float32, domain="any", start=0):
    """The ways in which a matrix or an image lies in memory other than row by row."""
    yield sample((7, 5), dtype, domain, start).t()
    yield sample((5, 14), dtype, domain, start)[:, ::2]
    yield sample((10, 7), dtype, domain, start)[1::2]
    yield sample((5, 1), dtype, domain, start).expand(5, 7)
    yield sample((7,), dtype, domain, start).expand(5, 7)
    yield sample((2, 4, 3, 5), dtype, domain, start).permute(0, 3, 1, 2)
    yield sample((4, 3, 2), dtype, domain, start).permute(2, 1, 0)


def reversed_in_memory(shape, dtype=torch.float32, domain="any", start=0):
    """A sample whose first dimension is the one whose elements lie side by side."""
    order = tuple(reversed(range(len(shape))))
    return sample(shape[::-1], dtype, domain, start).permute(order)


def every_other(shape, dtype=torch.float32, domain="any", start=0):
    """A sample with gaps between the elements of the last dimension."""
    return sample(shape[:-1] + (2 * shape[-1],), dtype, domain, start)[..., 1::2]


def special(dtype):
    """Zeros, NaN, infinities; of integers, the ends of their range."""
    if dtype.is_floating_point:
        return torch.tensor([0.0, -0.0, math.nan, math.inf, -math.inf, 1.5, -2.5, 0.5], dtype=dtype)
    if dtype == torch.bool:
        return torch.tensor([False, True])
    ends = torch.iinfo(dtype)
    return torch.tensor([0, 1, ends.min, ends.max, ends.min + 1, 2, 7, ends.max - 1], dtype=dtype)


def corners(dtype=torch.float64):
    """Finite numbers at which gradients jump."""
    return torch.tensor([0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.5], dtype=dtype)
