"""Calls of each function in other layouts and types, with NaN and infinities, of no, one and many elements."""

import math

import torch

from surface.samples import DTYPES, sample
from surface.variants import variants

X, Y, WIDE = sample((3, 4), domain="unit"), sample((3, 4), domain="positive", start=9), sample((4, 5), domain="unit", start=20)
MASK = sample((3, 4), torch.bool)
PLACES = torch.tensor([[0, 2], [1, 1], [2, 0]])
ROWS = torch.tensor([2, 0])
BATCH = sample((2, 3, 4), domain="unit")

# Every function with arguments whose shapes and kinds fit.
PLAIN = {
    "clone": (X,), "contiguous": (X,), "detach": (X,), "cpu": (X,), "zeros_like": (X,), "ones_like": (X,), "full_like": (X, 2),
    "float": (X,), "double": (X,), "long": (X,), "int": (X,), "short": (X,), "half": (X,), "bfloat16": (X,), "bool": (X,),
    "shape": (X,), "dtype": (X,), "device": (X,), "is_leaf": (X,), "dim": (X,), "numel": (X,), "size": (X,), "stride": (X,),
    "is_contiguous": (X,), "item": (X[:1, :1],),
    "reshape": (X, [6, 2]), "flatten": (X,), "squeeze": (X[None],), "unsqueeze": (X, 1), "transpose": (X, 0, 1), "t": (X,),
    "permute": (X, [1, 0]), "expand": (X, [2, 3, 4]), "broadcast_to": (X, [2, 3, 4]), "select": (X, 0, 1), "narrow": (X, 1, 1, 2),
    "diagonal": (X,), "movedim": (X, 0, 1), "split": (X, 2), "chunk": (X, 2), "tensor_split": (X, 2), "unbind": (X,),
    "unflatten": (X, 1, [2, 2]), "unfold": (X, 1, 2, 1), "tile": (X, [2]), "repeat": (X, [2, 1]), "repeat_interleave": (X, 2),
    "flip": (X, [0]), "fliplr": (X,), "flipud": (X,), "roll": (X, 1, 0), "rot90": (X,), "ravel": (X,), "swapaxes": (X, 0, 1),
    "diag_embed": (X,), "mT": (X,), "tril": (X,), "triu": (X,), "diag": (X,), "trace": (X,), "sum_to_size": (X, [4]),
    "expand_as": (X[:1], Y), "view_as": (X, Y), "reshape_as": (X, Y), "broadcast_tensors": ([X, Y[0]],),
    "cat": ([X, Y],), "stack": ([X, Y],), "hstack": ([X, Y],), "vstack": ([X, Y],), "dstack": ([X, Y],),
    "index_select": (X, 0, ROWS), "gather": (X, 0, PLACES), "take_along_dim": (X, PLACES, 1), "take": (X, PLACES),
    "masked_select": (X, MASK), "masked_fill": (X, MASK, 1), "masked_scatter": (X, MASK, Y), "nonzero": (X,), "argwhere": (X,),
    "scatter": (X, 0, PLACES, Y), "scatter_add": (X, 0, PLACES, Y), "scatter_reduce": (X, 0, PLACES, Y, "amax"),
    "index_reduce": (X, 0, ROWS, Y[:2], "amin"), "index_add": (X, 0, ROWS, Y[:2]), "index_copy": (X, 0, ROWS, Y[:2]),
    "put": (X, ROWS, Y[0, :2]), "index_put": (X, [ROWS], Y[:2]), "index_fill": (X, 0, ROWS, 1), "select_scatter": (X, Y[0], 0, 1),
    "slice_scatter": (X, Y[:2], 0, 1, None, 1), "diagonal_scatter": (X, Y[0, :3]),
    "matmul": (X, WIDE), "mm": (X, WIDE), "bmm": (BATCH, BATCH.mT.contiguous()), "mv": (X, WIDE[:, 0].clone()), "dot": (X[0], Y[0]),
    "outer": (X[0], Y[0]), "kron": (X, Y[:2]), "addmm": (Y[:, :1], X, WIDE), "tensordot": (X, WIDE, 1),
    "baddbmm": (BATCH[:, :, :3], BATCH, BATCH.mT.contiguous()), "einsum": ("ij,jk->ki", [X, WIDE]),
    "addcmul": (X, Y, Y[0]), "addcdiv": (X, Y, Y[0]), "lerp": (X, Y, 0.25), "where": (MASK, X, Y), "clamp": (X, -1, 1),
    "clamp_min": (X, 0), "clamp_max": (X, 0), "allclose": (X, Y), "equal": (X, X), "isclose": (X, Y),
    "softmax": (X, 1), "log_softmax": (X, 0), "norm": (X,), "topk": (X, 2), "mode": (X, 1), "kthvalue": (X, 2, 1), "median": (X, 1),
    "unique": (X,), "histc": (X, 5, -1, 1), "searchsorted": (sample((9,)).sort().values, X), "quantile": (X, 0.3, 1),
    "cumsum": (X, 0), "cumprod": (X, 1), "logsumexp": (X, [1]), "polygamma": (Y, 1),
}  # fmt: skip

