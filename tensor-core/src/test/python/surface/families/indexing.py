"""Elements taken, and put, by place or by mask."""

import torch

from surface.samples import DTYPES, every_other, reversed_in_memory, sample, special

PLACES = torch.tensor([[0, 2], [1, 1], [2, 0]])
DOUBLE = torch.float64


def record(recorder):
    taking(recorder)
    masks(recorder)
    for name in ("scatter", "scatter_add"):
        scattering(recorder, name)
    scatter_reduce(recorder)
    for name in ("index_add", "index_copy"):
        indexed(recorder, name)
    putting(recorder)
    recorder.case("index_fill", sample((3, 4)), 0, torch.tensor([0, 2]), 1.5)
    recorder.case("index_fill", sample((3, 4), torch.int64), 1, torch.tensor([3]), 7)
    recorder.case("index_fill", sample((3, 4), DOUBLE), 1, torch.tensor([3, 0]), 1.5, gradients=2)
    recorder.case("index_fill_", sample((3, 4)), 1, torch.tensor([3]), 1.5)
    for start, end, step in [(0, 2, 1), (1, 4, 2), (-2, None, 1), (None, -1, 1), (None, None, 3)]:
        width = len(range(*slice(start, end, step).indices(4)))
        recorder.case("slice_scatter", sample((3, 4)), sample((3, width), start=9), 1, start, end, step)
    recorder.case("slice_scatter", sample((3, 4)), sample((3, 3)), 1, 0, 2, 1)
    recorder.case("select_scatter", sample((3, 4)), sample((4,)), 0, 1)
    recorder.case("diagonal_scatter", sample((3, 3)), sample((3,)))


def taking(recorder):
    for shape, dim, places in [
        ((4, 2, 3), 0, [3, 0, 0]), ((2, 3, 4), -1, [1, 3]), ((5,), 0, []), ((5,), 0, [5]), ((5,), 0, [-1]), ((), 0, [0]),
        ((3, 4), 2, [0]), ((0, 3), 1, [2, 0]), ((0, 3), 0, [0]),
    ]:  # fmt: skip
        index = torch.tensor(places, dtype=torch.int64)
        recorder.case("index_select", sample(shape), dim, index)
        recorder.case("index_select", sample(shape), dim, index.int())
        if shape:
            recorder.case("index_select", reversed_in_memory(shape), dim, index)
            recorder.case("index_select", every_other(shape), dim, index)
        recorder.case("index_select", sample(shape, DOUBLE), dim, index, gradients=2)
    recorder.case("index_select", sample((3, 4)), 0, torch.tensor(2))
    recorder.case("index_select", sample((3, 4)), 0, PLACES)
    recorder.case("index_select", sample((3, 4)), 0, sample((2,)))
    for name in ("gather", "take_along_dim"):
        for x in (sample((3, 4)), reversed_in_memory((3, 4)), every_other((3, 4))):
            index = (PLACES, 0) if name == "take_along_dim" else (0, PLACES)
            recorder.case(name, x, *index)
        order = (lambda i, d: (i, d)) if name == "take_along_dim" else (lambda i, d: (d, i))
        recorder.case(name, sample((3, 4), DOUBLE), *order(PLACES[:, :1], 1), gradients=2)
        recorder.case(name, sample((3, 4), DOUBLE), *order(PLACES, -2), gradients=2)
        recorder.case(name, sample((3, 4)), *order(PLACES + 3, 1))
        recorder.case(name, sample((3, 4)), *order(PLACES - 1, 0))
        recorder.case(name, sample((3, 4)), *order(PLACES, 2))
        recorder.case(name, sample((5,)), *order(PLACES, 0))
        recorder.case(name, sample((3, 4)), *order(PLACES[:0], 1))
        recorder.case(name, sample((3, 4)), *order(sample((3, 2)), 1))
        for dtype in DTYPES:
            recorder.case(name, sample((3, 2), dtype), *order(PLACES, 0))
    recorder.case("gather", sample(()), 0, torch.tensor(0))
    recorder.case("take_along_dim", sample((3, 4)), torch.tensor([[0], [2]]))
    for index in (PLACES, PLACES - 2, PLACES[0], torch.tensor(11), torch.tensor([12]), torch.tensor([-13]), PLACES[:0]):
        recorder.case("take", sample((3, 4)), index)
        recorder.case("take", sample((4, 3)).t(), index)
    recorder.case("take", sample((3, 4), DOUBLE), PLACES, gradients=2)
    recorder.case("take", sample((3, 4)), PLACES.int())


