package io.kindling.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Functions that loops calculate, beside {@link Math}'s, over all of float32. */
class FunctionLoopsTest {
  private static final int BLOCK = 512;
  private static final int INFINITY = 0x7f800000;

  /** A prime, so that all mantissas come. */
  private static final int STEP = 997;

  @FunctionalInterface
  private interface Loop {
    void run(float[] x, float[] out, int count);
  }

  @Test
  void logarithmsAreWithinOneUnit() {
    assertThat(worst(LogarithmLoop::run, Math::log, 0, INFINITY, STEP)).isLessThan(0.9);
    int half = Float.floatToRawIntBits(0.5f);
    int two = Float.floatToRawIntBits(2);
    assertThat(worst(LogarithmLoop::run, Math::log, half, two, 7)).isLessThan(0.9);
  }

  @Test
  void sinesAndCosinesAreRoundedFromDoubles() {
    assertThat(worst(SineLoop::sines, Math::sin, 0, INFINITY, STEP)).isLessThan(0.51);
    assertThat(worst(SineLoop::cosines, Math::cos, 0, INFINITY, STEP)).isLessThan(0.51);
  }

  @Test
  void sinesNearMultiplesOfPiKeepTheirDigits() {
    float[] x = new float[BLOCK];
    float[] sines = new float[BLOCK];
    float[] cosines = new float[BLOCK];
    for (int start = 1; start < 330_000; start += BLOCK) {
      for (int i = 0; i < BLOCK; i++) {
        x[i] = (float) ((start + i) * Math.PI / 2) * ((i & 1) == 0 ? 1 : -1);
      }
      SineLoop.sines(x, sines, BLOCK);
      SineLoop.cosines(x, cosines, BLOCK);
      for (int i = 0; i < BLOCK; i++) {
        assertThat(units(sines[i], Math.sin(x[i]))).isLessThan(0.51);
        assertThat(units(cosines[i], Math.cos(x[i]))).isLessThan(0.51);
      }
    }
  }

  @Test
  void specialNumbersBesideOthers() {
    float[] x = {
      1,
      -0f,
      0,
      Float.NaN,
      -1,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      Float.MIN_NORMAL,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      2
    };
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.of(x, x.length);
      float[] logs = tensor.log().toFloatArray();
      float[] sines = tensor.sin().toFloatArray();
      float[] cosines = tensor.cos().toFloatArray();
      for (int i = 0; i < x.length; i++) {
        assertThat(units(logs[i], Math.log(x[i]))).isLessThan(0.9);
        assertThat(units(sines[i], Math.sin(x[i]))).isLessThan(0.51);
        assertThat(units(cosines[i], Math.cos(x[i]))).isLessThan(0.51);
      }
      assertThat(Tensor.of(new float[] {-0f, 0}, 2).sin().toFloatArray()).containsExactly(-0f, 0);
    }
  }

  /** How far, in units in the last place of float32, the worst result is off. */
  private static double worst(Loop loop, DoubleUnaryOperator exact, int from, int to, int step) {
    float[] x = new float[BLOCK];
    float[] out = new float[BLOCK];
    double worst = 0;
    for (long start = from; start <= to; start += (long) step * BLOCK) {
      for (int i = 0; i < BLOCK; i++) {
        x[i] = Float.intBitsToFloat((int) Math.min(start + (long) step * i, to));
      }
      loop.run(x, out, BLOCK);
      for (int i = 0; i < BLOCK; i++) {
        worst = Math.max(worst, units(out[i], exact.applyAsDouble(x[i])));
      }
    }
    return worst;
  }

  private static double units(float result, double exact) {
    if (Double.isNaN(exact) || Double.isInfinite(exact)) {
      return Float.compare(result, (float) exact) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(result - exact) / Math.ulp((float) exact);
  }
}
