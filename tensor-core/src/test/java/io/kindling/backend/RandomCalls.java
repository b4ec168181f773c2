package io.kindling.backend;

import io.kindling.nn.functional.F;
import io.kindling.op.Dispatch;
import io.kindling.op.loss.LossReduction;
import io.kindling.op.matmul.LinearRelu;
import io.kindling.op.norm.BatchNorm;
import io.kindling.tensor.Generator;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Calls at random shapes of what backends have kernels for. Gradients add the backward operations.
 * An operation that gets a kernel gets a line in {@link #of}.
 */
final class RandomCalls {
  private static final int[] SIZES = {1, 1, 2, 3, 4, 5, 7, 8, 13, 16, 17};

  private final Random random;

  /** Whether the calls add up their inputs, which then are positive so that nothing cancels. */
  private boolean summed;

  /** Whether sizes are such that vectors are long, as fast kernels want them. */
  private final boolean large;

  private final List<Call> calls = new ArrayList<>();

  /**
   * A call.
   *
   * @param inputs float32 values
   * @param repeatable whether inputs whose elements repeat make no ties and no variance of 0
   * @param terms the size of the terms of which the first input's gradient is the sum, where they
   *     cancel and the gradient itself does not show it; from the inputs in float64
   */
  record Call(
      String name,
      List<Tensor> inputs,
      Function<List<Tensor>, Tensor> function,
      boolean repeatable,
      ToDoubleFunction<List<Tensor>> terms) {}

  private RandomCalls(Random random, boolean large) {
    this.random = random;
    this.large = large;
  }

  static List<Call> of(Random random, boolean large) {
    RandomCalls all = new RandomCalls(random, large);
    all.elementwise();
    all.summed = true;
    all.reductions();
    all.products();
    all.images();
    return all.calls;
  }

  private void elementwise() {
    long[] shape = shape();
    unary("relu", shape, Tensor::relu);
    unary("exp", shape, Tensor::exp);
    unary("tanh", shape, Tensor::tanh);
    unary("sigmoid", shape, Tensor::sigmoid);
    unary("gelu", shape, F::gelu);
    unary("gelu by tanh", shape, x -> F.gelu(x, "tanh"));
    unary("clamp", shape, x -> x.clamp(-0.5, 0.25));
    unary("clone", shape, Tensor::clone);
    unary("contiguous", shape, Tensor::contiguous);
    unary("channelsLast", imageShape(), x -> x.contiguous(MemoryFormat.CHANNELS_LAST));
    unary("toDouble", shape, Tensor::toDouble);
    unary("cat", shape, x -> Tensor.cat(List.of(x, x.neg()), x.dim() / 2));
    for (long[] other : List.of(shape, broadcast(shape))) {
      binary("add", shape, other, Tensor::add);
      binary("sub", shape, other, Tensor::sub);
      binary("mul", shape, other, Tensor::mul);
      binary("div", shape, other, (a, b) -> a.div(b.abs().add(0.5)));
      binary("maximum", shape, other, Tensor::maximum);
      binary("minimum", shape, other, Tensor::minimum);
    }
  }

  private void reductions() {
    long[] shape = shape();
    int dim = random.nextInt(shape.length);
    unary("sum", shape, Tensor::sum);
    unary("sum of a dimension", shape, x -> x.sum(dim));
    unary("sum of rows", new long[] {large ? 1000 : size(), 1 + size()}, x -> x.sum(0));
    unary("mean of all", shape, Tensor::mean);
    unary("mean", shape, x -> x.mean(dim, true));
    unary("softmax", shape, x -> x.softmax(dim));
    unary("softmax and logSoftmax of lines", shape, x -> x.softmax(-1).add(x.logSoftmax(-1)));
    unary("logSoftmax", shape, x -> x.logSoftmax(dim));
    crossEntropy();
  }

  /** Over whatever lies last, or of planes. */
  private void crossEntropy() {
    long rows = large ? 40_000 : size();
    long classes = 1 + random.nextInt(17);
    long[] shape =
        random.nextBoolean() ? new long[] {rows, classes} : new long[] {3, classes, rows};
    long[] targets = shape.length == 2 ? new long[] {rows} : new long[] {3, rows};
    Generator generator = new Generator(random.nextLong());
    Tensor target = Tensor.randint(generator, 0, classes, targets);
    long ignored = random.nextBoolean() ? -100 : 0;
    add(
        "crossEntropy",
        true,
        in -> F.crossEntropy(in.get(0), target, null, ignored, LossReduction.NONE),
        new long[][] {shape});
    add(
        "crossEntropy with weights",
        true,
        in -> F.crossEntropy(in.get(0), target, in.get(1).detach(), ignored, LossReduction.SUM),
        new long[][] {shape, {classes}});
  }

  private void products() {
    long m = size();
    long k = size();
    long n = size();
    long b = 1 + random.nextInt(3);
    binary("matmul", new long[] {m, k}, new long[] {k, n}, Tensor::matmul);
    binary("matmul of batches", new long[] {b, m, k}, new long[] {b, k, n}, Tensor::matmul);
    binary("matmul that broadcasts", new long[] {b, 1, m, k}, new long[] {k, n}, Tensor::matmul);
    binary("matmul with a vector", new long[] {m, k}, new long[] {k}, Tensor::matmul);
    add(
        "linear",
        true,
        in -> F.linear(in.get(0), in.get(1), in.get(2)),
        new long[][] {{b, m, k}, {n, k}, {n}});
    add(
        "linear without bias",
        true,
        in -> F.linear(in.get(0), in.get(1), null),
        new long[][] {{m, k}, {n, k}});
    // Kernels for the gradient want many elements.
    long rows = large ? 700 : b;
    add(
        "linear and relu",
        true,
        in -> linearAndRelu(in.get(0), in.get(1), in.get(2)),
        new long[][] {{rows, m, k}, {n, k}, {n}});
    add(
        "linear and relu of a line",
        true,
        in -> linearAndRelu(in.get(0), in.get(1), in.get(2)),
        new long[][] {{k}, {n, k}, {n}});
    add(
        "linear without bias and relu",
        true,
        in -> Dispatch.run(new LinearRelu(), in.get(0), alternating(in.get(1))),
        new long[][] {{m, k}, {n, k}});
  }

  private static Tensor linearAndRelu(Tensor x, Tensor weight, Tensor bias) {
    return Dispatch.run(new LinearRelu(), x, alternating(weight), alternating(bias));
  }

  /** Every other row negated, so that each sum of positive terms is far from 0 on either side. */
  private static Tensor alternating(Tensor rows) {
    long[] sizes = new long[rows.dim()];
    Arrays.fill(sizes, 1);
    sizes[0] = rows.size(0);
    Tensor signs = Tensor.arange(rows.size(0)).remainder(2).mul(2).sub(1);
    return rows.mul(signs.view(sizes).to(rows.dtype()));
  }

  private void images() {
    long[] shape = imageShape();
    int groups = random.nextInt(3) == 0 ? (int) shape[1] : 1;
    int kernel = 1 + random.nextInt(3);
    int[] stride = {1 + random.nextInt(2), 1 + random.nextInt(2)};
    int[] padding = {random.nextInt(1 + kernel / 2), random.nextInt(1 + kernel / 2)};
    int[] one = {1, 1};
    long[] weight = {groups * (1 + random.nextInt(3)), shape[1] / groups, kernel, kernel};
    add(
        "conv2d",
        true,
        in -> F.conv2d(in.get(0), in.get(1), in.get(2), stride, padding, one, groups),
        new long[][] {shape, weight, {weight[0]}});
    int[] window = {kernel, kernel};
    boolean ceil = random.nextBoolean();
    add(
        "maxPool2d",
        false,
        in -> F.maxPool2d(in.get(0), window, stride, padding, one, ceil),
        new long[][] {shape});
    long channels = shape[1];
    for (boolean training : new boolean[] {shape[0] > 0, false}) {
      add(
          "batchNorm",
          false,
          training ? RandomCalls::batchNormTerms : in -> 0,
          in ->
              Dispatch.runAll(
                  new BatchNorm(training, 1e-3),
                  in.get(0),
                  in.get(1),
                  in.get(2),
                  in.get(3).detach(),
                  in.get(4).detach().abs().add(0.5))[0],
          new long[][] {shape, {channels}, {channels}, {channels}, {channels}});
    }
  }

  /**
   * The gradient is {@code w / std (g - mean(g) - x' mean(g x'))}, where x' is x normalised: each
   * of the three terms is at most {@code w / std} times the largest g and, in the third, x'. The
   * means are over all places of a channel, and a mean's error goes with the size of what it is
   * taken of.
   */
  private static double batchNormTerms(List<Tensor> in) {
    int[] places = {0, 2, 3};
    Tensor x = in.get(0);
    Tensor centred = x.sub(x.mean(places, true));
    Tensor std = centred.square().mean(places, true).add(1e-3).sqrt();
    Tensor normalised = centred.div(std).abs().amax(places, false).add(2);
    Tensor largest = in.get(1).abs().div(std.view(-1)).mul(normalised);
    return largest.numel() == 0 ? 0 : largest.amax().item() * BackendContractTest.LARGEST_GRADIENT;
  }

  private void unary(String name, long[] shape, Function<Tensor, Tensor> function) {
    add(name, true, in -> function.apply(in.get(0)), new long[][] {shape});
  }

  private void binary(
      String name, long[] a, long[] b, java.util.function.BinaryOperator<Tensor> function) {
    add(name, true, in -> function.apply(in.get(0), in.get(1)), new long[][] {a, b});
  }

  private void add(
      String name, boolean repeatable, Function<List<Tensor>, Tensor> function, long[][] shapes) {
    add(name, repeatable, in -> 0, function, shapes);
  }

  private void add(
      String name,
      boolean repeatable,
      ToDoubleFunction<List<Tensor>> terms,
      Function<List<Tensor>, Tensor> function,
      long[][] shapes) {
    List<Tensor> inputs = new ArrayList<>();
    for (long[] shape : shapes) {
      Generator generator = new Generator(random.nextLong());
      inputs.add(summed ? Tensor.rand(generator, shape).add(0.25) : Tensor.randn(generator, shape));
    }
    calls.add(new Call(name, inputs, function, repeatable, terms));
  }

  private long[] shape() {
    long[] shape = new long[1 + random.nextInt(4)];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = size();
    }
    if (large) {
      shape[random.nextInt(shape.length)] = 270_000;
      for (int i = 0; i < shape.length; i++) {
        shape[i] = shape[i] > 1000 ? shape[i] : 1 + shape[i] % 2;
      }
    }
    return shape;
  }

  private long[] imageShape() {
    long pixels = large ? 24 : 3 + random.nextInt(6);
    return new long[] {large ? 4 : size() % 4, 1 + random.nextInt(4), pixels, pixels + 1};
  }

  private long size() {
    return random.nextInt(20) == 0 ? 0 : large ? 40 : SIZES[random.nextInt(SIZES.length)];
  }

  private long[] broadcast(long[] shape) {
    long[] other = shape.clone();
    other[random.nextInt(shape.length)] = 1;
    return other;
  }
}
