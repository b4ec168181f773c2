package io.kindling.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.autograd.Autograd;
import io.kindling.backend.Backends;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.conv.Conv2d;
import io.kindling.op.elementwise.ReluBackward;
import io.kindling.op.matmul.Linear;
import io.kindling.op.norm.BatchNorm;
import io.kindling.op.pool.MaxPool2d;
import io.kindling.op.pool.MaxPool2dIndices;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import io.kindling.testing.Closeness;
import io.kindling.testing.InputLayout;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The plain-Java kernels with more than a line of code against {@link NaiveLoops}, mostly in
 * float64.
 */
class JavaKernelsTest {
  private static final Closeness CLOSE = Closeness.of(DType.FLOAT64);

  private static Tensor random(long seed, long... shape) {
    return Tensor.zeros(Shape.of(shape), DType.FLOAT64, io.kindling.tensor.Device.CPU)
        .normal_(0, 1, new Generator(seed));
  }

  private static Tensor java(Supplier<Tensor> body) {
    return Backends.only(new JavaBackend(), body);
  }

  private static void check(String what, Tensor found, double[] expected) {
    CLOSE.check(what, found, Tensor.of(expected, found.shape().toArray()));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "13, 207, 702", "702, 1, 13", "1, 702, 1", "207, 3000, 3", "5, 0, 3"})
  void products(int m, int k, int n) {
    try (Scope scope = Scope.open()) {
      Tensor a = random(1, m, k);
      Tensor b = random(2, k, n);
      double[] expected = NaiveLoops.matmul(a.toDoubleArray(), b.toDoubleArray(), m, k, n);
      for (InputLayout layout : List.of(InputLayout.CONTIGUOUS, InputLayout.TRANSPOSED)) {
        Tensor left = layout.apply(a);
        Tensor right = layout.apply(b);
        check("matmul", java(() -> left.matmul(right)), expected);
        check("linear", java(() -> Dispatch.run(new Linear(), left, right.t())), expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1",
    "2, 13, 17, 9, 7, 3, 3, 1, 1, 1, 1",
    "1, 4, 6, 13, 11, 3, 2, 2, 1, 2, 2",
    "2, 207, 13, 3, 3, 3, 3, 1, 1, 1, 1",
    "1, 2, 3, 70, 71, 5, 4, 1, 2, 1, 1",
    "1, 6, 6, 8, 9, 3, 3, 2, 0, 1, 6",
    "0, 3, 4, 5, 5, 3, 3, 1, 0, 1, 1"
  })
  void convolutions(
      int n, int c, int o, int h, int w, int kh, int kw, int stride, int pad, int dil, int groups) {
    Conv2d conv = new Conv2d(stride, stride, pad, pad, dil, dil, groups);
    for (InputLayout layout : List.of(InputLayout.CONTIGUOUS, InputLayout.CHANNELS_LAST)) {
      try (Scope scope = Scope.open()) {
        Tensor x = random(1, n, c, h, w).requiresGrad_();
        Tensor weight = random(2, o, c / groups, kh, kw).requiresGrad_();
        Tensor out = java(() -> Dispatch.run(conv, layout.apply(x), layout.apply(weight)));
        Tensor g = layout.apply(random(3, out.shape().toArray()));
        double[] xs = x.toDoubleArray();
        double[] ws = weight.toDoubleArray();
        double[] gs = g.toDoubleArray();
        double[] expected = new double[gs.length];
        double[] forX = new double[xs.length];
        double[] forWeight = new double[ws.length];
        NaiveLoops.convolve(
            conv,
            x.shape().toArray(),
            weight.shape().toArray(),
            out.shape().toArray(),
            (at, from, by) -> {
              expected[at] += xs[from] * ws[by];
              forX[from] += gs[at] * ws[by];
              forWeight[by] += gs[at] * xs[from];
            });
        check("conv2d", out, expected);
        List<Tensor> gradients =
            Backends.only(
                new JavaBackend(),
                () ->
                    Autograd.grad(
                        List.of(out), List.of(x, weight), List.of(g), false, false, false));
        check("conv2dInputGrad", gradients.get(0), forX);
        check("conv2dWeightGrad", gradients.get(1), forWeight);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "13, 207", "702, 13", "3, 5000"})
  void softmax(int rows, int columns) {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, rows, columns);
      double[] expected = NaiveLoops.softmax(x.toDoubleArray(), columns);
      check("softmax", java(() -> x.softmax(1)), expected);
      check("logSoftmax", java(() -> x.logSoftmax(1).exp()), expected);
      check("softmax", java(() -> x.t().contiguous().softmax(0).t()), expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 2, 2, 2, 2", "2, 13, 17, 9, 3, 2", "1, 3, 13, 13, 2, 1"})
  void maxPooling(int n, int c, int h, int w, int kernel, int stride) {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, n, c, h, w);
      double[] expected = NaiveLoops.maxPool(x.toDoubleArray(), h, w, kernel, stride);
      MaxPool2d pool = new MaxPool2d(kernel, kernel, stride, stride, 0, 0, 1, 1, false);
      for (InputLayout layout : List.of(InputLayout.CONTIGUOUS, InputLayout.CHANNELS_LAST)) {
        Tensor[] out =
            Backends.only(new JavaBackend(), () -> Dispatch.runAll(pool, layout.apply(x)));
        check("maxPool2d", out[0], expected);
        Tensor indices = java(() -> Dispatch.run(new MaxPool2dIndices(pool, x.shape()), out[1]));
        Tensor taken = x.flatten(2, 3).gather(2, indices.flatten(2, 3));
        check("maxPool2d indices", taken, expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 1, 1", "13, 207, 3", "2, 13, 702"})
  void batchNorm(int n, int c, int rest) {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, n, c, rest);
      Tensor ones = Tensor.full(1, DType.FLOAT64, c);
      Tensor zeros = Tensor.full(0, DType.FLOAT64, c);
      BatchNorm norm = new BatchNorm(true, 1e-3);
      Tensor y = java(() -> Dispatch.run(norm, x, ones, zeros, zeros, ones));
      // The textbook variance, a difference of squares, loses more digits than the kernel's.
      new Closeness(1e-10)
          .check(
              "batchNorm",
              y,
              Tensor.of(NaiveLoops.batchNorm(x.toDoubleArray(), n, c, rest, 1e-3), n, c, rest));
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "13, 207, 3", "2, 5000, 3", "3, 2, 5000", "2, 0, 3", "0, 3, 2"})
  void sums(int a, int b, int c) {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, a, b, c);
      double[] expected = NaiveLoops.sumMiddle(x.toDoubleArray(), a, b, c);
      check("sum", java(() -> x.sum(1)), expected);
      Tensor turned = x.transpose(0, 2).contiguous();
      check("sum", java(() -> turned.sum(1).t()), expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 7", "13, 207", "70, 130", "600, 5", "5, 4000", "1, 140000", "300, 257"})
  void operandsOfAnyOrder(int a, int b) {
    try (Scope scope = Scope.open()) {
      Tensor x = random(1, a, b);
      List<Tensor> others =
          List.of(
              random(2, a, b),
              random(3, b, a).t(),
              random(4, b),
              random(5, a, 1),
              random(6),
              random(7, a, 2 * b).narrow(1, b, b),
              random(8, a, b).to(DType.FLOAT32));
      for (Tensor other : others) {
        double[] left = x.toDoubleArray();
        double[] right = other.expand(a, b).toDoubleArray();
        check("sub", java(() -> x.sub(other)), NaiveLoops.subtract(left, right));
        check(
            "sub",
            java(() -> x.t().sub(other.expand(a, b).t()).t()),
            NaiveLoops.subtract(left, right));
        Tensor single = other.to(DType.FLOAT32);
        Tensor chosen = java(() -> Tensor.where(x.gt(0), x.to(DType.FLOAT32), single));
        double[] values = chosen.toDoubleArray();
        double[] singles = single.expand(a, b).toDoubleArray();
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i]).isEqualTo(left[i] > 0 ? (double) (float) left[i] : singles[i]);
        }
      }
    }
  }

  @Test
  void theGradientOfReluPassesWhereItsOutputIsPositiveOrNaN() {
    try (Scope scope = Scope.open()) {
      float nan = Float.NaN;
      float tiny = Float.MIN_VALUE;
      float inf = Float.POSITIVE_INFINITY;
      Tensor output = Tensor.of(new float[] {1, 0, -0f, -1, nan, inf, -inf, tiny, -tiny}, 9);
      Tensor g = Tensor.of(new float[] {nan, nan, inf, 5, 5, 5, 5, -5, nan}, 9);
      Tensor found = java(() -> Dispatch.run(new ReluBackward(), g, output));
      assertThat(found.toDoubleArray()).containsExactly(nan, 0, 0, 0, 5, 5, 0, -5, 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 1048576", "20000, 3", "5000, 32", "130, 1000", "3, 5000", "33, 2049"})
  void sumsOfFloats(int rows, int columns) {
    try (Scope scope = Scope.open()) {
      // All near 1, so that a sum of floats, one after the other, would be far off.
      Tensor x = random(1, rows, columns).mul(0.1).add(1).to(DType.FLOAT32);
      double[] values = x.toDoubleArray();
      Closeness close = Closeness.of(DType.FLOAT32);
      double[] byColumn = NaiveLoops.sumMiddle(values, 1, rows, columns);
      close.check("sum", java(() -> x.sum(0)), Tensor.of(byColumn, columns));
      double[] byRow = NaiveLoops.sumMiddle(values, rows, columns, 1);
      close.check("sum", java(() -> x.sum(1)), Tensor.of(byRow, rows));
      double[] all = NaiveLoops.sumMiddle(values, 1, values.length, 1);
      close.check("sum", java(() -> x.sum().view(1)), Tensor.of(all, 1));
      close.check("mean", java(() -> x.mean().view(1).mul(values.length)), Tensor.of(all, 1));
    }
  }
}
