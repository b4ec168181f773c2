"""torch.linalg; further columns of full matrices are arbitrary, and are in LinalgTest."""

import math

import torch

from surface.samples import sample
from surface.variants import variants

NAMESPACE = "Linalg"
SQUARES = [(3, 3), (1, 1), (0, 0), (2, 3, 3), (2, 1, 2, 2), (0, 3, 3), (2, 0, 0), (17, 17)]
MATRICES = [(4, 3), (3, 4), (3, 3), (5, 1), (1, 5), (0, 3), (3, 0), (2, 4, 3), (2, 1, 3, 4), (0, 2, 3), (13, 9)]
WRONG = [(), (3,), (0,), (2, 3), (2, 3, 2)]


def regular(shape, dtype=torch.float32, start=0):
    """Far from singular; exact in float32."""
    size = shape[-1]
    eye = torch.eye(shape[-2], size, dtype=dtype)
    return sample(shape, dtype, "unit", start) + 3 * eye


def positive(shape, dtype=torch.float32):
    """Symmetric, positive-definite."""
    x = sample(shape, torch.float64, "unit") * 8
    x = x.round() / 8
    return (x @ x.mT + torch.eye(shape[-1], dtype=torch.float64)).to(dtype)


def symmetric(shape, dtype=torch.float32):
    x = sample(shape, dtype, "unit")
    eye = torch.diag(torch.arange(shape[-1]).to(dtype) * 2)
    return x + x.mT + eye


def singular():
    matrices = torch.eye(3).repeat(3, 1, 1)
    matrices[1, 2, 2] = 0
    return matrices


def record(recorder):
    for name in ("det", "inv", "slogdet", "solve", "cholesky", "eigvalsh", "qr", "svdvals", "pinv", "matrix_rank"):
        values(recorder, name)
        refused(recorder, name)
    for name in ("eigh", "svd", "lstsq"):
        refused(recorder, name)
    vectors(recorder)
    determinants(recorder)
    decompositions(recorder)
    solutions(recorder)
    norms(recorder)
    products(recorder)
    otherwise(recorder)
    large(recorder)


def otherwise(recorder):
    """The functions again, of matrices that lie otherwise."""
    tall, wide = sample((4, 3), domain="unit") + 2 * torch.eye(4, 3), sample((2, 3, 4), domain="unit")
    plain = dict(repeated=False, types=False, special=False)
    variants(recorder, "eigh", symmetric((4, 4)), absolute=True, **plain)
    variants(recorder, "svd", regular((3, 3)), True, absolute=True, **plain)
    variants(recorder, "lstsq", tall, sample((4, 2), domain="unit", start=9), **plain)
    variants(recorder, "solve_triangular", regular((3, 3)), sample((3, 2), domain="unit", start=9), upper=True, **plain)
    variants(recorder, "matrix_power", regular((3, 3)), -2, **plain)
    variants(recorder, "multi_dot", [tall, sample((3, 5), start=9), sample((5, 2), domain="unit")], **plain)
    for name, arguments in [("vector_norm", (wide,)), ("norm", (wide,)), ("matrix_norm", (wide,)), ("diagonal", (wide,))]:
        variants(recorder, name, *arguments, types=False)
    for name in ("cross", "vecdot"):
        variants(recorder, name, sample((4, 3), domain="unit"), sample((4, 3), start=9))


def inputs(name, shape, dtype=torch.float32):
    if name == "cholesky":
        return [positive(shape, dtype)]
    if name == "eigvalsh":
        return [symmetric(shape, dtype)]
    if name == "solve":
        return [regular(shape, dtype), sample(shape[:-1] + (2,), dtype, "unit", 9)]
    return [regular(shape, dtype)]


