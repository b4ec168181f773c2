package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.op.norm.BatchNorm;
import io.kindling.op.norm.BatchNormBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneDnnBatchNormTest {
  private static final double EPS = 1e-5;

  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({"2, 1, 1, 1", "13, 207, 1, 1", "4, 13, 5, 7", "3, 16, 14, 14", "2, 33, 1, 27"})
  void forwardAndBackwardInBothFormats(int n, int c, int h, int w) {
    Tensor x = Oracle.random(1, n, c, h, w).add(Oracle.random(2, 1, c, 1, 1).mul(5));
    Tensor g = Oracle.random(3, n, c, h, w);
    for (MemoryFormat format : MemoryFormat.values()) {
      check(x.contiguous(format), g.contiguous(format));
    }
    check(x.contiguous(MemoryFormat.CHANNELS_LAST), g);
    check(x, g.contiguous(MemoryFormat.CHANNELS_LAST));
    check(x.view(n, c, h * w), g.view(n, c, h * w));
    check(x.view(n, c, 1, h, w), g.view(n, c, 1, h, w));
    check(x.view(n, c, h * w).select(2, 0).contiguous(), g.view(n, c, h * w).select(2, 0));
  }

  private static void check(Tensor x, Tensor g) {
    long channels = x.size(1);
    Tensor weight = Oracle.random(4, channels);
    Tensor bias = Oracle.random(5, channels);
    Tensor mean = Oracle.random(6, channels);
    Tensor var = Oracle.random(7, channels).add(1.5);
    for (boolean training : new boolean[] {true, false}) {
      BatchNorm op = new BatchNorm(training, EPS);
      Tensor[] inputs = {x, weight, bias, mean, var};
      Tensor[] expected = Oracle.reference(op, inputs);
      Tensor[] found = Oracle.oneDnn(op, inputs);
      assertThat(found[0].layout().sameOrder(expected[0].layout())).isTrue();
      Bounds bounds = new Bounds(x, expected[1], expected[2], weight, bias, training);
      Oracle.checkWithin(op + " y", expected[0], found[0], bounds.errorOfY());
      Oracle.checkWithin(op + " mean", expected[1], found[1], bounds.errorOfMean());
      Oracle.checkWithin(op + " invStd", expected[2], found[2], bounds.errorOfInvStd());

      BatchNormBackward backward = new BatchNormBackward(training);
      Tensor[] saved = {g, x, weight, expected[1], expected[2]};
      Tensor[] wanted = Oracle.reference(backward, saved);
      Tensor[] gradients = Oracle.oneDnn(backward, saved);
      Oracle.checkWithin(backward + " x", wanted[0], gradients[0], bounds.gradientOfX(g));
      Oracle.checkWithin(backward + " weight", wanted[1], gradients[1], bounds.gradientOfWeight(g));
      Oracle.checkWithin(backward + " bias", wanted[2], gradients[2], bounds.gradientOfBias(g));
    }
  }

  @Test
  void aConstantChannelAndALargeMean() {
    Tensor x = Oracle.random(1, 6, 3, 5, 5);
    x.select(1, 1).fill_(3);
    check(x, Oracle.random(2, 6, 3, 5, 5));
    check(x.mul(0.1).add(100), Oracle.random(2, 6, 3, 5, 5));
  }

  @Test
  void whatIsLeftToJava() {
    Tensor x = Oracle.random(1, 4, 3, 6, 6);
    Tensor c = Oracle.random(2, 3);
    BatchNorm op = new BatchNorm(true, EPS);
    assertThat(Oracle.supports(op, x, c, c, c, c)).isTrue();
    assertThat(Oracle.supports(op, x.slice(2, 0, 6, 2), c, c, c, c)).isFalse();
    assertThat(Oracle.supports(op, x.transpose(2, 3), c, c, c, c)).isFalse();
    Tensor doubles = x.to(DType.FLOAT64);
    Tensor d = c.to(DType.FLOAT64);
    assertThat(Oracle.supports(op, doubles, d, d, d, d)).isFalse();
    assertThat(Oracle.supports(op, doubles, c, c, c, c)).isFalse();
    Tensor none = x.slice(0, 2, 2, 1);
    assertThat(Oracle.supports(new BatchNorm(false, EPS), none, c, c, c, c)).isFalse();
  }

  /**
   * Bounds to first order in the unit roundoff u. A mean of n numbers is off by {@code dm = (n + 1)
   * u E|x|}; a variance, computed about it, by {@code (n + 4) u var + dm^2}, where each difference
   * from the mean adds {@code 2 dm E|x - m|}; {@code 1/sqrt} halves a relative error. What follows
   * from y = (x - m) invStd weight + bias and from the formulas of the gradients is added up term
   * by term.
   */
  private record Bounds(
      Tensor x, Tensor mean, Tensor invStd, Tensor weight, Tensor bias, boolean training) {

    private double n() {
      return (double) x.numel() / x.size(1);
    }

    private Tensor channel(Tensor vector) {
      long[] shape = new long[x.dim()];
      java.util.Arrays.fill(shape, 1);
      shape[1] = x.size(1);
      return vector.to(DType.FLOAT64).view(shape);
    }

    private static Tensor abs(Tensor t) {
      Tensor wide = t.to(DType.FLOAT64);
      return wide.maximum(wide.neg());
    }

    private Tensor sum(Tensor t) {
      int[] dims = new int[t.dim() - 1];
      for (int i = 1; i < dims.length; i++) {
        dims[i] = i + 1;
      }
      return t.sum(dims, true);
    }

    private Tensor meanOf(Tensor t) {
      return sum(t).div(n());
    }

    private double u(double count) {
      return count * Oracle.FLOAT32;
    }

    /** x - m in double precision. */
    private Tensor centred() {
      return x.to(DType.FLOAT64).sub(channel(mean));
    }

    Tensor errorOfMean() {
      return training ? meanOf(abs(x)).mul(u(n() + 2)) : channel(mean).mul(0);
    }

    /** The relative error of invStd. */
    private Tensor spread() {
      Tensor inverse = channel(invStd);
      Tensor still = inverse.mul(0).add(u(6));
      if (!training) {
        return still;
      }
      Tensor dm = errorOfMean();
      Tensor d = centred();
      Tensor variance =
          meanOf(d.mul(d))
              .mul(u(n() + 4))
              .add(dm.mul(dm))
              .add(dm.mul(meanOf(abs(d))).mul(2))
              .add(meanOf(abs(d).mul(abs(x).add(abs(channel(mean))))).mul(u(2)));
      return variance.mul(inverse).mul(inverse).mul(0.5).add(still);
    }

    Tensor errorOfInvStd() {
      return spread().mul(channel(invStd));
    }

    Tensor errorOfY() {
      Tensor w = abs(channel(weight)).mul(channel(invStd));
      Tensor d = centred();
      return w.mul(abs(d))
          .mul(spread().add(u(4)))
          .add(w.mul(errorOfMean().add(abs(x).add(abs(channel(mean))).mul(u(3)))))
          .add(abs(channel(bias)).mul(u(3)));
    }

    /** z and what it may be off by, from the rounded difference and the rounded factor. */
    private Tensor z() {
      return abs(centred()).mul(channel(invStd));
    }

    private Tensor errorOfZ() {
      Tensor rounding = abs(x).add(abs(channel(mean))).mul(channel(invStd)).mul(u(2));
      return z().mul(u(6)).add(rounding);
    }

    private Tensor errorOfSumWithZ(Tensor g) {
      return sum(abs(g).mul(z().mul(u(n() + 4)).add(errorOfZ())));
    }

    Tensor gradientOfWeight(Tensor g) {
      return errorOfSumWithZ(g);
    }

    Tensor gradientOfBias(Tensor g) {
      return sum(abs(g)).mul(u(n() + 2));
    }

    Tensor gradientOfX(Tensor g) {
      Tensor scale = abs(channel(weight)).mul(channel(invStd));
      Tensor inner = abs(g).mul(u(10));
      if (training) {
        Tensor mean = meanOf(abs(g));
        Tensor slope = meanOf(abs(g).mul(z()));
        inner =
            inner
                .add(mean.mul(u(n() + 12)))
                .add(z().mul(slope).mul(u(12)))
                .add(errorOfZ().mul(slope))
                .add(z().mul(errorOfSumWithZ(g).div(n())));
      }
      return scale.mul(inner);
    }
  }
}
