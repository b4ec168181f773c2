package io.kindling.testing;

import static io.kindling.testing.OpCase.binary;
import static io.kindling.testing.OpCase.op;
import static io.kindling.testing.OpCase.ops;
import static io.kindling.testing.OpCase.unary;

import io.kindling.op.Dispatch;
import io.kindling.op.Op;
import io.kindling.op.conv.Conv2d;
import io.kindling.op.elementwise.Gelu;
import io.kindling.op.loss.LossReduction;
import io.kindling.op.loss.NllLoss;
import io.kindling.op.matmul.Linear;
import io.kindling.op.norm.BatchNorm;
import io.kindling.op.pool.MaxPool2d;
import io.kindling.tensor.Tensor;
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
          op("sum_dims", in -> in.get(0).sum(false, 0, -1), IMAGES),
          op("sum_keep", in -> in.get(0).sum(true, 1), IMAGES),
          op("sum_integers", in -> in.get(0).sum(false, 0), REDUCED),
          op("mean", in -> in.get(0).mean(), REDUCED),
          op("mean_dims", in -> in.get(0).mean(false, 0, 2, 3), "2x13x9x11", "1x1x1x1"),
          op("amax", in -> in.get(0).amax(false, 1), REDUCED),
          op("amin", in -> in.get(0).amin(true, 0, 3), "2x13x9x11", "1x1x1x1"),
          op("amax_equal", in -> in.get(0).amax(false), REDUCED).jumps(),
          op("prod", in -> in.get(0).prod(), "1", "13x2"),
          op("prod_dim", in -> in.get(0).prod(false, 1), "13x13", "2x0x3"),
          op("prod_zeros", in -> in.get(0).prod(false, 1), "13x13").jumps(),
          op("any", in -> in.get(0).any(false, 1), REDUCED),
          op("any_floats", in -> in.get(0).any(), REDUCED),
          op("all", in -> in.get(0).all(false, 0), REDUCED),
          op("all_floats", in -> in.get(0).all(false, 1), REDUCED),
          op("argmax", in -> in.get(0).argmax(1), REDUCED),
          op("argmax_special", in -> in.get(0).argmax(1), REDUCED),
          op("var", in -> in.get(0).var(1, false, 0, 2), "13x2x17"),
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
          op("nllLoss_one", in -> run(new NllLoss(LossReduction.MEAN, -100), in)));

  private static Tensor run(Op op, List<Tensor> inputs) {
    return Dispatch.run(op, inputs.toArray(new Tensor[0]));
  }

  private static Tensor norm(List<Tensor> in, boolean training) {
    Tensor[] inputs = in.toArray(new Tensor[0]);
    inputs[3] = inputs[3].detach();
    inputs[4] = inputs[4].detach();
    return Dispatch.run(new BatchNorm(training, 1e-5), inputs);
  }

  private static List<Tensor> pool(
      List<Tensor> in, int kH, int kW, int sH, int sW, int pH, int pW, int dH, int dW, boolean c) {
    return List.of(Dispatch.runAll(new MaxPool2d(kH, kW, sH, sW, pH, pW, dH, dW, c), in.get(0)));
  }
}