def masks(recorder):
    mask = sample((3, 4), torch.bool)
    for other in (mask, mask[0], mask[:, :1], torch.tensor(True), mask[:, :3]):
        recorder.case("masked_select", sample((3, 4)), other)
        for value in (1.5, 2):
            recorder.case("masked_fill", sample((3, 4)), other, value)
            recorder.case("masked_fill", sample((4, 3)).t(), other, value)
        recorder.case("masked_fill", sample((3, 4), DOUBLE), other, 1.5, gradients=2)
        recorder.case("masked_select", sample((3, 4), DOUBLE), other, gradients=2)
        recorder.case("masked_fill_", sample((3, 4)), other, 1.5)
    recorder.case("masked_select", sample((4,)), mask)
    recorder.case("masked_fill", sample((4,)), mask, 1.0)
    recorder.case("masked_fill_", sample((4,)), mask, 1.0)
    recorder.case("masked_fill", sample((3, 4), DOUBLE), mask, sample((), DOUBLE), gradients=2)
    recorder.case("masked_fill", sample((3, 4)), mask, sample((2,)))
    recorder.case("masked_fill", sample((3, 4)), PLACES, 1.5)
    recorder.case("masked_select", sample((3, 4)), sample((3, 4), torch.uint8))
    recorder.case("masked_scatter", sample((3, 4)), mask, sample((12,), start=9))
    recorder.case("masked_scatter", sample((3, 4)), mask, sample((2,)))
    recorder.case("masked_scatter", sample((3, 4), DOUBLE), mask, sample((3, 5), DOUBLE, start=9), gradients=2)
    for dtype in DTYPES:
        recorder.case("masked_fill", sample((3, 4), dtype), mask, 1)
        recorder.case("masked_fill", sample((3, 4), dtype), mask, 1.5)
        recorder.case("masked_select", sample((3, 4), dtype), mask)
        recorder.case("nonzero", sample((3, 4), dtype, "ties"))
    for shape in [(), (0,), (1,), (7,), (2, 3, 4), (3, 0)]:
        recorder.case("nonzero", sample(shape, torch.float32, "ties"))
    recorder.case("argwhere", sample((3, 4), torch.int64, "ties"))


def scattering(recorder, name):
    source = sample((3, 2), start=30)
    for x in (sample((3, 4)), sample((4, 3)).t(), every_other((3, 4))):
        recorder.case(name, x, 0, PLACES, source)
        recorder.case(name, x, 1, PLACES, source)
        recorder.case(name, x, -1, PLACES, sample((2, 3), start=30).t())
    recorder.case(name, sample((3, 4)), 1, PLACES, sample((4, 5)))
    recorder.case(name, sample((3, 4)), 1, PLACES + 3, source)
    recorder.case(name, sample((3, 4)), 1, PLACES, source[:2])
    recorder.case(name, sample((2, 4)), 1, PLACES, source)
    recorder.case(name, sample((3, 4)), 2, PLACES, source)
    recorder.case(name, sample((3, 4)), 0, PLACES, source.double())
    recorder.case(name, sample((3, 4)), 0, PLACES.flatten(), source)
    recorder.case(name + "_", sample((3, 4)), 1, PLACES, source)
    distinct = torch.tensor([[0, 2], [1, 3], [2, 0]])
    recorder.case(name, sample((3, 4), DOUBLE), 1, distinct, source.double(), gradients=2)
    for dtype in DTYPES:
        recorder.case(name, sample((3, 4), dtype), 1, distinct, sample((3, 2), dtype))
    if name == "scatter":
        for value in (1.5, 2):
            recorder.case(name, sample((3, 4)), 1, PLACES, value)
            recorder.case(name + "_", sample((3, 4)), 1, PLACES, value)
            recorder.case(name, sample((3, 4), torch.int64), 1, PLACES, value)
        recorder.case(name, sample((3, 4), DOUBLE), 1, PLACES, 1.5, gradients=2)