PLAIN |= {
    name + "_": PLAIN[name]
    for name in """masked_fill scatter scatter_add scatter_reduce index_reduce index_add index_copy put index_put masked_scatter
        index_fill tril triu addcmul addcdiv clamp lerp""".split()
} | {"fill_": (X, 2.5), "zero_": (X,), "copy_": (X, Y[0])}  # fmt: skip

# Of equal elements PyTorch's choice is arbitrary, and so is the order of NaN here; some take no other type.
# To what shares memory with itself PyTorch still writes by these, with a warning that it will not; Kindling refuses.
DISTINCT = {"masked_fill_", "index_put_", "index_fill_", "tril_", "triu_", "fill_", "zero_", "mode", "topk", "kthvalue", "median", "searchsorted"}
FINITE = {"histc", "searchsorted", "median", "mode", "kthvalue", "topk", "long", "int", "short", "unique"}
FLOATING = {"lerp_", "topk", "kthvalue", "mode", "lerp", "histc", "searchsorted", "allclose", "polygamma"}

ONE, NONE, MANY = sample((1, 1)), sample((0, 3)), sample((41, 127))
SIZES = """clone contiguous reshape flatten squeeze unsqueeze transpose t diagonal unbind repeat_interleave flip fliplr flipud roll
    rot90 ravel diag_embed mT tril triu diag trace nonzero argwhere cat stack hstack vstack dstack cumsum cumprod softmax
    log_softmax norm sum_to_size unfold tile repeat permute float double long int short half bfloat16 bool shape dtype device
    dim numel size stride is_contiguous detach cpu is_leaf full_like zeros_like ones_like expand broadcast_to select narrow
    movedim split chunk tensor_split unflatten swapaxes clamp_min clamp_max clamp unique logsumexp""".split()
SHAPED = {
    "expand": ([2, -1, -1],), "select": (1, 0), "narrow": (1, 0, 1), "unflatten": (1, [-1, 1]),"reshape": ([-1, 1],), "sum_to_size": ([1, 1],), "unfold": (0, 1, 1), "tile": ([1],), "repeat": ([1, 1],), "unbind": (1,),
}


def record(recorder):
    for name, arguments in PLAIN.items():
        variants(recorder, name, *arguments, repeated=name not in DISTINCT, special=name not in FINITE, types=name not in FLOATING)
    for name in SIZES:
        for x in (ONE, NONE, MANY):
            if x is MANY and name in ("diag_embed", "unbind", "reshape", "broadcast_to", "long", "unflatten", "split"):
                continue
            first = [x, x] if isinstance(PLAIN[name][0], list) else x
            recorder.case(name, first, *SHAPED.get(name, PLAIN[name][1:]))
    for name in ("view_as", "expand_as", "reshape_as", "equal", "allclose"):
        for x in (ONE, NONE, MANY):
            recorder.case(name, x, x.clone())
    for name, arguments in SQUARE.items():
        variants(recorder, name, *arguments, repeated=False, types=False, special=False)
        recorder.case(name, sample((1, 1)) + 2, *arguments[1:])
    indexing(recorder)
    products(recorder)
    ordered(recorder)
    refused(recorder)

