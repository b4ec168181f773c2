"""Functions of two elements, which broadcast and promote."""

import torch

from surface.samples import DTYPES, LARGE, layouts, sample, special

# Names by the domains of both sides.
NAMES = {
    ("any", "any"): """
        add sub mul maximum minimum atan2 eq ne lt le gt ge logical_and logical_or logical_xor isclose hypot""",
    ("any", "positive"): "div fmod remainder floor_divide",
    ("positive", "small"): "pow",
}
WHOLE = ["bitwise_and", "bitwise_or", "bitwise_xor"]
# Names that take a number on the right.
NUMBERS = set(
    """add sub mul div fmod remainder floor_divide pow eq ne lt le gt ge
    bitwise_and bitwise_or bitwise_xor""".split()
)
FLAT = set("eq ne lt le gt ge logical_and logical_or logical_xor isclose floor_divide".split())

PAIRS = [
    ((), ()),
    ((3,), ()),
    ((), (2, 3)),
    ((0,), (1,)),
    ((0, 3), (3,)),
    ((7,), (7,)),
    ((3, 1), (1, 5)),
    ((2, 3, 4), (4,)),
    ((2, 3, 4), (3, 1)),
    ((2, 1, 4), (5, 1)),
    ((13, 5), (13, 5)),
]
UNFIT = [((2, 3), (2, 4)), ((3,), (4,)), ((2, 0), (2, 3)), ((2, 3, 4), (3, 3, 1))]


def record(recorder):
    for (left, right), names in NAMES.items():
        for name in names.split():
            shapes(recorder, name, torch.float32, left, right)
            types(recorder, name, left, right)
            gradients(recorder, name, left, right)
            in_place(recorder, name + "_", left, right)
    for name in WHOLE:
        shapes(recorder, name, torch.int32, "any", "any")
        types(recorder, name, "any", "any")
        in_place(recorder, name + "_", "any", "any")


def shapes(recorder, name, dtype, left, right):
    for a, b in PAIRS + UNFIT:
        recorder.case(name, sample(a, dtype, left), sample(b, dtype, right, 9))
    recorder.case(name, sample(LARGE, dtype, left), sample(LARGE, dtype, right, 9))
    x = sample((5, 7), dtype, left)
    for y in list(layouts(dtype, right, 9))[:5]:
        recorder.case(name, x, y)
        recorder.case(name, y, sample((5, 7), dtype, right))
        recorder.case(name, y, y)
    a, b = (list(layouts(dtype, domain))[5] for domain in (left, right))
    recorder.case(name, a, b)
    recorder.case(name, a, sample((5, 1, 1), dtype, right))
    recorder.case(name, a, b.contiguous())


def types(recorder, name, left, right):
    for a in DTYPES:
        for b in DTYPES:
            recorder.case(name, sample((2,), a, left), sample((2,), b, right, 5))
        for b in (torch.float64, torch.float16, torch.int64, torch.uint8, torch.bool):
            recorder.case(name, sample((2,), a, left), sample((), b, right, 5))
            recorder.case(name, sample((), b, left), sample((2,), a, right, 5))
        if name in NUMBERS:
            for number in (2,) if name in WHOLE else (2, 2.0, 2.5):
                recorder.case(name, sample((2,), a, left), number)
                recorder.case(name, sample((), a, left), number)
        recorder.case(name, special(a), special(a))
        recorder.case(name, special(a)[:, None], special(a))
        if name in NUMBERS:
            recorder.case(name, special(a), 3)
            if name not in WHOLE:
                recorder.case(name, special(a), -1.5)
    if name in NUMBERS:
        for number in (0, -3) if name in WHOLE else (0, 0.0, -3, float("inf"), float("nan")):
            recorder.case(name, sample((7,), domain="any"), number)


def gradients(recorder, name, left, right):
    if name in FLAT:
        return
    for a, b in [((3, 4), (3, 4)), ((3, 4), (4,)), ((2, 1, 3), (3, 1)), ((), (3,)), ((0,), (1,))]:
        recorder.case(
            name, sample(a, torch.float64, left), sample(b, torch.float64, right, 9), gradients=2
        )
    if name in NUMBERS:
        recorder.case(name, sample((3, 4), torch.float64, left), 2, gradients=2)
        recorder.case(name, sample((3, 4), torch.float64, left), -1.5, gradients=2)
    ends = torch.tensor([0.0, 1.0, -1.0, 2.0], dtype=torch.float64)
    recorder.case(name, ends[:, None].clone(), ends, gradients=1)


def in_place(recorder, name, left, right):
    if not hasattr(torch.Tensor, name):
        return
    for a in DTYPES:
        for b in DTYPES:
            recorder.case(name, sample((2,), a, left), sample((2,), b, right, 5))
        if name[:-1] in NUMBERS:
            for number in (2,) if name[:-1] in WHOLE else (2, 2.5):
                recorder.case(name, sample((3,), a, left), number)
    dtype = torch.int32 if name.startswith("bitwise") else torch.float32
    recorder.case(name, sample((3, 4), dtype, left), sample((4,), dtype, right))
    recorder.case(name, sample((4, 3), dtype, left).t(), sample((3, 1), dtype, right))
    recorder.case(name, sample((3, 8), dtype, left)[:, ::2], sample((4, 3), dtype, right).t())
    recorder.case(name, sample((4,), dtype, left), sample((3, 4), dtype, right))
    recorder.case(name, sample((1, 4), dtype, left).expand(3, 4), sample((4,), dtype, right))