def values(recorder, name):
    square = name not in ("qr", "svdvals", "pinv", "matrix_rank")
    for shape in SQUARES if square else MATRICES + SQUARES[2:4]:
        for dtype in (torch.float32, torch.float64):
            recorder.case(name, *inputs(name, shape, dtype))
        smooth = shape[-1] < 10 and name != "matrix_rank"
        if smooth:
            recorder.case(name, *inputs(name, shape, torch.float64), gradients=2)
    for way in ways(name, square):
        recorder.case(name, *way)


def ways(name, square):
    """Transposed, sliced and repeated inputs."""
    shape = (4, 4) if square else (4, 6)
    rest = inputs(name, shape)[1:]
    x = inputs(name, shape)[0]
    yield [x.mT.contiguous().mT] + rest
    wide = torch.stack([x, torch.full_like(x, math.nan)], -1).flatten(-2)
    yield [wide[:, ::2]] + rest
    yield [torch.cat([torch.full_like(x, math.nan), x])[4:]] + rest
    yield [x.expand(3, *shape)] + rest
    yield [x.mT] + rest if square else [x.mT]


def large(recorder):
    """Beyond the blocks in which LAPACK works; 64-bit, so that only the last bits may differ."""
    plain = sample((73, 73), torch.float64, "unit")
    square = plain + 20 * torch.eye(73, dtype=torch.float64)
    definite = plain @ plain.mT + 20 * torch.eye(73, dtype=torch.float64)
    even = plain + plain.mT + torch.diag(torch.arange(73).double() * 3)
    tall = sample((89, 61), torch.float64, "unit") + 20 * torch.eye(89, 61, dtype=torch.float64)
    right = sample((73, 2), torch.float64, "unit", 9)
    rows = sample((1700, 3), torch.float64, "unit")
    for name, x in [("slogdet", square), ("det", square / 20), ("eigvalsh", even), ("svdvals", tall), ("matrix_norm", tall)]:
        recorder.case(name, x, gradients=1)
    for name, x in [("inv", square), ("cholesky", definite), ("pinv", tall), ("matrix_rank", tall), ("diagonal", square)]:
        recorder.case(name, x)
    for name in ("norm", "vector_norm"):
        recorder.case(name, tall, gradients=1)
    recorder.case("solve", square, right, gradients=1)
    recorder.case("solve_triangular", square.triu(), right, upper=True, gradients=1)
    recorder.case("lstsq", tall, sample((89, 2), torch.float64, "unit", 9))
    recorder.case("qr", tall, absolute=True)
    recorder.case("eigh", even, absolute=True)
    recorder.case("svd", tall, False, absolute=True)
    recorder.case("matrix_power", square / 20, 3)
    recorder.case("multi_dot", [square, tall[:73], tall[:61, :1].contiguous()])
    recorder.case("cross", rows, rows.flip(0), gradients=1)
    recorder.case("vecdot", rows, rows.flip(0), gradients=1)


def vectors(recorder):
    """Of singular values and eigenvalues that differ."""
    for shape in MATRICES[:9] + [(13, 9)]:
        x = distinct(shape)
        recorder.case("svd", x, False, absolute=True, gradients=2)
        if shape[0] < 13:
            recorder.case("svd", x.float(), False, absolute=True)
        if shape[-1] == shape[-2]:
            recorder.case("svd", x, absolute=True, gradients=2)
    for shape in [(3, 3), (1, 1), (0, 0), (2, 3, 3), (2, 1, 2, 2), (0, 3, 3), (2, 0, 0)]:
        x = symmetric(shape, torch.float64)
        recorder.case("eigh", x, absolute=True, gradients=2)
        recorder.case("eigh", x.float(), "U", absolute=True)
        recorder.case("eigh", x.tril() + 2 * x.triu(1), "U", absolute=True, gradients=1)
    recorder.case("eigh", sample((3, 3)), "x")
    recorder.case("svd", torch.full((2, 2), math.nan))


def distinct(shape):
    x = sample(shape, torch.float64, "unit")
    eye = torch.eye(shape[-2], shape[-1], dtype=torch.float64)
    return x + eye * 2 * torch.arange(1, shape[-1] + 1)