def refused(recorder):
    """Calls in place of indices, shapes and types that do not fit."""
    for name, arguments in [("scatter", (Y,)), ("scatter_add", (Y,)), ("scatter_reduce", (Y, "sum"))]:
        for index, source in [(PLACES + 3, Y), (PLACES[0], Y), (PLACES.float(), Y), (PLACES, Y[:1]), (PLACES, Y.double())]:
            recorder.case(name + "_", X.clone(), 0, index, source, *arguments[1:])
    for name, rest in [("index_add", ()), ("index_copy", ()), ("index_reduce", ("prod",))]:
        for index, source in [(ROWS + 3, Y[:2]), (ROWS, Y), (ROWS.float(), Y[:2]), (ROWS, Y[:2].double())]:
            recorder.case(name + "_", X.clone(), 0, index, source, *rest)
    recorder.case("index_fill_", X.clone(), 0, ROWS + 3, 1.5)
    recorder.case("index_put_", X.clone(), [ROWS + 3], Y[:2])
    recorder.case("index_put_", X.clone(), [ROWS], Y[:, :3])
    recorder.case("put_", X.clone(), ROWS + 12, Y[0, :2])
    recorder.case("put_", X.clone(), ROWS, Y)
    for name in ("tril_", "triu_"):
        recorder.case(name, sample((3,)))
    for name in ("clamp_", "masked_fill_"):
        recorder.case(name, X.clone(), *([MASK[:2]] if name != "clamp_" else []), *(None, None)[: 2 * (name == "clamp_")], *[1] * (name != "clamp_"))
    for name in ("addcmul_", "addcdiv_"):
        recorder.case(name, sample((3,), torch.int64), sample((3,)), sample((3,), domain="positive"))
    recorder.case("lerp_", X.clone(), Y.double(), 0.5)
    ends = [(torch.uint8, [-1, -255, -256, 255, 256, -1.5]), (torch.int8, [127, 128, -128, -129, 127.5, 128.5, math.nan]),
            (torch.int64, [math.inf, 1e19]), (torch.float32, [math.inf, 1e300]), (torch.bool, [2, -0.5])]  # fmt: skip
    for dtype, values in ends:
        for value in values:
            recorder.case("fill_", sample((2,), dtype), value)
            recorder.case("full_like", sample((2,), dtype), value)
            recorder.case("full", [2], value, dtype=dtype)
            recorder.case("masked_fill_", sample((2,), dtype), torch.tensor([True, False]), value)


REGULAR = sample((3, 3), domain="unit") + 3 * torch.eye(3)
SQUARE = {
    "inverse": (REGULAR,), "det": (REGULAR,), "logdet": (REGULAR,), "slogdet": (REGULAR,), "qr": (REGULAR,), "pinverse": (REGULAR,),
    "matrix_power": (REGULAR, 3), "cholesky": (REGULAR @ REGULAR.mT,),
}  # fmt: skip


def ordered(recorder):
    """Functions of order, whose results equal elements would leave open."""
    nan, inf = math.nan, math.inf
    x = torch.tensor([[1.0, nan, inf, -inf, 2.0], [inf, 0.5, 3.0, nan, -1.0]])
    long = torch.arange(6007).mul(4801).remainder(6007).float()
    for name, arguments in [("topk", (2,)), ("kthvalue", (2,)), ("mode", ()), ("median", (-1,)), ("sort", ()), ("cummax", (-1,)), ("cummin", (-1,))]:
        if name != "mode":
            recorder.case(name, x, *arguments)
        recorder.case(name, sample((2, 1)) if name not in ("topk", "kthvalue") else sample((1, 2)), *arguments)
        recorder.case(name, sample((1, 1)), *(1 if a == 2 else a for a in arguments))
        if not name.startswith("cum"):
            recorder.case(name, long, *arguments)
    recorder.case("mode", sample((1, 3), domain="ties").expand(4, 3))
    for q in (0.5, 0.999):
        recorder.case("quantile", long, q)
        recorder.case("quantile", sample((1,)), q)
        recorder.case("quantile", sample((3, 0)), q, 0)
    recorder.case("bincount", sample((6007,), torch.int64, "positive"))
    recorder.case("bincount", sample((14,), torch.int64, "exponent")[::2], sample((14,), start=3)[::2])
    recorder.case("bincount", sample((1,), torch.int64, "exponent").expand(5))
    recorder.case("histc", long, 7, 0, 6007)
    recorder.case("histc", sample((1,)), 3)
    recorder.case("histc", torch.tensor([1.0, nan, 2.0]), 3, 0, 3)
    recorder.case("searchsorted", torch.arange(6007.0), long)
    recorder.case("searchsorted", sample((1,)), sample((1,), start=9))
    recorder.case("searchsorted", torch.arange(5), sample((1, 3), torch.int64, "small").expand(2, 3))
    recorder.case("prod", torch.ones(6007).index_fill(0, torch.tensor([7, 4000]), 1.5))
    recorder.case("kron", sample((3, 4)), sample((25, 20), domain="unit"))
    recorder.case("outer", sample((83,)), sample((61,), domain="unit"))
    recorder.case("dot", sample((6007,), domain="ties"), sample((6007,), domain="ties", start=9))
    grids = [sample((4,))[::2], sample((1,)).expand(3), sample((0,))]
    recorder.case("meshgrid", grids[:2], indexing="ij")
    recorder.case("meshgrid", grids, indexing="xy")
    for dtype in DTYPES:
        recorder.case("meshgrid", [sample((2,), dtype), sample((3,), dtype)], indexing="ij")
    recorder.case("as_strided", sample((12,)).view(3, 4).t(), [2, 2], [3, 1])
    recorder.case("as_strided", sample((24,))[::2], [2, 3], [4, 1], 1)
    recorder.case("as_strided", sample((0,)), [0], [1])
    recorder.case("as_strided", sample((1,)), [3], [0])


