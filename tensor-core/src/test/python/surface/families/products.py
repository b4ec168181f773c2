"""Products of vectors and matrices."""

import torch

from surface.samples import DTYPES, sample

# Names by shapes that fit; of the last dimension of each is one that PyTorch refuses.
FITTING = {
    "matmul": [
        ((3,), (3,)),
        ((0,), (0,)),
        ((4, 3), (3,)),
        ((3,), (3, 5)),
        ((3,), (2, 3, 5)),
        ((2, 4, 3), (3,)),
        ((1, 1), (1, 1)),
        ((13, 7), (7, 5)),
        ((0, 3), (3, 2)),
        ((2, 0), (0, 3)),
        ((2, 0), (0, 0)),
        ((2, 4, 3), (3, 5)),
        ((4, 3), (2, 3, 5)),
        ((2, 1, 4, 3), (6, 3, 5)),
        ((0, 4, 3), (3, 5)),
        ((67, 103), (103, 51)),
    ],
    "mm": [((13, 7), (7, 5)), ((1, 1), (1, 1)), ((0, 3), (3, 2)), ((2, 0), (0, 3))],
    "bmm": [((2, 4, 3), (2, 3, 5)), ((0, 4, 3), (0, 3, 5)), ((2, 4, 0), (2, 0, 5)), ((1, 1, 1), (1, 1, 1))],
    "mv": [((4, 3), (3,)), ((4, 0), (0,)), ((0, 3), (3,)), ((1, 1), (1,))],
    "dot": [((3,), (3,)), ((0,), (0,)), ((1,), (1,)), ((501,), (501,))],
    "outer": [((3,), (4,)), ((0,), (4,)), ((1,), (1,)), ((67,), (51,))],
    "kron": [((3,), (4,)), ((2, 3), (3, 2)), ((2, 3), (4,)), ((), (2, 3)), ((2, 1, 3), (2, 2)), ((0, 2), (3, 2))],
}
UNFIT = [((), (3,)), ((3,), (4,)), ((2, 3), (2, 3)), ((3, 3), (3, 3, 3)), ((2, 3, 4), (3, 4, 5)), ((2, 3, 4), (1, 4, 5)), ((2, 2, 3, 4), (3, 2, 4, 5)), ((2, 3), (3, 3)), ((2, 3), (1,))]


def record(recorder):
    for name, fitting in FITTING.items():
        for a, b in fitting + UNFIT:
            recorder.case(name, sample(a, domain="small"), sample(b, domain="small", start=9))
        for a, b in fitting:
            if max(a + b + (0,)) < 50:
                doubles(recorder, name, a, b)
        kinds(recorder, name, *fitting[0])
        layouts(recorder, name, *fitting[0])
    added(recorder, "addmm", (4, 3), (3, 5), [(4, 5), (5,), (4, 1), (1, 1), ()], [(4,), (3, 5), (1, 4, 5)])
    added(recorder, "baddbmm", (2, 4, 3), (2, 3, 5), [(2, 4, 5), (5,), (4, 1), (2, 1, 1), ()], [(4,), (3, 4, 5), (1, 2, 4, 5)])
    tensordot(recorder)
    einsum(recorder)
    methods(recorder)
    for shape in [(3, 3), (2, 4), (4, 2), (0, 0), (0, 3), (1, 1), (3,), (), (2, 3, 3)]:
        recorder.case("trace", sample(shape, domain="small"))
        # PyTorch's gradient of (4, 2) has a value below the diagonal
        recorder.case("trace", sample(shape, torch.float64, "small"), gradients=2 * (shape != (4, 2)))
    recorder.case("trace", sample((3, 4), torch.int32, "small"))
    recorder.case("trace", sample((4, 6), domain="small")[:, ::2].t())