def refused(recorder, name):
    second = name in ("solve", "lstsq")
    for shape in WRONG:
        if second:
            recorder.case(name, sample(shape), sample((3, 2)))
        elif len(shape) < 2 or shape[-1] != shape[-2]:
            if name not in ("qr", "svdvals", "pinv", "matrix_rank", "svd") or len(shape) < 2:
                recorder.case(name, sample(shape))
    for dtype in (torch.int64, torch.bool, torch.float16, torch.bfloat16):
        x = torch.eye(3).to(dtype)
        recorder.case(name, *([x, x] if second else [x]))
    if second:
        recorder.case(name, regular((3, 3)), regular((3, 3), torch.float64))
        recorder.case(name, regular((3, 3)), sample((4, 2)))
        recorder.case(name, regular((3, 3)), sample((4,)))
        recorder.case(name, regular((2, 3, 3)), sample((3, 3, 2)))


def determinants(recorder):
    for name in ("det", "slogdet", "inv", "solve"):
        matrices = singular()
        recorder.case(name, *([matrices, matrices] if name == "solve" else [matrices]))
        recorder.case(name, *([torch.zeros(2, 2)] * (2 if name == "solve" else 1)))
    for name in ("det", "slogdet", "inv", "eigvalsh", "qr", "cholesky", "svdvals"):
        recorder.case(name, torch.full((2, 2), math.nan))
    odd = regular((4, 4), torch.float64)[[1, 0, 2, 3]]
    recorder.case("det", odd, gradients=2)
    recorder.case("slogdet", odd, gradients=2)


def decompositions(recorder):
    x = positive((4, 4), torch.float64)
    recorder.case("cholesky", x, upper=True, gradients=2)
    recorder.case("cholesky", x.tril())
    recorder.case("cholesky", x.triu(), upper=True)
    recorder.case("cholesky", -x)
    recorder.case("cholesky", singular())
    recorder.case("cholesky", torch.diag(torch.tensor([4.0, 1.0, -1.0, 2.0])))
    y = symmetric((4, 4), torch.float64)
    for uplo in "LUlu":
        recorder.case("eigvalsh", y.tril() + 2 * y.triu(1), uplo)
    recorder.case("eigvalsh", y, "U", gradients=2)
    recorder.case("eigvalsh", y, "x")
    for shape in [(4, 3), (3, 4), (3, 3), (2, 4, 3), (3, 0), (0, 3), (0, 0), (0, 2, 3)]:
        for mode in ("reduced", "complete", "r"):
            recorder.case("qr", regular(shape), mode)
            if mode == "reduced" or (mode == "complete" and shape[-2] <= shape[-1]):
                recorder.case("qr", regular(shape, torch.float64), mode, gradients=2)
    low = regular((4, 2), torch.float64) @ regular((2, 3), torch.float64)
    recorder.case("matrix_rank", low)
    recorder.case("matrix_rank", low, atol=1.0, rtol=0.0)
    recorder.case("matrix_rank", low, atol=0.0, rtol=0.9)
    recorder.case("matrix_rank", torch.zeros(2, 3, 3))
    recorder.case("pinv", low, gradients=2)
    recorder.case("pinv", low, atol=0.0, rtol=0.9)
    recorder.case("pinv", torch.zeros(2, 3))
    recorder.case("svdvals", low)