def indexing(recorder):
    for x in (ONE, NONE, MANY):
        rows = torch.zeros(min(x.shape[0], 1), dtype=torch.int64)
        places = torch.zeros((len(rows), x.shape[1]), dtype=torch.int64)
        source = sample(tuple(places.shape), start=30)
        mask = sample(tuple(x.shape), torch.bool, start=1)
        for name in ("gather", "scatter", "scatter_add"):
            recorder.case(name, x, 0, places, *[source] * (name != "gather"))
        for name in ("index_select", "index_add", "index_copy"):
            recorder.case(name, x, 0, rows, *[source] * (name != "index_select"))
        for reduce in ("prod", "amax"):
            recorder.case("scatter_reduce", x, 0, places, source, reduce)
            recorder.case("index_reduce", x, 0, rows, source, reduce)
        recorder.case("take_along_dim", x, places, 0)
        recorder.case("take", x, rows)
        recorder.case("put", x, rows, source[:, 0])
        recorder.case("index_put", x, [rows], source)
        recorder.case("masked_select", x, mask)
        recorder.case("masked_fill", x, mask, 2.5)
        recorder.case("masked_scatter", x, mask, x)
        recorder.case("select_scatter", x, x[:, 0], 1, 0)
        recorder.case("slice_scatter", x, x[:1], 0, 0, 1, 1)
        recorder.case("index_fill", x, 0, rows, 2.5)
        recorder.case("where", mask, x, 1.5)
    scalar = sample(())
    zero = torch.tensor(0)
    for name in ("scatter", "scatter_add", "index_add", "index_copy"):
        recorder.case(name, scalar, 0, zero, sample((), start=9))
    recorder.case("take", scalar, zero)
    recorder.case("masked_select", scalar, torch.tensor(True))
    recorder.case("masked_scatter", scalar, torch.tensor(True), sample((2,)))
    recorder.case("index_fill", scalar, 0, zero, 1.5)
    recorder.case("index_fill", X, -1, ROWS, 1.5)
    recorder.case("index_fill", X, 0, torch.tensor([3]), 1.5)
    recorder.case("index_fill", X, 0, PLACES, 1.5)
    recorder.case("select_scatter", X, Y[:, 0], -1, -1)
    recorder.case("slice_scatter", X, Y[:, :2], -1, -3, -1, 1)
    recorder.case("diagonal_scatter", X, Y[0, :2])


def products(recorder):
    for a, b in [((41, 127), (127, 3)), ((3, 127), (127, 41)), ((2, 5), (5, 1))]:
        left, right = sample(a, domain="unit"), sample(b, domain="unit", start=9)
        for name in ("matmul", "mm"):
            recorder.case(name, left, right)
        recorder.case("addmm", sample((1, b[1])), left, right)
        recorder.case("baddbmm", sample((1, 1, 1)), left[None], right[None])
        recorder.case("bmm", left[None], right[None])
        recorder.case("mv", left, right[:, 0])
        recorder.case("einsum", "ij,jk->ik", [left, right])
        recorder.case("tensordot", left, right, 1)
    for name, shapes in [("addmm", ((3,), (0, 2), (2, 3))), ("addmm", ((3,), (4, 0), (0, 3))), ("baddbmm", ((3,), (2, 4, 0), (2, 0, 3)))]:
        recorder.case(name, *(sample(shape) for shape in shapes))
