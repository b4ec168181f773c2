package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.Op;
import io.kindling.op.elementwise.Add;
import io.kindling.op.elementwise.Div;
import io.kindling.op.elementwise.Mul;
import io.kindling.op.elementwise.Sub;
import io.kindling.tensor.DType;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OneDnnBinaryTest {
  private static final float[] ODD = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, 1e-42f, -3e38f, 1f
  };

  static Stream<Op> operations() {
    return Stream.of(new Add(), new Sub(), new Mul(), new Div());
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyPairOfOddNumbersExactlyAsInJava(Op op) {
    for (long size : new long[] {OneDnnBinary.FEWEST, 3 * OneDnnBinary.FEWEST + 37}) {
      try (Scope scope = Scope.open()) {
        Tensor a = Oracle.random(1, size);
        Tensor b = Oracle.random(2, size);
        for (long place : new long[] {0, 1000, size - ODD.length * ODD.length}) {
          for (int i = 0; i < ODD.length * ODD.length; i++) {
            OffHeap.putFloat(a.address() + 4 * (place + i), ODD[i / ODD.length]);
            OffHeap.putFloat(b.address() + 4 * (place + i), ODD[i % ODD.length]);
          }
        }
        int[] expected = bits(Oracle.reference(op, a, b)[0]);
        assertThat(bits(Oracle.oneDnn(op, a, b)[0])).isEqualTo(expected);
        assertThat(bits(Dispatch.runInPlace(op, a, b))).isEqualTo(expected);
      }
    }
  }

  /** Which of several numbers NaN is, and its sign, say nothing. */
  private static int[] bits(Tensor tensor) {
    float[] values = tensor.toFloatArray();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void otherOrdersTypesAndSizesAreLeftToJava() {
    try (Scope scope = Scope.open()) {
      Add op = new Add();
      Tensor x = Oracle.random(1, 8, 16, 32, 32);
      Tensor last = x.contiguous(MemoryFormat.CHANNELS_LAST);
      assertThat(Oracle.supports(op, x, x)).isTrue();
      assertThat(Oracle.supports(op, last, last)).isTrue();
      assertThat(Oracle.supports(op, x, last)).isFalse();
      assertThat(Oracle.supports(op, x, x.to(DType.FLOAT64))).isFalse();
      assertThat(Oracle.supports(op, x, x.slice(0, 0, 1, 1))).isFalse();
      Tensor small = Oracle.random(1, OneDnnBinary.FEWEST - 1);
      assertThat(Oracle.supports(op, small, small)).isFalse();
    }
  }
}
