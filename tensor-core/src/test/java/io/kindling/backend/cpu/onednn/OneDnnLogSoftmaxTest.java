package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.op.norm.LogSoftmax;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OneDnnLogSoftmaxTest {
  private static final LogSoftmax OP = new LogSoftmax(-1);

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
  void rowsOfAnyLength() {
    for (long size : new long[] {1, 2, 3, 10, 207, 1031, 20_011}) {
      long rows = 20_011 / size + 3;
      for (double spread : new double[] {1, 30, 2000}) {
        check(Oracle.random(size, rows, size).mul(spread));
      }
      check(Tensor.ones(rows, size).mul(7));
    }
    check(Oracle.random(1, 3, 5, 7, 31));
    check(Oracle.random(1, 5000));
  }

  /**
   * With z = x - max, rounded once, exponentials are off by |z| + 6 units, their sum by as much of
   * what they add, and the result is rounded twice more. The largest element of a row has no z, and
   * its small loss keeps its digits, more than the oracle's.
   */
  private static void check(Tensor x) {
    Tensor exact = x.toDouble();
    double[] z = exact.sub(exact.amax(-1, true)).toDoubleArray();
    double[] expected = Oracle.reference(OP, exact)[0].toDoubleArray();
    double[] found = Oracle.oneDnn(OP, x)[0].toDoubleArray();
    for (int i = 0; i < found.length; i++) {
      double allowed = Oracle.FLOAT32 * (2 * Math.abs(z[i]) + Math.abs(expected[i]) + 12);
      if (z[i] == 0) {
        allowed = Math.min(allowed, 40 * Oracle.FLOAT32 * Math.abs(expected[i]) + 1e-12);
      }
      assertThat(Math.abs(found[i] - expected[i]))
          .as("logSoftmax of %s, element %d: %s for %s", x.shape(), i, found[i], expected[i])
          .isLessThanOrEqualTo(allowed);
    }
  }

  @Test
  void aConfidentPredictionKeepsItsSmallLoss() {
    Tensor x = Oracle.random(1, 500, 10);
    x.select(1, 4).add_(12);
    check(x);
  }

  @Test
  void notANumberAndInfinityAreAsInJava() {
    for (float odd :
        new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f, -3e38f}) {
      for (long at : new long[] {0, 5, 9}) {
        Tensor x = Oracle.random(1, 5000, 10);
        x.select(0, 4000).narrow(0, at, 1).fill_(odd);
        double[] expected = Oracle.reference(OP, x)[0].toDoubleArray();
        double[] found = Oracle.oneDnn(OP, x)[0].toDoubleArray();
        for (int i = 0; i < found.length; i++) {
          assertThat(
                  found[i] == expected[i]
                      || Double.isNaN(found[i]) && Double.isNaN(expected[i])
                      || Math.abs(found[i] - expected[i]) < 1e-5)
              .as("%s at %d: element %d is %s for %s", odd, at, i, found[i], expected[i])
              .isTrue();
        }
      }
    }
    Tensor none = Tensor.full(Double.NEGATIVE_INFINITY, DType.FLOAT32, 200, 10);
    assertThat(Oracle.oneDnn(OP, none)[0].isnan().all().item()).isEqualTo(1);
  }

  @Test
  void whatIsLeftToJava() {
    Tensor x = Oracle.random(1, 200, 10);
    assertThat(Oracle.supports(OP, x)).isTrue();
    assertThat(Oracle.supports(new LogSoftmax(0), x)).isFalse();
    assertThat(Oracle.supports(OP, x.t())).isFalse();
    assertThat(Oracle.supports(OP, x.to(DType.FLOAT64))).isFalse();
    assertThat(Oracle.supports(OP, x.narrow(0, 0, 100))).isFalse();
  }
}
