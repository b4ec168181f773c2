"""Elements in order, chosen by their order, and counted."""

import torch

from surface.samples import DTYPES, layouts, reversed_in_memory, sample, special

STABLE = {"stable": True}
SHAPES = [(), (0,), (1,), (7,), (13, 5), (2, 3, 4), (3, 0, 2)]


def record(recorder):
    for name in ("sort", "argsort"):
        order(recorder, name)
    topk(recorder)
    for name in ("median", "mode", "kthvalue"):
        middle(recorder, name)
    unique(recorder)
    counting(recorder)
    search(recorder)
    quantile(recorder)


def order(recorder, name):
    gradients = 2 if name == "sort" else 0
    for shape in SHAPES:
        recorder.case(name, sample(shape))
        for dim in (0, -1, 1):
            for descending in (False, True):
                recorder.case(name, sample(shape), dim=dim, descending=descending)
    recorder.case(name, sample((2, 3001)), dim=1, descending=False, unseen=STABLE)
    for x in layouts():
        recorder.case(name, x, dim=-1, descending=True, unseen=STABLE)
        recorder.case(name, x, dim=0, descending=False, unseen=STABLE)
    for dtype in DTYPES:
        for descending in (False, True):
            recorder.case(name, sample((5, 7), dtype), dim=1, descending=descending, unseen=STABLE)
            recorder.case(name, special(dtype), dim=0, descending=descending, unseen=STABLE)
            recorder.case(name, special(dtype).repeat(3), dim=0, descending=descending, unseen=STABLE)
    if gradients:
        for shape, dim in [((), 0), ((3, 4), 1), ((4, 3), 0), ((0,), 0)]:
            recorder.case(name, sample(shape, torch.float64), dim, False, gradients=gradients)
            recorder.case(name, sample(shape, torch.float64), dim, True, gradients=gradients)


def topk(recorder):
    for shape, k, dim in [
        ((7,), 3, 0), ((7,), 0, 0), ((7,), 7, -1), ((7,), 8, 0), ((7,), -1, 0), ((), 1, 0),
        ((3, 5), 2, 1), ((3, 5), 2, 0), ((2, 3, 4), 2, -2), ((2, 3), 1, 2), ((0, 4), 2, 1), ((3, 0), 0, 1),
    ]:  # fmt: skip
        recorder.case("topk", sample(shape), k)
        for largest in (True, False):
            recorder.case("topk", sample(shape), k, dim, largest)
    for x in list(layouts())[:3]:
        recorder.case("topk", x, 2, 0, True)
    recorder.case("topk", reversed_in_memory((5, 7)), 3, 1, True)
    recorder.case("topk", sample((3, 200)), 70, 1, True)
    for dtype in DTYPES[:-1]:
        recorder.case("topk", sample((5, 7), dtype), 3, 1, False)
    recorder.case("topk", sample((3, 4), torch.float64), 2, 1, True, gradients=2)
    recorder.case("topk", sample((4, 3), torch.float64), 2, 0, False, gradients=2)


def middle(recorder, name):
    first = (3,) if name == "kthvalue" else ()
    if name == "median":
        for shape in SHAPES:
            recorder.case(name, sample(shape))
        for dtype in DTYPES:
            recorder.case(name, sample((13,), dtype))
        recorder.case(name, sample((12,), torch.float64), gradients=2)
        recorder.case(name, special(torch.float32))
        recorder.case(name, special(torch.float32)[3:])
        recorder.case(name, sample((7, 5)).t())
    x = sample((5, 4))
    for dim in (0, 1, -1, 2, -3):
        recorder.case(name, x, *first, dim)
        recorder.case(name, x, *first, dim, True)
    for shape in [(), (1,), (0,), (3, 0, 2), (3, 5, 7)]:
        recorder.case(name, sample(shape), *((1,) if first else ()), 0)
    for x in list(layouts())[:3] + list(layouts())[5:]:
        recorder.case(name, x, *first, 1)
    for dtype in DTYPES:
        recorder.case(name, sample((3, 7), dtype)[:, : 5 if dtype != torch.bool else 1], *((1,) if first else ()), 1)
    recorder.case(name, sample((3, 4), torch.float64), *first, 1, gradients=2)
    recorder.case(name, sample((4, 3), torch.float64), *first, 0, True, gradients=2)
    if first:
        for k in (0, 1, 7, 8, -1):
            recorder.case(name, sample((7,)), k)
    if name == "mode":
        recorder.case(name, sample((3, 7), torch.int64, "ties"), 1)
        recorder.case(name, sample((3, 7), torch.float32, "ties"))


