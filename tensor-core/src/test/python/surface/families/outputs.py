"""Functions that are given the tensor for their result: out= in PyTorch, Tensor.out in Java."""

import torch

from surface.samples import sample

DOUBLE = torch.float64
UNARY = """abs neg exp sin cos tan atan tanh sigmoid square erf expm1 sign floor ceil round trunc sinh cosh reciprocal
    log log2 log10 sqrt rsqrt lgamma digamma log1p asin acos erfinv logical_not nan_to_num""".split()
BINARY = """add sub mul div maximum minimum atan2 fmod remainder floor_divide pow eq ne lt le gt ge logical_and logical_or
    logical_xor hypot matmul mm kron""".split()
PLACES = torch.tensor([[0, 2, 1], [2, 1, 0]])
SQUARE = (3, 3)


def record(recorder):
    x, y = sample(SQUARE, domain="unit"), sample(SQUARE, domain="positive", start=9)
    for name in UNARY:
        targets(recorder, name, lambda: (x.clone(),))
    for name in BINARY:
        targets(recorder, name, lambda: (x.clone(), y.clone()))
    for name in ("bitwise_and", "bitwise_or", "bitwise_xor"):
        targets(recorder, name, lambda: (sample(SQUARE, torch.int32), sample(SQUARE, torch.int32, start=9)))
    for name, rest in CALLS.items():
        targets(recorder, name, lambda: (x.clone(), *rest))
    for name in ("addmm", "addcmul", "addcdiv"):
        targets(recorder, name, lambda: (x.clone(), y.clone(), y.t()))
    for name in ("cat", "stack", "hstack", "vstack"):
        targets(recorder, name, lambda: ([x.clone(), y.clone()],))
    targets(recorder, "where", lambda: (x > 0, x.clone(), y.clone()))
    targets(recorder, "outer", lambda: (x[0].clone(), y[0].clone()))
    targets(recorder, "mv", lambda: (x.clone(), y[0].clone()))
    targets(recorder, "dot", lambda: (x[0].clone(), y[0].clone()))
    targets(recorder, "bmm", lambda: (x[None].clone(), y[None].clone()))
    targets(recorder, "lerp", lambda: (x.clone(), y.clone(), 0.25))


CALLS = {
    "sum": ([0],), "mean": ([1],), "amax": ([0],), "amin": ([0],), "prod": (1,), "argmax": (0,), "argmin": (0,),
    "all": (0,), "any": (0,), "logsumexp": ([1],), "cumsum": (0,), "cumprod": (1,), "softmax": (1,), "log_softmax": (0,),
    "index_select": (0, PLACES[0]), "gather": (0, PLACES), "take": (PLACES,), "masked_select": (sample(SQUARE, torch.bool),),
    "scatter": (0, PLACES, sample((2, 3))), "scatter_add": (0, PLACES, sample((2, 3))),
    "index_add": (0, PLACES[0], sample(SQUARE)), "index_copy": (0, PLACES[0], sample(SQUARE)),
    "tril": (), "triu": (1,), "diag": (), "clamp": (-0.25, 0.5), "nonzero": (),
    "var": ([0],), "std": ([0],), "norm": (2.0, [0]),
    "take_along_dim": (PLACES, 0), "round": (), "inverse": (),
}  # fmt: skip


def targets(recorder, name, arguments):
    function = recorder.function(name)
    plain = function(*arguments())
    if not accepts(function, arguments(), torch.empty_like(plain)):
        raise ValueError(f"{name} takes no out")
    flat = torch.zeros_like(plain)
    wide = torch.zeros(plain.shape + (2,), dtype=plain.dtype)[..., 1]
    turned = torch.zeros(tuple(reversed(plain.shape)), dtype=plain.dtype).permute(tuple(reversed(range(plain.dim()))))
    longer = torch.zeros((4,) + tuple(plain.shape), dtype=plain.dtype)
    repeated = torch.zeros(plain.shape[:-1] + (1,) * (plain.dim() > 0), dtype=plain.dtype).expand(plain.shape)
    for into in (flat, wide, turned, longer, torch.empty(0, dtype=plain.dtype)):
        recorder.case(name, *arguments(), into=into)
    for dtype in (DOUBLE, torch.float16, torch.int64, torch.bool):
        into = torch.zeros(plain.shape, dtype=dtype)
        # Most functions convert their result; what others make of a type is not recorded.
        if torch.can_cast(plain.dtype, dtype) == accepts(function, arguments(), into):
            recorder.case(name, *arguments(), into=into)
    if not accepts(function, arguments(), repeated):
        recorder.case(name, *arguments(), into=repeated)
    if plain.is_floating_point():
        recorder.case(name, *arguments(), into=torch.zeros_like(plain).requires_grad_())
    inputs = arguments()
    if torch.is_tensor(inputs[0]) and (inputs[0].shape, inputs[0].dtype) == (plain.shape, plain.dtype):
        # Some products write over what they still read.
        if accepts(function, inputs, inputs[0]) and inputs[0].equal(plain):
            recorder.case(name, *(again := arguments()), into=again[0])


def accepts(function, arguments, into):
    try:
        function(*arguments, out=into)
    except (TypeError, RuntimeError):
        return False
    return True
