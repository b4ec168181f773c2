package io.kindling.testing;

import static io.kindling.testing.OpCase.binary;
import static io.kindling.testing.OpCase.op;
import static io.kindling.testing.OpCase.ops;
import static io.kindling.testing.OpCase.unary;

import io.kindling.nn.functional.F;
import io.kindling.op.Dispatch;
import io.kindling.op.Op;
import io.kindling.op.conv.Conv2d;
import io.kindling.op.elementwise.Gelu;
import io.kindling.op.loss.LossReduction;
import io.kindling.op.loss.NllLoss;
import io.kindling.op.matmul.Linear;
import io.kindling.op.norm.BatchNorm;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import io.kindling.tensor.ValuesAndIndices;
import java.util.List;

/** The op test table: a line for each case of {@code src/test/python/golden.py}. */
public final class OpTable {
  private OpTable() {}

  private static final String[] REDUCED = {"1x1", "13x1", "1x13", "207x13", "702x207"};
  private static final String[] IMAGES = {
    "1x1x1x1", "2x13x1x7", "1x3x0x2", "3x2x17x5", "2x13x9x11"
  };

  public static final List<OpCase> CASES =
      List.of(
          unary("abs", Tensor::abs),
          unary("neg", Tensor::neg),
          unary("exp", Tensor::exp),
          unary("sin", Tensor::sin),
          unary("cos", Tensor::cos),
          unary("tan", Tensor::tan),
          unary("atan", Tensor::atan),
          unary("tanh", Tensor::tanh),
          unary("sigmoid", Tensor::sigmoid),
          unary("relu", Tensor::relu),
          unary("square", Tensor::square),
          unary("erf", Tensor::erf),
          unary("expm1", Tensor::expm1),
          unary("sign", Tensor::sign),
          unary("floor", Tensor::floor),
          unary("ceil", Tensor::ceil),
          unary("round", Tensor::round),
          unary("trunc", Tensor::trunc),
          unary("log", Tensor::log),
          unary("log2", Tensor::log2),
          unary("log10", Tensor::log10),
          unary("sqrt", Tensor::sqrt),
          unary("rsqrt", Tensor::rsqrt),
          unary("reciprocal", Tensor::reciprocal),
          unary("log1p", Tensor::log1p),
          unary("gelu", Tensor::gelu),
          unary("gelu_tanh", x -> Dispatch.run(new Gelu(true), x)),
          unary("leakyRelu", x -> x.leakyRelu(0.1)),
          unary("clamp", x -> x.clamp(-0.5, 0.75)),
          unary("clamp_min", x -> x.clamp(0.25, Double.POSITIVE_INFINITY)),
          unary("pow_2", x -> x.pow(2)),
          unary("pow_0", x -> x.pow(0)),
          unary("pow_half", x -> x.pow(-0.5)),
          unary("add_number", x -> x.add(2.5)),
          unary("div_number", x -> x.div(-3)),
          unary("isnan", Tensor::isnan),
          unary("isinf", Tensor::isinf),
          unary("isfinite", Tensor::isfinite),
          unary("logicalNot", Tensor::logicalNot),
          unary("round_halves", Tensor::round).jumps(),
          unary("relu_special", Tensor::relu).jumps(),
          unary("sign_special", Tensor::sign).jumps(),
          unary("erf_wide", Tensor::erf),
          unary("abs_integers", Tensor::abs),
          unary("exp_integers", Tensor::exp),
          unary("floor_integers", Tensor::floor),
          unary("clamp_integers", x -> x.clamp(-2, 5)),
          unary("pow_integers", x -> x.pow(3)),
          binary("add", Tensor::add),
          binary("sub", Tensor::sub),
          binary("mul", Tensor::mul),
          binary("maximum", Tensor::maximum),
          binary("minimum", Tensor::minimum),
          binary("div", Tensor::div),
          binary("pow", Tensor::pow),
          binary("mul_row", Tensor::mul),
          binary("add_types", Tensor::add),
          binary("div_integers", Tensor::div),
          binary("maximum_special", Tensor::maximum).jumps(),
          binary("maximum_equal", Tensor::maximum).jumps(),
          binary("minimum_special", Tensor::minimum).jumps(),
          op("pow_zero_base", in -> in.get(0).pow(in.get(1))).jumps(),
          binary("eq", Tensor::eq),
          binary("ne", Tensor::ne),
          binary("lt", Tensor::lt),
          binary("le", Tensor::le),
          binary("gt", Tensor::gt),
          binary("ge", Tensor::ge),
          binary("logicalAnd", Tensor::logicalAnd),
          binary("logicalOr", Tensor::logicalOr),
          binary("logicalXor", Tensor::logicalXor),
          op(
              "where",
              in -> Tensor.where(in.get(0), in.get(1), in.get(2)),
              "13x1, 207, 1",
              "0, 0, 0"),
          op("sum", in -> in.get(0).sum(), IMAGES),
          op("sum_dims", in -> in.get(0).sum(0, -1), IMAGES),
          op("sum_keep", in -> in.get(0).sum(1, true), IMAGES),
          op("sum_integers", in -> in.get(0).sum(0), REDUCED),
          op("mean", in -> in.get(0).mean(), REDUCED),
          op("mean_dims", in -> in.get(0).mean(0, 2, 3), "2x13x9x11", "1x1x1x1"),
          op("amax", in -> in.get(0).amax(1), REDUCED),
          op("amin", in -> in.get(0).amin(new int[] {0, 3}, true), "2x13x9x11", "1x1x1x1"),
          op("amax_equal", in -> in.get(0).amax(), REDUCED).jumps(),
          op("prod", in -> in.get(0).prod(), "1", "13x2"),
          op("prod_dim", in -> in.get(0).prod(1), "13x13", "2x0x3"),
          op("prod_zeros", in -> in.get(0).prod(1), "13x13"),
          op("any", in -> in.get(0).any(1), REDUCED),
          op("any_floats", in -> in.get(0).any(), REDUCED),
          op("all", in -> in.get(0).all(0), REDUCED),
          op("all_floats", in -> in.get(0).all(1), REDUCED),
          op("argmax", in -> in.get(0).argmax(1), REDUCED),
          op("argmax_special", in -> in.get(0).argmax(1), REDUCED),
          op("var", in -> in.get(0).var(0, 2), "13x2x17"),
          op("transpose", in -> in.get(0).transpose(0, 2).mul(1), "13x0x2", "13x7x207"),
          op("select", in -> in.get(0).select(1, -1).mul(1), "13x7x207"),
          op("slice", in -> in.get(0).slice(1, 1, 6, 2).mul(1), "13x207"),
          op("expand", in -> in.get(0).expand(4, 3, 2).mul(1)),
          op("reshape", in -> in.get(0).transpose(0, 1).reshape(2, -1).mul(1), "13x702"),
          op("squeeze", in -> in.get(0).squeeze(1).unsqueeze(0).mul(1), "13x1x207"),
          op("permute", in -> in.get(0).permute(2, 0, 1).mul(1), "13x7x207"),
          op("cat", in -> Tensor.cat(in, 1), "13x207, 13x0, 13x1", "0x2, 0x3, 0x1"),
          op("cat_types", in -> Tensor.cat(in, 0), "13x207, 1x207"),
          op("stack", in -> Tensor.stack(in, -1), "13x207, 13x207", "0, 0"),
          op(
              "indexSelect",
              in -> in.get(0).indexSelect(0, in.get(1)),
              "13x207, 702",
              "4x0, 3",
              "4, 0"),
          op("indexSelect_dim", in -> in.get(0).indexSelect(-1, in.get(1)), "13x207, 702"),
          op("gather", in -> in.get(0).gather(1, in.get(1)), "13x207, 7x702", "3x4, 0x4"),
          op("gather_rows", in -> in.get(0).gather(0, in.get(1)), "13x7x5, 207x7x2"),
          op(
              "matmul",
              in -> in.get(0).matmul(in.get(1)),
              "1x1, 1x1",
              "13x207, 207x702",
              "702x13, 13x1",
              "1x702, 702x13",
              "0x3, 3x2",
              "2x0, 0x3"),
          op("matmul_vector", in -> in.get(0).matmul(in.get(1)), "207, 207x13", "13, 13"),
          op(
              "matmul_batch",
              in -> in.get(0).matmul(in.get(1)),
              "13x7x5, 13x5x3",
              "3x1x13x7, 2x7x13",
              "0x2x3, 0x3x2"),
          op("matmul_integers", in -> in.get(0).matmul(in.get(1)), "13x207, 207x7"),
          op(
              "linear",
              in -> Dispatch.run(new Linear(), in.get(0), in.get(1), in.get(2)),
              "1x1, 1x1, 1",
              "13x207, 702x207, 702",
              "2x13x7, 3x7, 3",
              "0x7, 3x7, 3"),
          op(
              "linear_vector",
              in -> Dispatch.run(new Linear(), in.get(0), in.get(1)),
              "207, 13x207",
              "702x1, 1x1"),
          op(
              "conv2d",
              in -> run(new Conv2d(1, 1, 0, 0, 1, 1, 1), in),
              "1x1x1x1, 1x1x1x1, 1",
              "2x13x7x9, 17x13x3x3, 17",
              "0x3x5x5, 2x3x3x3, 2",
              "3x2x17x13, 5x2x1x4, 5"),
          op(
              "conv2d_stride",
              in -> run(new Conv2d(2, 1, 1, 2, 1, 2, 1), in),
              "2x13x9x11, 7x13x3x2",
              "1x1x2x3, 1x1x4x3"),
          op(
              "conv2d_groups",
              in -> run(new Conv2d(1, 1, 1, 1, 1, 1, 2), in),
              "2x26x5x7, 4x13x3x3, 4"),
          op(
              "conv2d_depthwise",
              in -> run(new Conv2d(2, 2, 0, 0, 1, 1, 3), in),
              "2x3x9x7, 3x1x3x3"),
          ops("maxPool2d", in -> pool(in, 2, 2, 2, 2, 0, 0, 1, 1, false), "2x13x9x7", "0x3x2x2"),
          ops(
              "maxPool2d_overlap",
              in -> pool(in, 3, 3, 2, 1, 1, 1, 1, 1, false),
              "2x13x9x7",
              "1x1x1x1"),
          ops("maxPool2d_ceil", in -> pool(in, 2, 3, 2, 2, 0, 0, 1, 1, true), "2x13x9x8"),
          ops("maxPool2d_dilation", in -> pool(in, 2, 2, 1, 1, 0, 0, 2, 2, false), "2x13x9x7"),
          ops("maxPool2d_special", in -> pool(in, 2, 2, 1, 1, 0, 0, 1, 1, false), "2x13x9x7")
              .jumps(),
          op("softmax", in -> in.get(0).softmax(-1), "1", "13x207", "702x1", "0x3", "3x0"),
          op("softmax_channels", in -> in.get(0).softmax(1), "2x13x9x7"),
          op("logSoftmax", in -> in.get(0).logSoftmax(-1), "1", "13x207", "702x1", "2x3x702"),
          op("logSoftmax_rows", in -> in.get(0).logSoftmax(0), "13x207"),
          op("batchNorm", in -> norm(in, true), "2x13x9x7, 13, 13, 13, 13", "7x1x1x1, 1, 1, 1, 1"),
          op("batchNorm_rows", in -> norm(in, true), "207x13, 13, 13, 13, 13"),
          op(
              "batchNorm_eval",
              in -> norm(in, false),
              "2x13x9x7, 13, 13, 13, 13",
              "0x3x2x2, 3, 3, 3, 3"),
          op("nllLoss", in -> run(new NllLoss(LossReduction.MEAN, -100), in), "702x13, 702"),
          op("nllLoss_sum", in -> run(new NllLoss(LossReduction.SUM, 1), in), "207x7, 207, 7"),
          op(
              "nllLoss_weighted",
              in -> run(new NllLoss(LossReduction.MEAN, 1), in),
              "207x7, 207, 7"),
          op(
              "nllLoss_none",
              in -> run(new NllLoss(LossReduction.NONE, -100), in),
              "13x3x5, 13x5, 3"),
          op("nllLoss_one", in -> run(new NllLoss(LossReduction.MEAN, -100), in)),
          op("eye", in -> Tensor.eye(3, 5, DType.FLOAT32)),
          op("linspace", in -> Tensor.linspace(-1.5, 2, 8, DType.FLOAT64)),
          op("linspace_one", in -> Tensor.linspace(-1.5, 2, 1)),
          op("logspace", in -> Tensor.logspace(-1, 2, 5, 2, DType.FLOAT64)),
          op("zerosLike_type", in -> Tensor.zerosLike(in.get(0), DType.INT64)),
          op("onesLike_type", in -> Tensor.onesLike(in.get(0), DType.FLOAT64)),
          op("fullLike", in -> Tensor.fullLike(in.get(0), 2.5)),
          op("scatter", in -> in.get(0).scatter(1, in.get(1), in.get(2)), "13x207, 7x13, 7x13"),
          op("scatter_rows", in -> in.get(0).scatter(0, in.get(1), in.get(2)), "5x0, 3x0, 3x0"),
          op("scatter_value", in -> in.get(0).scatter(-1, in.get(1), 1.5), "13x207, 7x13"),
          op("scatter_in_place", in -> in.get(0).mul(1).scatter_(1, in.get(1), in.get(2))),
          op("scatter_integers", in -> in.get(0).scatter(1, in.get(1), in.get(2))),
          op(
              "scatterAdd",
              in -> in.get(0).scatterAdd(1, in.get(1), in.get(2)),
              "13x207, 7x13, 7x13",
              "2x4, 0x3, 0x3"),
          op("scatterAdd_in_place", in -> in.get(0).mul(1).scatterAdd_(0, in.get(1), in.get(2))),
          op("maskedFill", in -> in.get(0).maskedFill(in.get(1), -1.5), "13x207, 13x1", "0, 1"),
          op("maskedFill_wide", in -> in.get(0).maskedFill(in.get(1), 2), "207, 13x1"),
          op("maskedFill_tensor", in -> in.get(0).maskedFill(in.get(1), in.get(2))),
          op("maskedFill_in_place", in -> in.get(0).mul(1).maskedFill_(in.get(1), -1.5)),
          op("maskedSelect", in -> in.get(0).maskedSelect(in.get(1)), "13x207, 207", "0x3, 3"),
          op("maskedSelect_wide", in -> in.get(0).maskedSelect(in.get(1))),
          op("nonzero", in -> in.get(0).nonzero(), "0x3", "13x207"),
          op("nonzero_special", in -> in.get(0).nonzero(), "0x3", "702x7"),
          op("nonzero_scalar", in -> in.get(0).nonzero()),
          ops("topk", in -> both(in.get(0).topk(3, 1, true)), "0x3", "13x7"),
          ops("topk_smallest", in -> both(in.get(0).topk(2, -1, false)), "2x2"),
          ops("sort", in -> both(in.get(0).sort(1, false)), "3x0", "1x1", "13x11"),
          ops("sort_descending", in -> both(in.get(0).sort(0, true)), "11"),
          ops("sort_special", in -> both(in.get(0).sort(1, false))).jumps(),
          ops("sort_special_descending", in -> both(in.get(0).sort(0, true))).jumps(),
          ops("sort_integers", in -> both(in.get(0).sort(1, false)), "7x702"),
          op("argsort", in -> in.get(0).argsort(0, false), "13"),
          op("argmax_all", in -> in.get(0).argmax()),
          op("argmax_keep", in -> in.get(0).argmax(0, true), REDUCED),
          op("argmin", in -> in.get(0).argmin(1), REDUCED),
          op("argmin_all", in -> in.get(0).argmin(), "", "13x2"),
          op("argmin_special", in -> in.get(0).argmin(1), REDUCED),
          op("argmin_integers", in -> in.get(0).argmin(1), REDUCED),
          op("max", in -> in.get(0).max(), "1", "4x3"),
          ops("max_dim", in -> both(in.get(0).max(1, false)), "0x3", "13x7"),
          ops("max_keep", in -> both(in.get(0).max(0, true)), "7x1"),
          ops("max_special", in -> both(in.get(0).max(1, false))).jumps(),
          op("min", in -> in.get(0).min(), "1", "4x3"),
          ops("min_dim", in -> both(in.get(0).min(-1, false)), "7"),
          op("cumsum", in -> in.get(0).cumsum(1), "13x207", "2x0", "0x2"),
          op("cumsum_integers", in -> in.get(0).cumsum(0), "13x207"),
          op("std", in -> in.get(0).std(0, 2), "13x2x17"),
          op("std_constant", in -> in.get(0).std(1)).jumps(),
          op("logsumexp", in -> in.get(0).logsumexp(1), "13x207", "3x0", "0x3"),
          op("logsumexp_dims", in -> in.get(0).logsumexp(new int[] {0, -1}, true), "13x2x17"),
          op("norm", in -> in.get(0).norm(), "1", "13x207", "0"),
          op("norm_dim", in -> in.get(0).norm(2, 1, true), "13x207"),
          op("norm_zero", in -> in.get(0).norm()).jumps(),
          op("norm_1", in -> in.get(0).norm(1, 0, false), "13x207"),
          op("norm_3", in -> in.get(0).norm(3, new int[] {0, 2}, false), "13x2x17"),
          op("norm_infinity", in -> in.get(0).norm(Double.POSITIVE_INFINITY, 1, false), "13x7"),
          ops("chunk", in -> in.get(0).chunk(3, 1), "13x207"),
          ops("split", in -> in.get(0).split(2, 1), "0x5"),
          ops("split_sizes", in -> in.get(0).split(new long[] {1, 0, 3}, -1)),
          ops("unbind", in -> in.get(0).unbind(1), "13x3"),
          op("movedim", in -> in.get(0).movedim(0, -1).mul(1), "13x7x5"),
          op(
              "movedim_two",
              in -> in.get(0).movedim(new int[] {0, 1}, new int[] {2, 0}).mul(1),
              "13x7x5"),
          op("tile", in -> in.get(0).tile(2), "", "13x7", "0x3"),
          op("repeat", in -> in.get(0).repeat(2, 1, 3), "13x7", "0x3"),
          op("flip", in -> in.get(0).flip(0, -1), "13x207", "0x3"),
          op("roll", in -> in.get(0).roll(2, 1), "13x207", "0x3"),
          op("roll_back", in -> in.get(0).roll(-7, 0), "13"),
          op("tril", in -> in.get(0).tril(), "13x207", "0x3"),
          op("triu", in -> in.get(0).triu(-1), "2x13x7"),
          op("diag", in -> in.get(0).diag(), "0", "13"),
          op("diag_below", in -> in.get(0).diag(-2), "13"),
          op("diag_matrix", in -> in.get(0).diag(1), "13x7", "1x1"),
          op("diagonal", in -> in.get(0).diagonal(-1, 2, 0).mul(1), "13x2x7"),
          op("diagonal_empty", in -> in.get(0).diagonal(5, 0, 1).mul(1), "13x7"),
          op("mm", in -> in.get(0).mm(in.get(1)), "13x207, 207x7"),
          op("bmm", in -> in.get(0).bmm(in.get(1)), "3x13x7, 3x7x2"),
          op("mv", in -> in.get(0).mv(in.get(1)), "13x207, 207"),
          op("dot", in -> in.get(0).dot(in.get(1)), "207, 207", "0, 0"),
          op("outer", in -> in.get(0).outer(in.get(1)), "13, 207"),
          op("addmm", in -> in.get(0).addmm(in.get(1), in.get(2)), "1, 13x7, 7x2"),
          op("addmm_scaled", in -> in.get(0).addmm(in.get(1), in.get(2), 0.5, -2)),
          op("einsum", in -> einsum("ij,jk->ik", in), "13x207, 207x7"),
          op("einsum_implied", in -> einsum("kj,ji", in)),
          op("einsum_batch", in -> einsum("bij, bkj -> kbi", in), "3x13x7, 3x2x7"),
          op("einsum_three", in -> einsum("bi,ij,bj->b", in)),
          op("einsum_trace", in -> einsum("ii->", in), "13x13"),
          op("einsum_diagonal", in -> einsum("iji->ji", in)),
          op("einsum_sum", in -> einsum("ijk,l->k", in)),
          op("einsum_outer", in -> einsum("i,j->ji", in)),
          unary("sinh", Tensor::sinh),
          unary("cosh", Tensor::cosh),
          unary("asin", Tensor::asin),
          unary("acos", Tensor::acos),
          binary("atan2", Tensor::atan2),
          binary("fmod", Tensor::fmod),
          binary("remainder", Tensor::remainder),
          binary("floorDivide", Tensor::floorDivide),
          op("fmod_special", in -> in.get(0).fmod(in.get(1).detach())).jumps(),
          op("remainder_special", in -> in.get(0).remainder(in.get(1).detach())).jumps(),
          binary("fmod_integers", Tensor::fmod),
          binary("remainder_integers", Tensor::remainder),
          binary("floorDivide_integers", Tensor::floorDivide),
          unary("remainder_number", x -> x.remainder(-0.75)),
          binary("lerp", (a, b) -> a.lerp(b, 0.75)),
          op("lerp_tensor", in -> in.get(0).lerp(in.get(1), in.get(2)), "13x7, 7, 1"),
          binary("bitwiseAnd", Tensor::bitwiseAnd),
          binary("bitwiseOr", Tensor::bitwiseOr),
          binary("bitwiseXor", Tensor::bitwiseXor),
          binary("bitwiseXor_booleans", Tensor::bitwiseXor),
          unary("nanToNum", x -> x.nanToNum(0.5, 100, -200)).jumps(),
          op("nanToNum_limits", in -> in.get(0).toFloat().nanToNum()).jumps(),
          op("isclose", in -> in.get(0).isclose(in.get(1))),
          op("isclose_nan", in -> in.get(0).isclose(in.get(1), 0.5, 0.25, true)),
          op(
              "allclose",
              in -> {
                Tensor a = in.get(0);
                return Tensor.of(
                    new boolean[] {
                      a.allclose(in.get(1)), a.allclose(a.add(1e-6)), a.allclose(a.add(1e-3))
                    });
              }),
          op(
              "equal",
              in -> {
                Tensor a = in.get(0);
                return Tensor.of(
                    new boolean[] {
                      a.equal(in.get(1)), a.equal(a.clone()), a.equal(a.narrow(0, 0, 1))
                    });
              }),
          op("toLong", in -> in.get(0).toLong()),
          op("toDouble", in -> in.get(0).toDouble()).jumps());

  private static Tensor run(Op op, List<Tensor> inputs) {
    return Dispatch.run(op, inputs.toArray(new Tensor[0]));
  }

  private static List<Tensor> both(ValuesAndIndices chosen) {
    return List.of(chosen.values(), chosen.indices());
  }

  private static Tensor einsum(String equation, List<Tensor> operands) {
    return Tensor.einsum(equation, operands.toArray(new Tensor[0]));
  }

  private static Tensor norm(List<Tensor> in, boolean training) {
    Tensor[] inputs = in.toArray(new Tensor[0]);
    inputs[3] = inputs[3].detach();
    inputs[4] = inputs[4].detach();
    return Dispatch.run(new BatchNorm(training, 1e-5), inputs);
  }

  private static List<Tensor> pool(
      List<Tensor> in, int kH, int kW, int sH, int sW, int pH, int pW, int dH, int dW, boolean c) {
    int[] kernel = {kH, kW};
    int[] stride = {sH, sW};
    int[] padding = {pH, pW};
    int[] dilation = {dH, dW};
    return both(F.maxPool2dWithIndices(in.get(0), kernel, stride, padding, dilation, c));
  }
}