def solutions(recorder):
    a = regular((3, 3), torch.float64)
    batch = regular((2, 3, 3), torch.float64)
    for left, right in [
        (a, sample((3,), torch.float64, "unit")),
        (a, sample((3, 1), torch.float64, "unit")),
        (a, sample((3, 0), torch.float64, "unit")),
        (a, sample((5, 3, 2), torch.float64, "unit")),
        (batch, sample((2, 3), torch.float64, "unit")),
        (batch, sample((3,), torch.float64, "unit")),
        (batch, sample((3, 2), torch.float64, "unit")),
        (batch, sample((4, 1, 3, 2), torch.float64, "unit")),
    ]:
        recorder.case("solve", left, right, gradients=2)
        recorder.case("solve", left.float(), right.float())
    recorder.case("solve", a, sample((2, 3), torch.float64, "unit"), left=False, gradients=2)
    recorder.case("solve", batch, sample((4, 3), torch.float64, "unit"), left=False, gradients=2)
    recorder.case("solve", a, sample((3,), torch.float64), left=False)
    recorder.case("solve", a, sample((2, 4), torch.float64), left=False)
    for upper in (False, True):
        for left in (False, True):
            for unitriangular in (False, True):
                for matrix in (a, batch):
                    triangle = matrix.triu() if upper else matrix.tril()
                    b = sample((3, 2) if left else (2, 3), torch.float64, "unit")
                    recorder.case(
                        "solve_triangular", triangle, b, upper=upper, left=left,
                        unitriangular=unitriangular, gradients=2,
                    )
    recorder.case("solve_triangular", a, a, upper=True)
    recorder.case("solve_triangular", a, sample((4, 2), torch.float64), upper=True)
    recorder.case("solve_triangular", torch.ones(3), a.float(), upper=True)
    recorder.case("solve_triangular", torch.ones(2, 3), a.float(), upper=True)
    recorder.case("solve_triangular", torch.zeros(2, 2), torch.ones(2, 2), upper=True)
    for m, n in [((5, 3), (5, 2)), ((3, 5), (3, 2)), ((3, 3), (3, 1)), ((2, 5, 3), (2, 5, 2)), ((5, 3), (5,)),
                 ((2, 5, 3), (2, 5)), ((0, 3), (0, 2)), ((3, 0), (3, 2)), ((3, 2), (3, 0)), ((0, 4, 3), (0, 4, 2)), ((5, 3), (4, 2))]:
        x, y = regular(m, torch.float64), sample(n, torch.float64, "unit", 9)
        recorder.case("lstsq", x.float(), y.float())
        recorder.case("lstsq", x, y)
        if math.prod(m) * math.prod(n) and m != (5, 3) or n == (5, 2):
            recorder.case("lstsq", x, y, gradients=1)
            for driver in ("gels", "gelsd", "gelss"):
                recorder.case("lstsq", x, y, driver=driver, gradients=1)
    low = regular((5, 2), torch.float64) @ regular((2, 3), torch.float64)
    recorder.case("lstsq", low, sample((5, 2), torch.float64, "unit"))
    recorder.case("lstsq", torch.zeros(3, 2), torch.ones(3, 2))


