"""Many elements made one: of all dimensions, of one, of several."""

import torch

from surface.samples import DTYPES, FLOATING, LARGE, layouts, sample, special

# Functions of any number of dimensions; of one dimension or all; of one dimension.
MANY = "sum mean amax amin logsumexp count_nonzero all any"
ONE = "prod argmax argmin max min"
ALONG = "cumsum cumprod cummax cummin"
# Those with a correction before keepdim.
SPREAD = "var std var_mean"

DOMAINS = {"prod": "moderate", "cumprod": "moderate", "logsumexp": "moderate"}
WHOLE_FIRST = set("logsumexp".split())  # no form without dimensions
KEEPS = set("sum mean amax amin logsumexp all any prod argmax argmin max min".split())

SHAPES = [(), (0,), (1,), (7,), (13, 5), (2, 3, 4), (3, 0, 2)]
DIMS = [
    ((), 0), ((), -1), ((7,), 0), ((7,), -1), ((13, 5), 0), ((13, 5), 1), ((2, 3, 4), 1),
    ((2, 3, 4), -3), ((3, 0, 2), 0), ((3, 0, 2), 1), ((1, 5), 0), ((0,), 0),
]  # fmt: skip
UNFIT = [((2, 3), 2), ((2, 3), -3), ((), 1), ((), -2)]
SEVERAL = [[0, 1], [0, -1], [2, 1], [0, 1, 2], [-2]]


def record(recorder):
    for name in (MANY + " " + ONE).split():
        whole(recorder, name)
        along(recorder, name)
        if name in MANY.split():
            several(recorder, name)
    for name in ALONG.split():
        along(recorder, name)
    for name in SPREAD.split():
        whole(recorder, name)
        spread(recorder, name)
    norms(recorder)


def domain(name):
    return DOMAINS.get(name, "any")


def whole(recorder, name):
    if name in WHOLE_FIRST:
        return
    for shape in SHAPES + [LARGE] * (name != "prod"):
        recorder.case(name, sample(shape, domain=domain(name)))
    for x in layouts(domain=domain(name)):
        recorder.case(name, x)
    for dtype in DTYPES:
        recorder.case(name, sample((13,), dtype, domain(name)))
        recorder.case(name, special(dtype))
        recorder.case(name, special(dtype)[5:])
    for shape in [(), (0,), (2,), (3, 4)]:
        # What has no spread has no gradient that could be compared.
        order = 1 if name in SPREAD.split() and len(shape) < 2 else 2
        recorder.case(name, sample(shape, torch.float64, domain(name)), gradients=order)
    recorder.case(name, sample((3, 4), torch.float64, "ties"), gradients=1)
    recorder.case(name, sample((4, 3), torch.float64, domain(name)).t(), gradients=2)


def along(recorder, name):
    for shape, dim in DIMS + UNFIT:
        recorder.case(name, sample(shape, domain=domain(name)), dim)
        if name in KEEPS:
            recorder.case(name, sample(shape, domain=domain(name)), dim, keepdim=True)
    for x in layouts(domain=domain(name)):
        recorder.case(name, x, 0)
        recorder.case(name, x, -1)
    if "prod" not in name:
        if name in ALONG.split():
            recorder.case(name, sample((2, 3001)), 1)
        else:
            recorder.case(name, sample(LARGE), 1)
            recorder.case(name, sample(LARGE), 0)
    for dtype in DTYPES:
        recorder.case(name, sample((5, 7), dtype, domain(name)), 1)
        ends = special(dtype)
        recorder.case(name, torch.cat([ends, ends, ends, ends])[: len(ends) * 4 // 9 * 9].view(-1, 9)[:, :9], 1)
    for shape, dim in [((), 0), ((0, 3), 0), ((3, 4), 1), ((2, 3, 2), -2)]:
        x = sample(shape, torch.float64, domain(name))
        recorder.case(name, x, dim, gradients=2)
        if name in KEEPS:
            recorder.case(name, x, dim, keepdim=True, gradients=2)
    recorder.case(name, sample((3, 7), torch.float64, "ties"), 1, gradients=1)


def several(recorder, name):
    x = sample((2, 3, 4))
    for dims in SEVERAL + [[0, 0], [1, -2], [3], [0, -4]]:
        recorder.case(name, x, dims)
        if name in KEEPS:
            recorder.case(name, x, dims, keepdim=True)
        recorder.case(name, sample((4, 2, 3)).permute(1, 2, 0), dims)
    recorder.case(name, list(layouts())[5], [0, 2, 3])
    recorder.case(name, sample((2, 3, 2), torch.float64), [0, -1], gradients=2)
    if name in KEEPS:
        recorder.case(name, sample((2, 3, 2), torch.float64), [2, 0], keepdim=True, gradients=2)


def spread(recorder, name):
    for shape, dim in DIMS + UNFIT:
        recorder.case(name, sample(shape), dim)
    for dims in SEVERAL:
        recorder.case(name, sample((2, 3, 4)), dims)
        recorder.case(name, sample((2, 3, 4)), dims, correction=0, keepdim=True)
    for correction in (0, 1, 3, 7):
        recorder.case(name, sample((4, 3)), [0], correction=correction, keepdim=False)
        recorder.case(name, sample((4, 3)), None, correction=correction, keepdim=True)
    for dtype in FLOATING:
        recorder.case(name, sample((5, 7), dtype), 1)
        recorder.case(name, special(dtype).repeat(3).view(3, 8), 0)
    for dim in (0, -1):
        x = sample((3, 4), torch.float64)
        recorder.case(name, x, dim, gradients=2)
        recorder.case(name, x, [dim], correction=0, keepdim=True, gradients=2)


def norms(recorder):
    for p in (2, 1, 0, 3, 0.5, -1, float("inf"), float("-inf")):
        for shape in [(), (1,), (7,), (13, 5), LARGE]:
            recorder.case("norm", sample(shape), p)
        for dims in (0, [1], [0, 1]):
            recorder.case("norm", sample((5, 7)), p, dims)
            recorder.case("norm", sample((7, 5)).t(), p, dims, keepdim=True)
        recorder.case("norm", special(torch.float32), p)
        recorder.case("norm", sample((3, 4), torch.float64), p, gradients=2)
        recorder.case("norm", sample((3, 4), torch.float64), p, 1, gradients=2)
    recorder.case("norm", torch.zeros(3, dtype=torch.float64), 2, gradients=1)
    recorder.case("norm", sample((3, 4), torch.int64), 2)
    recorder.case("norm", sample((3, 4)), 2, 2)
    for dtype in FLOATING:
        recorder.case("norm", sample((13,), dtype))
