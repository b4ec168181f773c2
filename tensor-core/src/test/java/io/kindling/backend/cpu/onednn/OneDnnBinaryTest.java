package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.Op;
import io.kindling.op.elementwise.Add;
import io.kindling.op.elementwise.Div;
import io.kindling.op.elementwise.Maximum;
import io.kindling.op.elementwise.Minimum;
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

  /** A number of any type, a row, a column, one for each channel; in place too. */
  @ParameterizedTest
  @MethodSource("operations")
  void whatIsTheSameForManyElementsExactlyAsInJava(Op op) {
    for (DType dtype : Oracle.types()) {
      for (float value : ODD) {
        try (Scope scope = Scope.open()) {
          Tensor x = Oracle.random(1, 4, 13, 19, 31).to(dtype);
          Tensor spread = Oracle.random(2, 13, 19, 31).to(dtype);
          for (int i = 0; i < 3; i++) {
            spread.select(i, 0).fill_(value);
          }
          Tensor channels = spread.select(2, 0).select(1, 0).contiguous().view(13, 1, 1);
          Tensor column = spread.select(2, 0).contiguous().view(13, 19, 1);
          Tensor number = Tensor.scalar(value);
          check(op, x, number);
          check(op, x, number.to(dtype));
          check(op, x, number.to(dtype).expand(4, 13, 19, 31));
          check(op, x.contiguous(MemoryFormat.CHANNELS_LAST), number);
          check(op, x, spread);
          check(op, x, spread.view(1, 13, 19, 31));
          check(op, x, spread.select(0, 1).contiguous());
          check(op, x, channels);
          check(op, x, column);
          check(
              op,
              x,
              spread.select(2, 3).select(1, 0).slice(0, 0, 4, 1).contiguous().view(4, 1, 1, 1));
        }
      }
    }
  }

  private static void check(Op op, Tensor x, Tensor other) {
    int[] expected = bits(Oracle.reference(op, x, other)[0]);
    if (x.dtype() == DType.BFLOAT16) {
      flush(expected);
    }
    assertThat(flushed(x.dtype(), bits(Oracle.oneDnn(op, x, other)[0])))
        .as("%s of %s and %s", op, x.layout(), other.layout())
        .isEqualTo(expected);
    Tensor inPlace = Dispatch.runInPlace(op, x.clone(), other);
    assertThat(flushed(x.dtype(), bits(inPlace))).isEqualTo(expected);
  }

  /** The processor makes 0 of bfloat16's subnormal results. */
  private static int[] flushed(DType dtype, int[] bits) {
    return dtype == DType.BFLOAT16 ? flush(bits) : bits;
  }

  private static int[] flush(int[] bits) {
    for (int i = 0; i < bits.length; i++) {
      if ((bits[i] & 0x7f800000) == 0) {
        bits[i] &= 0x80000000;
      }
    }
    return bits;
  }

  @ParameterizedTest
  @MethodSource("operations")
  void bfloat16IsRoundedOnceFromFloat32(Op op) {
    assumeTrue(OneDnn.hasBfloat16(), "this processor has no bfloat16");
    for (long size : new long[] {OneDnnBinary.FEWEST_OF_BFLOAT16, 70_207}) {
      try (Scope scope = Scope.open()) {
        Tensor a = Oracle.random(1, size).mul(3).exp().to(DType.BFLOAT16);
        Tensor b = Oracle.random(2, size).to(DType.BFLOAT16);
        for (int i = 0; i < ODD.length * ODD.length; i++) {
          DType.BFLOAT16.writeDouble(a.address() + 2 * (70 + i), ODD[i / ODD.length]);
          DType.BFLOAT16.writeDouble(b.address() + 2 * (70 + i), ODD[i % ODD.length]);
        }
        check(op, a, b);
      }
    }
  }

  /** Of two zeros either may be the result. */
  @Test
  void largerAndSmallerOfEveryPairOfOddNumbers() {
    for (Op op : new Op[] {new Maximum(), new Minimum()}) {
      for (DType dtype : Oracle.types()) {
        for (boolean withNaN : new boolean[] {false, true}) {
          try (Scope scope = Scope.open()) {
            long size = 3 * OneDnnBinary.FEWEST + 37;
            Tensor a = Oracle.random(1, size).to(dtype);
            Tensor b = Oracle.random(2, size).to(dtype);
            int first = withNaN ? 0 : ODD.length;
            for (int i = first; i < ODD.length * ODD.length; i++) {
              if (withNaN || i % ODD.length > 0) {
                dtype.writeDouble(a.address() + dtype.bytes() * (1000L + i), ODD[i / ODD.length]);
                dtype.writeDouble(b.address() + dtype.bytes() * (1000L + i), ODD[i % ODD.length]);
              }
            }
            int[] expected = unsigned(bits(Oracle.reference(op, a, b)[0]));
            assertThat(unsigned(bits(Oracle.oneDnn(op, a, b)[0]))).isEqualTo(expected);
            assertThat(unsigned(bits(Dispatch.runInPlace(op, a, b)))).isEqualTo(expected);
            assertThat(Oracle.supports(op, a, a.slice(0, 0, 1, 1))).isFalse();
          }
        }
      }
    }
  }

  /** Zeros without their sign, and what the processor makes 0 of bfloat16. */
  private static int[] unsigned(int[] bits) {
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (bits[i] & 0x7f800000) == 0 ? 0 : bits[i];
    }
    return bits;
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
      assertThat(Oracle.supports(op, x, x.slice(0, 0, 1, 1))).isTrue();
      assertThat(Oracle.supports(op, x, x.slice(2, 0, 1, 1))).isFalse();
      assertThat(Oracle.supports(op, x, Oracle.random(1, 8, 1, 32, 1))).isFalse();
      assertThat(Oracle.supports(op, last, Oracle.random(1, 32))).isFalse();
      assertThat(Oracle.supports(op, Oracle.random(1, 32), x)).isFalse();
      assertThat(Oracle.supports(op, x, Oracle.random(1, 32).to(DType.BFLOAT16))).isFalse();
      Tensor shortRows = Oracle.random(1, 4096, 10);
      assertThat(Oracle.supports(op, shortRows, Oracle.random(1, 10))).isFalse();
      assertThat(Oracle.supports(op, shortRows, Oracle.random(1, 4096, 1))).isTrue();
      assertThat(Oracle.supports(op, shortRows.view(-1, 5), Oracle.random(1, 8192, 1))).isFalse();
      Tensor small = Oracle.random(1, OneDnnBinary.FEWEST - 1);
      assertThat(Oracle.supports(op, small, small)).isFalse();
    }
  }
}