def scatter_reduce(recorder):
    source = sample((3, 2), start=30)
    for reduce in ("sum", "prod", "mean", "amax", "amin"):
        for include in (True, False):
            combine(recorder, source, reduce, include)
        for dtype in DTYPES:
            recorder.case("scatter_reduce", sample((3, 4), dtype), 1, PLACES, sample((3, 2), dtype, start=9), reduce)
        for index in (PLACES + 3, PLACES - 1, PLACES.flatten(), source):
            recorder.case("scatter_reduce", sample((3, 4)), 1, index, source, reduce)
        recorder.case("scatter_reduce", sample((3, 4)), 2, PLACES, source, reduce)
        recorder.case("scatter_reduce", sample((3, 4)), 1, PLACES, source[:2], reduce)
        recorder.case("scatter_reduce", sample((3, 4)), 1, PLACES, source.double(), reduce)
        recorder.case("scatter_reduce_", sample((4, 3)).t(), 1, PLACES, source, reduce)
        if reduce != "sum":
            index_reduce(recorder, reduce)
    for name, *rest in [("scatter_reduce", 1, PLACES, source), ("index_reduce", 0, PLACES[0], sample((2, 4)))]:
        recorder.case(name, sample((3, 4)), *rest, "largest")


def combine(recorder, source, reduce, include):
    for x in (sample((3, 4)), sample((4, 3)).t(), every_other((3, 4))):
        recorder.case("scatter_reduce", x, 1, PLACES, source, reduce, include_self=include)
        recorder.case("scatter_reduce", x, -2, PLACES, sample((2, 3), start=30).t(), reduce, include_self=include)
    recorder.case("scatter_reduce", sample((3, 4)), 1, PLACES, sample((4, 5)), reduce, include_self=include)
    recorder.case("scatter_reduce", sample((3, 4)), 1, PLACES[:0], source, reduce, include_self=include)
    recorder.case("scatter_reduce", sample(()), 0, torch.tensor(0), sample((), start=9), reduce, include_self=include)
    ends = special(torch.float32)
    recorder.case("scatter_reduce", ends, 0, torch.arange(8) // 2, ends.flip(0), reduce, include_self=include)
    x, y = sample((3, 4), DOUBLE), sample((3, 2), DOUBLE, start=30)
    recorder.case("scatter_reduce", x, 0, PLACES, y, reduce, include_self=include, gradients=2)
    # Ties, and products with a factor 0.
    for values in ([2.0, 2.0, 0.0], [3.0, 0.0, 1.0], [1.0, 1.0, 1.0]):
        same = torch.tensor([[0, 0, 1]])
        x = torch.tensor([[2.0, 0.0, 5.0]], dtype=DOUBLE)
        y = torch.tensor([values], dtype=DOUBLE)
        recorder.case("scatter_reduce", x, 1, same, y, reduce, include_self=include, gradients=2)
    y = torch.tensor([[0.0, 0.0, 1.0]], dtype=DOUBLE)
    recorder.case("scatter_reduce", x, 1, same, y, reduce, include_self=include, gradients=1)


def index_reduce(recorder, reduce):
    places = torch.tensor([2, 0, 2])
    for include in (True, False):
        for dim, shape in [(0, (3, 4)), (1, (3, 3)), (-1, (3, 3))]:
            source = sample(shape, start=30)
            for x in (sample((3, 4)), sample((4, 3)).t(), every_other((3, 4))):
                recorder.case("index_reduce", x, dim, places, source, reduce, include_self=include)
            x = sample((3, 4), DOUBLE)
            recorder.case("index_reduce", x, dim, places, source.double(), reduce, include_self=include, gradients=2)
    for dtype in DTYPES:
        recorder.case("index_reduce", sample((3, 4), dtype), 0, places[:2], sample((2, 4), dtype, start=9), reduce)
    recorder.case("index_reduce", sample((3, 4)), 0, places.int(), sample((3, 4)), reduce)
    recorder.case("index_reduce", sample((5,)), 0, places, sample((3,)), reduce)
    recorder.case("index_reduce", sample(()), 0, torch.tensor([0]), sample((1,), start=9), reduce)
    recorder.case("index_reduce", sample(()), 0, torch.tensor([0]), sample((), start=9), reduce)
    recorder.case("index_reduce", sample(()), 0, torch.tensor(0), sample((), start=9), reduce)
    recorder.case("index_reduce", sample((3, 4)), 0, places[:0], sample((0, 4)), reduce)
    recorder.case("index_reduce", sample((3, 4)), 0, places + 1, sample((3, 4)), reduce)
    recorder.case("index_reduce", sample((3, 4)), 0, places, sample((2, 4)), reduce)
    recorder.case("index_reduce", sample((3, 4)), 2, places, sample((3, 4)), reduce)
    recorder.case("index_reduce", sample((3, 4)), 0, PLACES, sample((3, 4)), reduce)
    recorder.case("index_reduce", sample((3, 4)), 0, places, sample((3, 4), DOUBLE), reduce)
    recorder.case("index_reduce", sample((3, 4)), 0, sample((3,)), sample((3, 4)), reduce)
    recorder.case("index_reduce_", sample((4, 3)).t(), 0, places, sample((3, 4)), reduce)


def indexed(recorder, name):
    places = torch.tensor([2, 0])
    for dim, shape in [(0, (2, 4)), (1, (3, 2)), (-1, (3, 2))]:
        source = sample(shape, start=30)
        for x in (sample((3, 4)), sample((4, 3)).t(), every_other((3, 4))):
            recorder.case(name, x, dim, places, source)
        recorder.case(name + "_", sample((3, 4)), dim, places, source)
        recorder.case(name, sample((3, 4), DOUBLE), dim, places, source.double(), gradients=2)
    recorder.case(name, sample((3, 4)), 0, torch.tensor([3, 0]), sample((2, 4)))
    recorder.case(name, sample((3, 4)), 0, places, sample((3, 4)))
    recorder.case(name, sample((3, 4)), 2, places, sample((2, 4)))
    recorder.case(name, sample((5,)), 0, places, sample((2,)))
    for dtype in DTYPES:
        recorder.case(name, sample((3, 4), dtype), 0, places, sample((2, 4), dtype))
    if name == "index_add":
        recorder.case(name, sample((3, 4)), 0, torch.tensor([1, 1]), sample((2, 4)))
        recorder.case(name, sample((3, 4)), 0, places, sample((2, 4)), alpha=2)
        recorder.case(name, sample((3, 4), DOUBLE), 0, places, sample((2, 4), DOUBLE), alpha=0.5, gradients=2)


def putting(recorder):
    x, y = sample((3, 4), DOUBLE), sample((2,), DOUBLE, start=9)
    for flags in ((), (True,)):
        for places in ([0, 11], [-1, -12], [5, 5] if flags else [5, 6]):
            recorder.case("put", x, torch.tensor(places), y, *flags, gradients=2)
            recorder.case("put_", sample((4, 3)).t(), torch.tensor(places), y.float(), *flags)
    for places in ([12, 0], [-13, 0], [0, 1, 2]):
        recorder.case("put", x, torch.tensor(places), y)
    recorder.case("put", x, torch.tensor([0, 1]), y.float())
    recorder.case("put", x, torch.tensor([0.0, 1.0]), y)
    rows, columns = torch.tensor([2, 0]), torch.tensor([-1, 1])
    for accumulate in (False, True):
        for indices, shape in [([rows], (2, 4)), ([rows], ()), ([rows, columns], (2,)), ([rows, columns], (1,))]:
            value = sample(shape, DOUBLE, start=9)
            recorder.case("index_put", x, indices, value, accumulate, gradients=2)
        recorder.case("index_put_", sample((3, 4)), [rows, columns], y.float(), accumulate)
    recorder.case("index_put", x, [torch.tensor([1, 1])], sample((2, 4), DOUBLE), True, gradients=2)
    recorder.case("index_put", x, [sample((3, 4), torch.bool)], sample((), DOUBLE), gradients=2)
    for indices, value in [([rows + 1], ()), ([rows], (5,)), ([rows, torch.tensor([0, 1, 2])], ()), ([rows] * 3, ())]:
        recorder.case("index_put", x, indices, sample(value, DOUBLE))
    recorder.case("index_put", x, [rows], sample(()))
    for dtype in DTYPES:
        recorder.case("put", sample((4,), dtype), rows, sample((2,), dtype, start=9), True)
        recorder.case("index_put", sample((4,), dtype), [rows], sample((2,), dtype, start=9), True)
    for dim, shape in [(0, (4,)), (-1, (3,))]:
        recorder.case("select_scatter", x, sample(shape, DOUBLE, start=9), dim, 1, gradients=2)
    recorder.case("select_scatter", x, sample((3,), DOUBLE), 0, 1)
    recorder.case("slice_scatter", x, sample((2, 4), DOUBLE, start=9), 0, 0, 3, 2, gradients=2)
    recorder.case("diagonal_scatter", x, sample((3,), DOUBLE, start=9), gradients=2)
    recorder.case("masked_scatter_", sample((3, 4)), sample((4,), torch.bool), sample((12,), start=9))
    recorder.case("masked_scatter_", sample((4,)), sample((3, 4), torch.bool), sample((12,)))
