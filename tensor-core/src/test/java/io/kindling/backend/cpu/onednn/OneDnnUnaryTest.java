package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.op.Op;
import io.kindling.op.elementwise.Clamp;
import io.kindling.op.elementwise.Exp;
import io.kindling.op.elementwise.Gelu;
import io.kindling.op.elementwise.GeluBackward;
import io.kindling.op.elementwise.Relu;
import io.kindling.op.elementwise.Sigmoid;
import io.kindling.op.elementwise.Tanh;
import io.kindling.tensor.DType;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class OneDnnUnaryTest {
  private static final long SIZE = 70_207;

  @Test
  void exponentialsWithinSixUnitsInTheLastPlace() {
    check(new Exp(), Math::exp, 6);
  }

  @Test
  void hyperbolicTangentsWithinTwo() {
    check(new Tanh(), Math::tanh, 2);
  }

  @Test
  void sigmoidsWithinSix() {
    check(new Sigmoid(), x -> 1 / (1 + Math.exp(-x)), 6);
  }

  @Test
  void reluExactlyInPlaceTooAndWithEveryOddNumberInEveryPlace() {
    for (long size : new long[] {OneDnnUnary.FEWEST_OF_RELU, OneDnnUnary.FEWEST_OF_RELU + 1037}) {
      for (int at : new int[] {0, 64, 1023, 32767, (int) size - 1}) {
        for (int bits : new int[] {0x7fc12345, 0xffc00001, 0x7f800000, 0xff800000, 0x80000000, 1}) {
          try (Scope scope = Scope.open()) {
            Tensor x = Oracle.random(at, size);
            OffHeap.putInt(x.address() + 4L * at, bits);
            float[] expected = Oracle.reference(new Relu(), x)[0].toFloatArray();
            assertThat(Oracle.oneDnn(new Relu(), x)[0].toFloatArray()).isEqualTo(expected);
            assertThat(x.relu_().toFloatArray()).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void clampsExactlyWithEveryOddNumber() {
    float infinity = Float.POSITIVE_INFINITY;
    double[][] bounds = {{-0.5, 0.25}, {0.1, infinity}, {-infinity, -0.3}, {0.7, 0.7}};
    for (DType dtype : Oracle.types()) {
      for (double[] bound : bounds) {
        for (float odd : new float[] {Float.NaN, infinity, -infinity, -0f, 1e-3f, -3e38f}) {
          try (Scope scope = Scope.open()) {
            Op op = new Clamp(bound[0], bound[1]);
            Tensor x = Oracle.random(1, SIZE).to(dtype);
            x.slice(0, SIZE - 3, SIZE - 2, 1).fill_(odd);
            float[] expected = Oracle.reference(op, x)[0].toFloatArray();
            assertThat(Oracle.oneDnn(op, x)[0].toFloatArray()).isEqualTo(expected);
            assertThat(x.clamp_(bound[0], bound[1]).toFloatArray()).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void boundsThatContradictEachOtherOrAreNoNumbersAreLeftToJava() {
    try (Scope scope = Scope.open()) {
      Tensor x = Oracle.random(1, SIZE);
      assertThat(x.clamp(0.5, -0.5).toFloatArray()).containsOnly(-0.5f);
      assertThat(x.clamp(Double.NaN, 1).toFloatArray()).containsOnly(Float.NaN);
      assertThat(x.clamp(0, 1).amin().item()).isZero();
    }
  }

  @Test
  void aSumThatOverflowsIsNoNotANumber() {
    try (Scope scope = Scope.open()) {
      Tensor x = Oracle.random(1, OneDnnUnary.FEWEST_OF_RELU).add(1).mul(1.5e38);
      float[] values = x.toFloatArray();
      assertThat(Oracle.oneDnn(new Relu(), x)[0].toFloatArray()).isEqualTo(values);
    }
  }

  private static void check(Op op, DoubleUnaryOperator exact, int units) {
    try (Scope scope = Scope.open()) {
      // From -120 to 120, denser near 0, and what lies at the ends of float32.
      Tensor line = Oracle.random(1, SIZE);
      Tensor x = line.mul(line).mul(line).mul(120);
      float[] ends = {0f, -0f, 1e-40f, -1e-40f, 1e30f, -1e30f, 88.7f, 89f, -87.3f, -104f};
      for (int i = 0; i < ends.length; i++) {
        x.slice(0, i, i + 1, 1).fill_(ends[i]);
      }
      float[] in = x.toFloatArray();
      float[] out = Oracle.oneDnn(op, x)[0].toFloatArray();
      for (int i = 0; i < in.length; i++) {
        float expected = (float) exact.applyAsDouble(in[i]);
        // Near the smallest normal number and below results may become 0.
        float allowed = Math.max(units * Math.ulp(expected), 2 * Float.MIN_NORMAL);
        assertThat(out[i] == expected || Math.abs(out[i] - expected) <= allowed)
            .as("%s(%s) = %s for %s", op.name(), in[i], out[i], expected)
            .isTrue();
      }
    }
  }

  @Test
  void geluAndItsSlopeWithinAMillionth() {
    for (boolean tanh : new boolean[] {false, true}) {
      try (Scope scope = Scope.open()) {
        Tensor x = Oracle.random(1, SIZE).mul(9);
        float[] ends = {0f, -0f, 1e-40f, -1e-40f, 1e9f, -1e9f, 30f, -30f};
        for (int i = 0; i < ends.length; i++) {
          x.slice(0, i, i + 1, 1).fill_(ends[i]);
        }
        double[] in = x.toDoubleArray();
        Tensor exact = x.to(DType.FLOAT64);
        double[] value = Oracle.reference(new Gelu(tanh), exact)[0].toDoubleArray();
        double[] found = Oracle.oneDnn(new Gelu(tanh), x)[0].toDoubleArray();
        Op backward = new GeluBackward(tanh);
        Tensor g = Tensor.onesLike(x);
        double[] slope =
            Oracle.reference(backward, Tensor.onesLike(exact), exact)[0].toDoubleArray();
        double[] slopes = Oracle.oneDnn(backward, g, x)[0].toDoubleArray();
        for (int i = 0; i < in.length; i++) {
          double allowed = 6e-7 * Math.min(Math.abs(in[i]), 30) + 6e-8 * Math.abs(value[i]);
          assertThat(found[i]).as("%s at %s", tanh, in[i]).isCloseTo(value[i], within(allowed));
          assertThat(slopes[i]).as("slope %s at %s", tanh, in[i]).isCloseTo(slope[i], within(1e-6));
        }
      }
    }
  }

  @Test
  void geluKeepsNotANumberAndInfinity() {
    for (boolean tanh : new boolean[] {false, true}) {
      for (int at : new int[] {0, 4095, (int) SIZE - 1}) {
        for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
          try (Scope scope = Scope.open()) {
            Tensor x = Oracle.random(1, SIZE);
            x.slice(0, at, at + 1, 1).fill_(odd);
            double[] found = Oracle.oneDnn(new Gelu(tanh), x)[0].toDoubleArray();
            for (int i = 0; i < found.length; i++) {
              assertThat(Double.isFinite(found[i])).isEqualTo(i != at);
            }
            assertThat(Double.compare(found[at], odd)).isZero();
          }
        }
      }
    }
  }

  @Test
  void bfloat16IsRoundedOnceFromFloat32() {
    assumeTrue(OneDnn.hasBfloat16(), "this processor has no bfloat16");
    try (Scope scope = Scope.open()) {
      Tensor x = Oracle.random(1, SIZE).mul(30).to(DType.BFLOAT16);
      checkBfloat16(new Exp(), x, Math::exp);
      checkBfloat16(new Tanh(), x, Math::tanh);
      checkBfloat16(new Sigmoid(), x, value -> 1 / (1 + Math.exp(-value)));
      assertThat(Oracle.supports(new Relu(), x.expand(8, SIZE).contiguous())).isFalse();
    }
  }

  private static void checkBfloat16(Op op, Tensor x, DoubleUnaryOperator exact) {
    double[] in = x.toDoubleArray();
    double[] out = Oracle.oneDnn(op, x)[0].toDoubleArray();
    for (int i = 0; i < in.length; i++) {
      double expected = exact.applyAsDouble(in[i]);
      double share = Oracle.BFLOAT16 + 13 * Oracle.FLOAT32;
      assertThat(Math.abs(out[i] - expected)).isLessThanOrEqualTo(share * Math.abs(expected));
    }
  }

  @Test
  void notANumberAndInfinityAreKept() {
    try (Scope scope = Scope.open()) {
      for (DType dtype : Oracle.types())
        for (int at : new int[] {0, 1, 4095, 8192, (int) SIZE - 1}) {
          for (float odd : new float[] {Float.NaN, Float.intBitsToFloat(0xffc00001)}) {
            Tensor x = Oracle.random(1, SIZE).to(dtype);
            x.slice(0, at, at + 1, 1).fill_(odd);
            for (Tensor y : new Tensor[] {x.exp(), x.tanh(), x.sigmoid()}) {
              float[] values = y.toFloatArray();
              for (int i = 0; i < values.length; i++) {
                assertThat(Float.isNaN(values[i])).isEqualTo(i == at);
              }
            }
          }
        }
      Tensor x = Oracle.random(1, SIZE);
      x.slice(0, 0, 1, 1).fill_(Double.POSITIVE_INFINITY);
      x.slice(0, 1, 2, 1).fill_(Double.NEGATIVE_INFINITY);
      assertThat(x.exp().toFloatArray()).startsWith(Float.POSITIVE_INFINITY, 0f);
      assertThat(x.tanh().toFloatArray()).startsWith(1f, -1f);
      assertThat(x.sigmoid().toFloatArray()).startsWith(1f, 0f);
    }
  }

  @Test
  void anyDenseOrderButNoStridesAndNothingSmall() {
    try (Scope scope = Scope.open()) {
      Tensor x = Oracle.random(1, 3, 5, 7, 13);
      assertThat(Oracle.supports(new Tanh(), x.contiguous(MemoryFormat.CHANNELS_LAST))).isTrue();
      assertThat(Oracle.supports(new Tanh(), x.transpose(1, 2))).isTrue();
      assertThat(x.transpose(1, 2).tanh().toFloatArray())
          .isEqualTo(x.tanh().transpose(1, 2).toFloatArray());
      assertThat(Oracle.supports(new Tanh(), x.slice(1, 0, 5, 2))).isFalse();
      assertThat(Oracle.supports(new Tanh(), x.to(DType.FLOAT64))).isFalse();
      assertThat(Oracle.supports(new Tanh(), Oracle.random(1, OneDnnUnary.FEWEST - 1))).isFalse();
    }
  }
}