def norms(recorder):
    orders = [0.0, 1.0, 2.0, 3.0, 0.5, -1.0, -2.0, math.inf, -math.inf]
    matrix_orders = ["fro", "nuc", math.inf, -math.inf, 1.0, -1.0, 2.0, -2.0]
    for shape in [(7,), (), (0,), (1,), (3, 4), (3, 0), (2, 3, 4), (67, 31)]:
        recorder.case("norm", sample(shape))
        recorder.case("vector_norm", sample(shape))
        for order in orders:
            # PyTorch adds 2,077 reciprocals up in float32
            recorder.case("vector_norm", sample(shape, torch.float64), order)
            recorder.case("norm", sample(shape, torch.float64), order)
    x = regular((3, 4), torch.float64)
    y = sample((2, 3, 4), torch.float64)
    for order in orders:
        recorder.case("norm", sample((7,), torch.float64), order, gradients=2)
        for dim in (0, -1, [0, 2], [1]):
            recorder.case("vector_norm", y, order, dim, gradients=2)
            recorder.case("vector_norm", y, order, dim, True, gradients=2)
        recorder.case("norm", y, order, 1, gradients=2)
        recorder.case("norm", y, order, [-1], True)
    for order in matrix_orders + [3.0, 0.0, "x"]:
        recorder.case("norm", x, order)
        recorder.case("norm", sample((2, 3, 4)), order)
        recorder.case("matrix_norm", sample((3,)), order)
        recorder.case("matrix_norm", regular((2, 3, 3)), order)
        recorder.case("matrix_norm", regular((2, 3, 3)).to(torch.int64), order)
        for dim in ([0, 1], [-1, 0], [1, 2], [2, 2]):
            recorder.case("matrix_norm", y, order, dim, False)
            recorder.case("matrix_norm", y, order, dim, True)
            recorder.case("norm", y, order, dim, True)
        recorder.case("matrix_norm", torch.zeros(3, 0), order)
        recorder.case("matrix_norm", torch.zeros(0, 0), order)
        recorder.case("matrix_norm", torch.zeros(0, 3, 3), order)
    for order in matrix_orders:
        recorder.case("matrix_norm", x, order, gradients=2)
        recorder.case("norm", x.float().t(), order)
        recorder.case("norm", regular((2, 3, 3), torch.float64), order, [-2, -1], False, gradients=2)
    recorder.case("matrix_norm", x, gradients=2)
    recorder.case("norm", x, 2.0, [0, 1, 1], False)
    recorder.case("norm", torch.ones(3, dtype=torch.int64))
    for name in ("norm", "vector_norm"):
        recorder.case(name, torch.zeros(3, dtype=torch.float64), gradients=1)
        recorder.case(name, torch.tensor([1.0, math.nan, 2.0]))
        recorder.case(name, sample((5,), torch.float16))
        recorder.case(name, sample((5,), torch.bfloat16))


def products(recorder):
    for n in (0, 1, 2, 3, 5, 8, -1, -3):
        recorder.case("matrix_power", regular((3, 3)), n)
        recorder.case("matrix_power", regular((2, 3, 3), torch.float64), n, gradients=2 * (n != 0))
        recorder.case("matrix_power", torch.zeros(0, 0), n)
    recorder.case("matrix_power", torch.ones(2, 3), 2)
    recorder.case("matrix_power", torch.ones(3), 2)
    for shapes in [[(2, 3), (3, 4)], [(3,), (3, 4), (4,)], [(3,), (3, 4)], [(2, 30), (30, 1), (1, 20), (20, 3)], [(3,), (3,)],
                   [(2, 3), (3, 0), (0, 4)], [(3,)], [(2, 3), (2, 3)], [(2, 3), (2, 3, 4)], [(2, 3), (3, 4, 5), (5, 4)]]:
        recorder.case("multi_dot", [sample(s, torch.float32, "unit", 5 * i) for i, s in enumerate(shapes)])
        recorder.case("multi_dot", [sample(s, torch.float64, "unit", 5 * i) for i, s in enumerate(shapes)], gradients=2)
    recorder.case("multi_dot", [sample((2, 3)), sample((3, 4), torch.float64)])
    for a, b in [((3,), (3,)), ((4, 3), (4, 3)), ((4, 3), (1, 3)), ((2, 1, 3), (1, 4, 3)), ((0, 3), (0, 3)), ((4, 2), (4, 2)),
                 ((4, 3), (3,)), ((3, 4), (3, 4)), ((2, 3), (4, 3))]:
        x, y = sample(a, torch.float64, "unit"), sample(b, torch.float64, "unit", 9)
        recorder.case("cross", x, y, gradients=2)
        recorder.case("cross", x.float(), y.float(), dim=0)
        recorder.case("vecdot", x, y, gradients=2)
        recorder.case("vecdot", x.float(), y.float(), dim=0)
    recorder.case("cross", torch.arange(3), torch.arange(3) + 1)
    recorder.case("vecdot", torch.arange(3), torch.arange(3) + 1)
    for shape in [(3, 3), (2, 3, 4), (0, 3), (3,)]:
        recorder.case("diagonal", sample(shape))