def methods(recorder):
    """What torch.linalg has as well."""
    for shape in [(3, 3), (2, 3, 3), (0, 0), (2, 3), (3,)]:
        x = sample(shape, torch.float64, "unit")
        if shape[-2:] == (3, 3):
            x = x + 3 * torch.eye(3)
        for name in ("det", "logdet", "slogdet", "qr"):
            recorder.case(name, x, gradients=2)
        recorder.case("matrix_power", x, 3, gradients=2)
        recorder.case("cross", x, x * x, 0)
        if len(shape) > 1 and shape[-1] == shape[-2]:
            # the refusals name linalg.inv and linalg.pinv, as PyTorch's do
            recorder.case("inverse", x, gradients=2)
            recorder.case("pinverse", x, gradients=2)
            recorder.case("pinverse", x, 0.5)
            recorder.case("cholesky", x @ x.mT, gradients=2)
            recorder.case("cholesky", x @ x.mT, True, gradients=2)
    recorder.case("logdet", torch.eye(3)[[1, 0, 2]])
    recorder.case("logdet", torch.zeros(3, 3))


def doubles(recorder, name, a, b):
    recorder.case(
        name, sample(a, torch.float64, "unit"), sample(b, torch.float64, "unit", 9), gradients=2
    )


def kinds(recorder, name, a, b):
    for left in DTYPES:
        for right in DTYPES:
            if left == right or name in ("outer", "kron"):
                recorder.case(name, sample(a, left, "small"), sample(b, right, "small", 9))
    recorder.case(name, sample(a), sample(b, torch.float64))
    recorder.case(name, sample(a, torch.int64), sample(b, torch.float32))


def layouts(recorder, name, a, b):
    """Transposed, sliced and repeated operands."""
    def ways(shape, start):
        wide = sample(shape[:-1] + (2 * shape[-1],), domain="small", start=start)
        yield wide[..., ::2]
        yield sample(tuple(reversed(shape)), domain="small", start=start).permute(
            *reversed(range(len(shape)))
        )
        yield sample((1,) + shape[1:], domain="small", start=start).expand(shape)

    for left in ways(a, 0):
        for right in ways(b, 9):
            recorder.case(name, left, right)


def added(recorder, name, a, b, fitting, unfit):
    left, right = sample(a, domain="small"), sample(b, domain="small", start=9)
    for shape in fitting + unfit:
        recorder.case(name, sample(shape, domain="small", start=5), left, right)
    for shape in fitting:
        inputs = [sample(s, torch.float64, "unit", 5 * i) for i, s in enumerate((shape, a, b))]
        recorder.case(name, *inputs, gradients=2)
        recorder.case(name, *inputs, beta=0.5, alpha=-2.0, gradients=2)
        recorder.case(name, *inputs, beta=0.0, alpha=1.0)
    nothing = torch.full(fitting[0], float("nan"))
    recorder.case(name, nothing, left, right, beta=0.0, alpha=1.0)
    recorder.case(name, sample(fitting[0], torch.float64), left, right)
    recorder.case(name, sample(fitting[0]), left, right.double())
    recorder.case(name, sample(fitting[0]), left[..., :2], right)
    whole = [sample(s, torch.int64, "small", 5 * i) for i, s in enumerate((fitting[0], a, b))]
    recorder.case(name, *whole)
    recorder.case(name, *whole, beta=2.5, alpha=1.5)


def tensordot(recorder):
    def call(a, b, dims, dtype=torch.float32, **keywords):
        inputs = sample(a, dtype, "unit"), sample(b, dtype, "unit", 9)
        if isinstance(dims, int):
            recorder.case("tensordot", *inputs, dims, **keywords)
        else:
            recorder.case("tensordot", *inputs, [list(dims[0]), list(dims[1])], **keywords)

    for a, b, dims in [
        ((3, 4, 5), (4, 3, 2), ([1, 0], [0, 1])),
        ((3, 4, 5), (5, 4), ([-1, 1], [0, -1])),
        ((3, 4), (4, 5), 1),
        ((2, 3, 4), (3, 4, 5), 2),
        ((3, 4), (2,), 0),
        ((), (2,), 0),
        ((3,), (3,), 1),
        ((3, 1), (4, 2), ([1], [0])),
        ((3, 4), (1, 2), ([1], [0])),
        ((3, 0), (0, 2), 1),
        ((0, 3), (3, 2), 1),
        ((3, 4), (3, 4), 1),
        ((3, 4), (3, 4), -1),
        ((3, 4), (4, 4), ([0], [0, 1])),
        ((3, 3), (3, 3), ([0, 0], [0, 1])),
        ((3, 4), (4, 5), 3),
        ((3, 4), (4, 5), ([2], [0])),
    ]:
        call(a, b, dims)
        call(a, b, dims, torch.float64, gradients=2)
    recorder.case("tensordot", sample((3, 4)), sample((4, 5), torch.float64), 1)