def unique(recorder):
    name = "unique"
    for dtype in DTYPES:
        for shape in [(), (0,), (13,), (3, 4)]:
            recorder.case(name, sample(shape, dtype, "ties"))
        recorder.case(name, sample((3, 4), dtype, "ties"), True, True, True)
        recorder.case(name, sample((3, 4), dtype, "ties"), True, False, True)
    recorder.case(name, sample((4, 3), torch.int64, "ties").t(), True, True, False)
    rows = sample((6, 2), torch.int64, "ties") % 2
    recorder.case(name, rows, True, True, True, 0)
    recorder.case(name, rows.t(), True, False, False, 1)
    recorder.case(name, sample((2, 3)), True, False, False, 2)


def counting(recorder):
    for dtype in DTYPES:
        recorder.case("bincount", (sample((13,), dtype, "small").abs() if dtype != torch.bool else sample((13,), dtype)))
    whole = sample((13,), torch.int64, "exponent")
    recorder.case("bincount", whole, sample((13,)))
    recorder.case("bincount", whole, sample((13,), torch.float64), 9)
    recorder.case("bincount", whole, sample((13,), torch.int32))
    recorder.case("bincount", whole, None, 9)
    recorder.case("bincount", whole[:0])
    recorder.case("bincount", whole[:0], None, 3)
    recorder.case("bincount", whole - 1)
    recorder.case("bincount", whole.view(13, 1))
    recorder.case("bincount", whole, sample((12,)))
    recorder.case("bincount", whole, None, -1)
    for arguments in [(), (10,), (4, -1, 1), (4, -1.0, 1.0), (5, 0, 0), (3, 2, 1), (0,), (7, -10, 10)]:
        recorder.case("histc", sample((50,)), *arguments)
    recorder.case("histc", sample((5, 7), torch.float64).t(), 4, -2, 2)
    recorder.case("histc", sample((0,)), 4, 0, 1)
    recorder.case("histc", torch.ones(5), 4)


def search(recorder):
    edges = sample((9,)).sort().values
    rows = sample((3, 9)).sort(1).values
    for right in (False, True):
        recorder.case("searchsorted", edges, sample((2, 5), start=40), right=right)
        recorder.case("searchsorted", edges, edges, right=right)
        recorder.case("searchsorted", rows, sample((3, 4), start=40), right=right)
    recorder.case("searchsorted", edges, sample((2, 5), start=40))
    recorder.case("searchsorted", edges, 0.5)
    recorder.case("searchsorted", edges, special(torch.float32))
    recorder.case("searchsorted", edges[:0], sample((3,)))
    recorder.case("searchsorted", sample((9,), torch.int64).sort().values, sample((4,), torch.int64))
    recorder.case("searchsorted", rows, sample((2, 4)))
    recorder.case("searchsorted", edges, sample((4,), torch.float64))
    recorder.case("searchsorted", sample((3, 9)).t().sort(1).values, sample((9, 2)))


def quantile(recorder):
    for q in (0.0, 0.25, 0.5, 0.77, 1.0, -0.5, 1.5):
        recorder.case("quantile", sample((7,)), q)
        recorder.case("quantile", sample((5, 4)), q, 0)
        recorder.case("quantile", sample((5, 4)), q, -1, True)
    ranks = torch.tensor([0.0, 0.3, 1.0])
    recorder.case("quantile", sample((5, 4)), ranks)
    recorder.case("quantile", sample((5, 4)), ranks, 1)
    recorder.case("quantile", sample((5, 4)), ranks, 0, True)
    for way in ("linear", "lower", "higher", "nearest", "midpoint"):
        recorder.case("quantile", sample((5, 4)), 0.4, 0, False, interpolation=way)
    recorder.case("quantile", sample((4, 5)).t(), 0.3, 1)
    recorder.case("quantile", special(torch.float32), 0.5)
    recorder.case("quantile", sample((3, 4), torch.float64), 0.3, 1, gradients=2)
    recorder.case("quantile", sample((3, 4), torch.float64), ranks.double(), 0, gradients=1)
    recorder.case("quantile", sample((4,), torch.int64), 0.5)
    recorder.case("quantile", sample((4,)), 0.5, 1)
    recorder.case("quantile", sample((0,)), 0.5)
