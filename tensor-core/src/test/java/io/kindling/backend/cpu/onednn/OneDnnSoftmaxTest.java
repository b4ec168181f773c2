package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.norm.LogSoftmax;
import io.kindling.op.norm.Softmax;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OneDnnSoftmaxTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void alongEveryDimension() {
    for (long size : new long[] {1, 13, 207, 702}) {
      check(Oracle.random(1, size), 0);
      check(Oracle.random(1, size, 13).mul(30), 0);
      check(Oracle.random(1, 13, size).mul(30), -1);
      check(Oracle.random(1, 3, size, 5).mul(10), 1);
      check(Oracle.random(1, 2, 3, size, 5).mul(10), -2);
    }
  }

  @Test
  void valuesFarApartOrLarge() {
    check(Tensor.of(new float[] {1000, 0, -1000, 5, 5, 5}, 2, 3), 1);
    check(Oracle.random(1, 13, 10).add(1e4), 1);
  }

  /**
   * With z = x - max, rounded once, {@code e^z} is off by a share (|z| + 6) u, the sum by as much
   * as the terms that make it up, which are those with small |z|, and n u more, the division by u,
   * the oracle by u. A logarithm turns shares into differences and adds three roundings of numbers
   * of at most |z| + log n.
   */
  private static void check(Tensor x, int dim) {
    long n = x.size(dim);
    Tensor spread = x.amax(dim, true).sub(x).add(Tensor.zerosLike(x));
    double[] z = spread.toDoubleArray();
    double[] expected = Oracle.reference(new Softmax(dim), x)[0].toDoubleArray();
    double[] found = Oracle.oneDnn(new Softmax(dim), x)[0].toDoubleArray();
    for (int i = 0; i < expected.length; i++) {
      double share = (z[i] + n + 10) * Oracle.FLOAT32;
      assertThat(Math.abs(found[i] - expected[i]))
          .as("softmax of %s along %d, element %d", x.shape(), dim, i)
          .isLessThanOrEqualTo(share * expected[i] + Float.MIN_NORMAL);
    }
  }

  @Test
  void aConfidentPredictionKeepsItsSmallLoss() {
    // The logarithm is Java's; oneDNN's would be off by more than a tenth here.
    Tensor x = Tensor.of(new float[] {12, 0, -1}, 1, 3);
    double loss = -Dispatch.run(new LogSoftmax(1), x).select(1, 0).item();
    assertThat(loss).isCloseTo(Math.log1p(Math.exp(-12) + Math.exp(-13)), withinPercentage(1));
  }

  @Test
  void inBfloat16() {
    assumeTrue(OneDnn.hasBfloat16(), "this processor has no bfloat16");
    for (long size : new long[] {1, 13, 702}) {
      Tensor x = Oracle.random(1, size, 13).mul(10).to(DType.BFLOAT16);
      for (int dim = 0; dim < 2; dim++) {
        double[] found = Oracle.oneDnn(new Softmax(dim), x)[0].toDoubleArray();
        double[] expected = Oracle.reference(new Softmax(dim), x.toDouble())[0].toDoubleArray();
        for (int i = 0; i < found.length; i++) {
          // The rounding of the result; what is lost before is at most 800 roundings of float32.
          double share = Oracle.BFLOAT16 + 800 * Oracle.FLOAT32;
          assertThat(Math.abs(found[i] - expected[i])).isLessThanOrEqualTo(share * expected[i]);
        }
      }
    }
  }

  @Test
  void aLineWithNaNBecomesNaN() {
    for (DType dtype : Oracle.types())
      for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        Tensor x = Oracle.random(1, 13, 207).to(dtype);
        x.select(0, 5).slice(0, 206, 207, 1).fill_(odd);
        Tensor y = Oracle.oneDnn(new Softmax(1), x)[0];
        for (int row = 0; row < 13; row++) {
          for (float value : y.select(0, row).toFloatArray()) {
            assertThat(Float.isNaN(value)).isEqualTo(row == 5);
          }
        }
      }
  }

  @Test
  void minusInfinityIsAProbabilityOfZero() {
    Tensor x = Oracle.random(1, 13, 207);
    x.select(0, 5).slice(0, 3, 4, 1).fill_(Double.NEGATIVE_INFINITY);
    float[] line = Oracle.oneDnn(new Softmax(1), x)[0].select(0, 5).toFloatArray();
    assertThat(line[3]).isZero();
    assertThat(line[4]).isPositive();
  }

  @Test
  void whatIsLeftToJava() {
    Tensor x = Oracle.random(1, 13, 207);
    assertThat(Oracle.supports(new Softmax(0), x.t())).isFalse();
    assertThat(Oracle.supports(new Softmax(0), x.to(DType.FLOAT64))).isFalse();
    assertThat(Oracle.supports(new Softmax(0), x.slice(0, 3, 3, 1))).isFalse();
    assertThat(x.slice(0, 3, 3, 1).numel()).isZero();
  }
}