def einsum(recorder):
    def call(equation, *shapes):
        for dtype in (torch.float32, torch.float64):
            operands = [sample(s, dtype, "unit", 7 * i) for i, s in enumerate(shapes)]
            recorder.case("einsum", equation, operands, gradients=2 * (dtype == torch.float64))

    call("ij,jk->ik", (3, 4), (4, 5))
    call("ij,jk", (3, 4), (4, 5))
    call("kj,ji", (3, 4), (4, 5))
    call(" i j , j k -> i k ", (3, 4), (4, 5))
    call("bij,bkj->kbi", (2, 3, 4), (2, 5, 4))
    call("bi,ij,bj->b", (2, 3), (3, 4), (2, 4))
    call("i,j->ji", (3,), (4,))
    call("ii->", (3, 3))
    call("ii->i", (3, 3))
    call("ii", (3, 3))
    call("ij->ji", (3, 4))
    call("ij->", (3, 4))
    call("iji->ji", (3, 2, 3))
    call("ijk,l->k", (3, 2, 3), (4,))
    call("Ab,bA->Ab", (3, 2), (2, 3))
    call("bA,cA", (3, 2), (4, 2))
    call(",->", (), ())
    call(",i->i", (), (3,))
    call("i->", (0,))
    call("ij,jk->ik", (3, 0), (0, 2))
    call("...ij,...jk->...ik", (5, 1, 2, 3), (4, 3, 2))
    call("...ij,...jk->ik", (5, 1, 2, 3), (4, 3, 2))
    call("...ij,jk", (5, 2, 3), (3, 2))
    call("i...j", (2, 5, 3))
    call("i...->...", (2, 5, 3))
    call("...", (2, 3))
    call("...->", (2, 3))
    call("...i->i...", (2, 3))
    call("...,...->...", (2, 1), (3,))
    call("b...,b...->b", (2, 3, 4), (2, 3, 4))
    call("ij,jk->ik", (2, 1), (4, 3))
    call("ij,ij->ij", (2, 1), (1, 3))
    call("ij,ij->", (2, 1), (1, 3))
    # refused
    call("ij,jk->ik", (3, 4), (5, 4))
    call("ij,jk->ik", (3, 4))
    call("ij->ik", (3, 4))
    call("ij->ii", (3, 4))
    call("ij", (3, 4, 5))
    call("ijk", (3, 4))
    call("i1", (3, 4))
    call("ii->i", (2, 3))
    call("ii->i", (1, 3))
    call("..j", (3, 4))
    call("...ij,...jk->...ik", (5, 2, 3), (4, 3, 2))
    for a, b in ((torch.float32, torch.float64), (torch.int64, torch.float32)):
        recorder.case("einsum", "ij,jk->ik", [sample((3, 4), a), sample((4, 3), b)])
        recorder.case("einsum", "i,j->ij", [sample((3,), a), sample((4,), b)])
    for dtype in (torch.int64, torch.int32, torch.uint8, torch.float16, torch.bfloat16):
        recorder.case(
            "einsum", "ij,jk->ik", [sample((3, 4), dtype, "small"), sample((4, 3), dtype, "small")]
        )
    recorder.case("einsum", "ij,jk->ik", [sample((4, 3)).t(), sample((4, 6))[:, ::2]])
