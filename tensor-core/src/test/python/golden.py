"""Writes what PyTorch makes of each case of the op test table.

    pip install -r requirements.txt
    python golden.py ../resources/golden

A case is a name, a function and its inputs. The inputs are drawn in float32; results, and the
gradients that flow back from one cotangent for each differentiable output, are calculated in
float64. ops.json says for each case how many inputs and outputs there are and which types PyTorch
gives the outputs of float32 inputs; ops.safetensors holds the values as NAME/in0, NAME/out0,
NAME/cotangent0 and NAME/grad0. In Java, OpTable names the same cases.
"""

import json
import math
import sys
from pathlib import Path

import safetensors.torch
import torch
import torch.nn.functional as F

CASES = []
RANDOM = torch.Generator().manual_seed(20240607)


def case(name, function, *inputs):
    CASES.append((name, function, inputs))


def normal(*shape):
    return torch.randn(shape, generator=RANDOM)


def positive(*shape):
    return torch.rand(*shape, generator=RANDOM) + 0.5


def between(low, high, *shape):
    return torch.rand(*shape, generator=RANDOM) * (high - low) + low


def integers(low, high, *shape):
    return torch.randint(low, high, shape, generator=RANDOM)


def special(*shape):
    values = torch.tensor([0.0, math.nan, math.inf, -math.inf, -0.0, 1.5, -2.5, 0.5])
    return values.repeat(math.prod(shape) // 8 + 1)[: math.prod(shape)].view(*shape)


IMAGE = (2, 3, 2, 2)

# Element-wise, one input
for name in (
    "abs neg exp sin cos tan atan tanh sigmoid relu square erf expm1 sign floor ceil round trunc"
).split():
    case(name, getattr(torch, name), normal(*IMAGE) * 2)
for name in "log log2 log10 sqrt rsqrt reciprocal".split():
    case(name, getattr(torch, name), positive(*IMAGE))
case("log1p", torch.log1p, between(-0.9, 3, *IMAGE))
case("gelu", F.gelu, normal(*IMAGE) * 2)
case("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), normal(*IMAGE) * 2)
case("leakyRelu", lambda x: F.leaky_relu(x, 0.1), normal(*IMAGE))
case("clamp", lambda x: x.clamp(-0.5, 0.75), normal(*IMAGE))
case("clamp_min", lambda x: x.clamp(min=0.25), normal(*IMAGE))
case("pow_2", lambda x: x.pow(2), normal(*IMAGE))
case("pow_0", lambda x: x.pow(0), normal(*IMAGE))
case("pow_half", lambda x: x.pow(-0.5), positive(*IMAGE))
case("add_number", lambda x: x + 2.5, normal(*IMAGE))
case("div_number", lambda x: x / -3, normal(*IMAGE))
case("isnan", torch.isnan, special(4, 4))
case("isinf", torch.isinf, special(4, 4))
case("isfinite", torch.isfinite, special(4, 4))
case("logicalNot", torch.logical_not, special(4, 4))
case("round_halves", torch.round, torch.arange(-8.0, 8.0).view(4, 4) / 2)
case("relu_special", torch.relu, special(4, 4))
case("sign_special", torch.sign, special(4, 4).nan_to_num(nan=3.0))
case("erf_wide", torch.erf, between(-7, 7, 5, 8))
case("abs_integers", torch.abs, integers(-9, 9, 3, 4))
case("exp_integers", torch.exp, integers(-3, 3, 3, 4))
case("floor_integers", torch.floor, integers(-9, 9, 3, 4))
case("clamp_integers", lambda x: x.clamp(-2, 5), integers(-9, 9, 3, 4))
case("pow_integers", lambda x: x.pow(3), integers(-9, 9, 3, 4))

# Element-wise, two inputs that broadcast
for name in "add sub mul maximum minimum".split():
    case(name, getattr(torch, name), normal(*IMAGE), normal(3, 1, 2))
case("div", torch.div, normal(*IMAGE), positive(3, 1, 2))
case("pow", torch.pow, positive(*IMAGE), normal(3, 1, 2))
case("mul_row", torch.mul, normal(4, 1), normal(1, 5))
case("add_types", torch.add, normal(3, 4), integers(0, 9, 4))
case("div_integers", torch.div, integers(1, 9, 3, 4), integers(1, 9, 4))
case("maximum_special", torch.maximum, special(4, 4), special(4, 4).t())
case("maximum_equal", torch.maximum, torch.ones(3), torch.ones(3))
case("minimum_special", torch.minimum, special(4, 4), special(4, 4).t())
case("pow_zero_base", torch.pow, torch.tensor([0.0, 0.0, 2.0]), torch.tensor([0.0, 2.0, 3.0]))
for name in "eq ne lt le gt ge".split():
    case(name, getattr(torch, name), special(2, 2, 2, 2), special(2, 2))
for name in "logical_and logical_or logical_xor".split():
    camel = name.replace("_a", "A").replace("_o", "O").replace("_x", "X")
    case(camel, getattr(torch, name), special(4, 4), integers(0, 2, 4))
case("where", torch.where, integers(0, 2, 3, 1) > 0, normal(2, 3, 4), normal(4))

# Reductions
case("sum", torch.sum, normal(*IMAGE))
case("sum_dims", lambda x: x.sum((0, -1)), normal(*IMAGE))
case("sum_keep", lambda x: x.sum(1, keepdim=True), normal(*IMAGE))
case("sum_integers", lambda x: x.sum(0), integers(-9, 9, 3, 4))
case("mean", torch.mean, normal(*IMAGE))
case("mean_dims", lambda x: x.mean((0, 2, 3)), normal(*IMAGE))
case("amax", lambda x: x.amax((1,)), normal(*IMAGE))
case("amin", lambda x: x.amin((0, 3), keepdim=True), normal(*IMAGE))
case("amax_equal", torch.amax, torch.tensor([[1.0, 2.0, 2.0], [0.0, 1.0, 2.0]]))
case("prod", torch.prod, normal(2, 4))
case("prod_dim", lambda x: x.prod(1), normal(2, 3, 2))
case("prod_zeros", lambda x: x.prod(1), torch.tensor([[2.0, 0.0, 3.0], [0.0, 0.0, 4.0]]))
case("any", lambda x: x.any(1), integers(0, 2, 5, 2) > 0)
case("any_floats", torch.any, special(2, 2))
case("all", lambda x: x.all(0), integers(0, 4, 3, 5))
case("all_floats", lambda x: x.all(1), special(4, 4))
case("argmax", lambda x: x.argmax(1), normal(2, 5, 3))
case("argmax_special", lambda x: x.argmax(1), special(4, 4))
case("var", lambda x: x.var((0, 2), correction=1), normal(3, 2, 4))

# Views and copies
case("transpose", lambda x: x.transpose(0, 2) * 1, normal(2, 3, 4))
case("select", lambda x: x.select(1, -1) * 1, normal(2, 3, 4))
case("slice", lambda x: x[:, 1:6:2] * 1, normal(2, 7))
case("expand", lambda x: x.expand(4, 3, 2) * 1, normal(3, 1))
case("reshape", lambda x: x.transpose(0, 1).reshape(2, -1) * 1, normal(3, 4))
case("squeeze", lambda x: x.squeeze(1).unsqueeze(0) * 1, normal(3, 1, 2))
case("permute", lambda x: x.permute(2, 0, 1) * 1, normal(2, 3, 4))

# Joining and taking by index
case("cat", lambda a, b, c: torch.cat((a, b, c), 1), normal(2, 3), normal(2, 0), normal(2, 2))
case("cat_types", lambda a, b: torch.cat((a, b)), normal(2, 2), integers(0, 9, 1, 2))
case("stack", lambda a, b: torch.stack((a, b), -1), normal(2, 3), normal(2, 3))
case("indexSelect", lambda x, i: x.index_select(0, i), normal(4, 2, 3), integers(0, 4, 6))
case("indexSelect_dim", lambda x, i: x.index_select(-1, i), normal(2, 3, 4), integers(0, 4, 6))
case("gather", lambda x, i: x.gather(1, i), normal(3, 4), integers(0, 4, 2, 6))
case("gather_rows", lambda x, i: x.gather(0, i), normal(3, 4, 2), integers(0, 3, 5, 3, 2))

# Products
case("matmul", torch.matmul, normal(3, 4), normal(4, 5))
case("matmul_vector", torch.matmul, normal(4), normal(2, 4, 3))
case("matmul_batch", torch.matmul, normal(2, 1, 3, 4), normal(3, 4, 2))
case("matmul_integers", torch.matmul, integers(-9, 9, 3, 4), integers(-9, 9, 4, 2))
case("linear", F.linear, normal(2, 3, 4), normal(5, 4), normal(5))
case("linear_vector", F.linear, normal(4), normal(5, 4))

# Convolution and pooling
case("conv2d", F.conv2d, normal(2, 3, 5, 4), normal(4, 3, 3, 2), normal(4))
case(
    "conv2d_stride",
    lambda x, w: F.conv2d(x, w, stride=(2, 1), padding=(1, 2), dilation=(1, 2)),
    normal(2, 2, 5, 4),
    normal(3, 2, 3, 2),
)
case(
    "conv2d_groups",
    lambda x, w, b: F.conv2d(x, w, b, padding=1, groups=2),
    normal(1, 4, 4, 3),
    normal(2, 2, 3, 3),
    normal(2),
)
case(
    "conv2d_depthwise",
    lambda x, w: F.conv2d(x, w, stride=2, groups=3),
    normal(2, 3, 5, 5),
    normal(6, 1, 3, 3),
)


def pool(*arguments, **keywords):
    return lambda x: F.max_pool2d(x, *arguments, return_indices=True, **keywords)


case("maxPool2d", pool(2), normal(2, 3, 4, 6))
case("maxPool2d_overlap", pool(3, stride=(2, 1), padding=1), normal(2, 2, 5, 4))
case("maxPool2d_ceil", pool((2, 3), stride=2, ceil_mode=True), normal(1, 2, 5, 6))
case("maxPool2d_dilation", pool(2, stride=1, dilation=2), normal(1, 2, 5, 5))
case("maxPool2d_special", pool(2, stride=1), special(1, 1, 4, 4))

# Normalisation and losses
case("softmax", lambda x: x.softmax(-1), normal(3, 5))
case("softmax_channels", lambda x: x.softmax(1), normal(*IMAGE))
case("logSoftmax", lambda x: x.log_softmax(-1), normal(3, 5) * 10)
case("logSoftmax_rows", lambda x: x.log_softmax(0), normal(3, 5))


def batch_norm(training):
    def apply(x, weight, bias, mean, var):
        mean, var = mean.detach().clone(), var.detach().clone()
        return F.batch_norm(x, mean, var, weight, bias, training, 0.1, 1e-5)

    return apply


case("batchNorm", batch_norm(True), normal(3, 2, 2, 2), normal(2), normal(2), normal(2), positive(2))
case("batchNorm_rows", batch_norm(True), normal(4, 3), normal(3), normal(3), normal(3), positive(3))
case("batchNorm_eval", batch_norm(False), normal(3, 2, 2, 2), normal(2), normal(2), normal(2), positive(2))


def nll(reduction, **keywords):
    return lambda x, y, *w: F.nll_loss(x, y, *(v.detach() for v in w), reduction=reduction, **keywords)


case("nllLoss", nll("mean"), normal(4, 3), integers(0, 3, 4))
case("nllLoss_sum", nll("sum", ignore_index=1), normal(4, 3), torch.tensor([1, 0, 2, 1]), positive(3))
case("nllLoss_weighted", nll("mean", ignore_index=1), normal(4, 3), torch.tensor([1, 0, 2, 1]), positive(3))
case("nllLoss_none", nll("none"), normal(2, 3, 2, 2), integers(0, 3, 2, 2, 2), positive(3))
case("nllLoss_one", nll("mean"), normal(3), torch.tensor(2))

# Creation
case("eye", lambda: torch.eye(3, 5))
case("linspace", lambda: torch.linspace(-1.5, 2, 8, dtype=torch.float64))
case("linspace_one", lambda: torch.linspace(-1.5, 2, 1))
case("logspace", lambda: torch.logspace(-1, 2, 5, base=2, dtype=torch.float64))
case("zerosLike_type", lambda x: torch.zeros_like(x, dtype=torch.int64), normal(2, 3))
case("onesLike_type", lambda x: torch.ones_like(x, dtype=torch.float64), normal(2, 3))
case("fullLike", lambda x: torch.full_like(x, 2.5), normal(2, 3))

# Placing and choosing
PLACES = torch.tensor([[0, 3], [4, 1]])
case("scatter", lambda x, i, s: x.scatter(1, i, s.detach()), normal(3, 5), PLACES, normal(3, 2))
case("scatter_rows", lambda x, i, s: x.scatter(0, i, s), normal(5, 3), PLACES, normal(2, 2))
case("scatter_value", lambda x, i: x.scatter(-1, i, 1.5), normal(3, 5), PLACES)
case("scatter_in_place", lambda x, i, s: (x * 1).scatter_(1, i, s), normal(3, 5), PLACES, normal(2, 2))
case("scatter_integers", lambda x, i, s: x.scatter(1, i, s), integers(0, 9, 3, 5), PLACES, integers(0, 9, 2, 2))
case("scatterAdd", lambda x, i, s: x.scatter_add(1, i, s), normal(3, 4), integers(0, 4, 2, 7), normal(2, 7))
case("scatterAdd_in_place", lambda x, i, s: (x * 1).scatter_add_(0, i, s), normal(4, 3), integers(0, 4, 7, 2), normal(7, 2))
case("maskedFill", lambda x, m: x.masked_fill(m, -1.5), normal(2, 3, 4), integers(0, 2, 3, 1) > 0)
case("maskedFill_wide", lambda x, m: x.masked_fill(m, 2), normal(4), integers(0, 2, 3, 4) > 0)
case("maskedFill_tensor", lambda x, m, v: x.masked_fill(m, v), normal(3, 4), integers(0, 2, 4) > 0, normal())
case("maskedFill_in_place", lambda x, m: (x * 1).masked_fill_(m, -1.5), normal(3, 4), integers(0, 2, 4) > 0)
case("maskedSelect", lambda x, m: x.masked_select(m), normal(2, 3, 4), integers(0, 2, 3, 1) > 0)
case("maskedSelect_wide", lambda x, m: x.masked_select(m), normal(4), integers(0, 2, 3, 4) > 0)
case("nonzero", torch.nonzero, integers(0, 2, 3, 4, 2))
case("nonzero_special", torch.nonzero, special(4, 4))
case("nonzero_scalar", torch.nonzero, torch.tensor(3.0))
case("topk", lambda x: x.topk(3, 1), normal(2, 7, 3))
case("topk_smallest", lambda x: x.topk(2, -1, largest=False), normal(3, 5))
case("sort", lambda x: x.sort(1), normal(2, 7, 3))
case("sort_descending", lambda x: x.sort(0, descending=True), normal(6, 2))
case("sort_special", lambda x: x.sort(dim=1, stable=True), special(4, 9))
case("sort_special_descending", lambda x: x.sort(dim=0, descending=True, stable=True), special(9, 4))
case("sort_integers", lambda x: x.sort(dim=1, stable=True), integers(-3, 3, 3, 20))
case("argsort", lambda x: x.argsort(0), normal(5, 3))
case("argmax_all", torch.argmax, normal(3, 4))
case("argmax_keep", lambda x: x.argmax(0, keepdim=True), normal(3, 4))
case("argmin", lambda x: x.argmin(1), normal(2, 5, 3))
case("argmin_all", torch.argmin, normal(3, 4))
case("argmin_special", lambda x: x.argmin(1), special(4, 4))
case("argmin_integers", lambda x: x.argmin(1), integers(-9, 9, 5, 4))
case("max", torch.max, normal(3, 4))
case("max_dim", lambda x: x.max(1), normal(2, 5, 3))
case("max_keep", lambda x: x.max(0, keepdim=True), normal(3, 4))
case("max_special", lambda x: x.max(1), special(4, 4))
case("min", torch.min, normal(3, 4))
case("min_dim", lambda x: x.min(-1), normal(2, 5, 3))

# Sums, roots of sums
case("cumsum", lambda x: x.cumsum(1), normal(2, 5, 3))
case("cumsum_integers", lambda x: x.cumsum(0), integers(-9, 9, 5, 3).int())
case("std", lambda x: x.std((0, 2)), normal(3, 2, 4))
case("std_constant", lambda x: x.std(1), torch.ones(2, 3))
case("logsumexp", lambda x: x.logsumexp(1), normal(3, 5) * 50)
case("logsumexp_dims", lambda x: x.logsumexp((0, -1), keepdim=True), normal(2, 3, 4))
case("norm", torch.norm, normal(3, 4))
case("norm_dim", lambda x: x.norm(dim=1, keepdim=True), normal(3, 4))
case("norm_zero", torch.norm, torch.zeros(3))
case("norm_1", lambda x: x.norm(1, dim=0), normal(3, 4))
case("norm_3", lambda x: x.norm(3, dim=(0, 2)), normal(3, 2, 4))
case("norm_infinity", lambda x: x.norm(math.inf, dim=1), normal(3, 4))

# Other places
case("chunk", lambda x: x.chunk(3, 1), normal(2, 7, 2))
case("split", lambda x: x.split(2, 1), normal(2, 5))
case("split_sizes", lambda x: x.split([1, 0, 3], -1), normal(2, 4))
case("unbind", lambda x: x.unbind(1), normal(2, 3, 4))
case("movedim", lambda x: x.movedim(0, -1) * 1, normal(2, 3, 4))
case("movedim_two", lambda x: x.movedim((0, 1), (2, 0)) * 1, normal(2, 3, 4, 5))
case("tile", lambda x: x.tile(2), normal(3, 2))
case("repeat", lambda x: x.repeat(2, 1, 3), normal(3, 2))
case("flip", lambda x: x.flip(0, -1), normal(2, 3, 4))
case("roll", lambda x: x.roll(2, 1), normal(2, 5))
case("roll_back", lambda x: x.roll(-7, 0), normal(5, 2))
case("tril", torch.tril, normal(2, 3, 4))
case("triu", lambda x: x.triu(-1), normal(4, 3))
case("diag", torch.diag, normal(3))
case("diag_below", lambda x: x.diag(-2), normal(3))
case("diag_matrix", lambda x: x.diag(1), normal(3, 4))
case("diagonal", lambda x: x.diagonal(-1, 2, 0) * 1, normal(4, 2, 3))
case("diagonal_empty", lambda x: x.diagonal(5) * 1, normal(4, 3))

# Products of vectors and matrices
case("mm", torch.mm, normal(3, 4), normal(4, 2))
case("bmm", torch.bmm, normal(2, 3, 4), normal(2, 4, 2))
case("mv", torch.mv, normal(3, 4), normal(4))
case("dot", torch.dot, normal(5), normal(5))
case("outer", torch.outer, normal(3), normal(4))
case("addmm", torch.addmm, normal(2), normal(3, 4), normal(4, 2))
case("addmm_scaled", lambda x, a, b: x.addmm(a, b, beta=0.5, alpha=-2), normal(3, 2), normal(3, 4), normal(4, 2))


def einsum(equation):
    return lambda *operands: torch.einsum(equation, *operands)


case("einsum", einsum("ij,jk->ik"), normal(3, 4), normal(4, 2))
case("einsum_implied", einsum("kj,ji"), normal(3, 4), normal(4, 2))
case("einsum_batch", einsum("bij,bkj->kbi"), normal(2, 3, 4), normal(2, 5, 4))
case("einsum_three", einsum("bi,ij,bj->b"), normal(2, 3), normal(3, 4), normal(2, 4))
case("einsum_trace", einsum("ii->"), normal(3, 3))
case("einsum_diagonal", einsum("iji->ji"), normal(3, 2, 3))
case("einsum_sum", einsum("ijk,l->k"), normal(3, 2, 3), normal(4))
case("einsum_outer", einsum("i,j->ji"), normal(3), normal(4))

# More functions
for name in "sinh cosh".split():
    case(name, getattr(torch, name), normal(*IMAGE))
for name in "asin acos".split():
    case(name, getattr(torch, name), between(-0.9, 0.9, *IMAGE))
SIGNED = positive(3, 1, 2) * torch.tensor([1.0, -1.0])
case("atan2", torch.atan2, normal(*IMAGE), SIGNED)
case("fmod", torch.fmod, normal(*IMAGE) * 3, SIGNED)
case("remainder", torch.remainder, normal(*IMAGE) * 3, SIGNED)
case("floorDivide", lambda a, b: a.detach().floor_divide(b.detach()), normal(*IMAGE) * 3, SIGNED)
case("fmod_special", lambda a, b: a.fmod(b.detach()), special(8, 1), special(8))
case("remainder_special", lambda a, b: a.remainder(b.detach()), special(8, 1), special(8))
for name in "fmod remainder floor_divide".split():
    camel = name.replace("_d", "D")
    case(camel + "_integers", getattr(torch, name), integers(-9, 9, 4, 6), torch.tensor([-3, -2, -1, 1, 2, 3]))
case("remainder_number", lambda x: x.remainder(-0.75), normal(*IMAGE))
case("lerp", lambda a, b: a.lerp(b, 0.75), normal(3, 4), normal(4))
case("lerp_tensor", torch.lerp, normal(3, 4), normal(3, 4), between(0, 1, 3, 4))
for name in "bitwise_and bitwise_or bitwise_xor".split():
    camel = name.replace("_a", "A").replace("_o", "O").replace("_x", "X")
    case(camel, getattr(torch, name), integers(-99, 99, 3, 4), integers(-99, 99, 4))
case("bitwiseXor_booleans", torch.bitwise_xor, integers(0, 2, 3, 4) > 0, integers(0, 2, 4) > 0)
case("nanToNum", lambda x: x.nan_to_num(0.5, 100.0, -200.0), special(4, 4))
case("nanToNum_limits", lambda x: x.float().nan_to_num(), special(4, 4))
case("isclose", lambda a, b: a.isclose(b), special(8, 1), special(8))
case("isclose_nan", lambda a, b: a.isclose(b, 0.5, 0.25, True), special(8, 1).expand(8, 8), special(8))
case("allclose", lambda a, b: torch.tensor([a.allclose(b), a.allclose(a + 1e-6), a.allclose(a + 1e-3)]), positive(3, 4), positive(4))
case("equal", lambda a, b: torch.tensor([a.equal(b), a.equal(a.clone()), a.equal(a[:1])]), normal(3, 4), normal(3, 4))
case("toLong", lambda x: x.long(), normal(3, 4) * 5)
case("toDouble", lambda x: x.double(), normal(3, 4))


def as_tuple(result):
    return tuple(result) if isinstance(result, (tuple, list)) else (result,)


def wide(tensor):
    return tensor.double() if tensor.is_floating_point() else tensor


def run(name, function, inputs, tensors):
    """Adds the case's values to tensors and returns its entry in the index."""
    types = [str(out.dtype).removeprefix("torch.") for out in as_tuple(function(*inputs))]
    for i, value in enumerate(inputs):
        tensors[f"{name}/in{i}"] = value.clone(memory_format=torch.contiguous_format)
    leaves = [wide(value).detach().clone() for value in inputs]
    for leaf in leaves:
        leaf.requires_grad_(leaf.is_floating_point())
    outputs = as_tuple(function(*leaves))
    roots, cotangents = [], []
    for i, out in enumerate(outputs):
        tensors[f"{name}/out{i}"] = out.detach().contiguous()
        if out.requires_grad:
            cotangent = normal(*out.shape)
            tensors[f"{name}/cotangent{i}"] = cotangent
            roots.append(out)
            cotangents.append(cotangent.double())
    if roots:
        wanted = [leaf for leaf in leaves if leaf.requires_grad]
        gradients = torch.autograd.grad(roots, wanted, cotangents, allow_unused=True)
        for i, leaf in enumerate(leaves):
            gradient = next((g for w, g in zip(wanted, gradients) if w is leaf), None)
            if gradient is not None:
                tensors[f"{name}/grad{i}"] = gradient.contiguous()
    return {"name": name, "inputs": len(inputs), "outputs": types}


def main(folder):
    tensors = {}
    entries = [run(name, function, inputs, tensors) for name, function, inputs in CASES]
    index = {"torch": torch.__version__.split("+")[0], "cases": entries}
    lines = ",\n".join("    " + json.dumps(entry) for entry in entries)
    text = f'{{\n  "torch": "{index["torch"]}",\n  "cases": [\n{lines}\n  ]\n}}\n'
    (folder / "ops.json").write_text(text)
    safetensors.torch.save_file(tensors, folder / "ops.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
