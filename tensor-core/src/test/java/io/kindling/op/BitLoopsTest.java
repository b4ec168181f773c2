package io.kindling.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.backend.Backends;
import io.kindling.backend.cpu.JavaBackend;
import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.op.elementwise.BitwiseAnd;
import io.kindling.op.elementwise.BitwiseOr;
import io.kindling.op.elementwise.BitwiseXor;
import io.kindling.op.elementwise.Eq;
import io.kindling.op.elementwise.Ge;
import io.kindling.op.elementwise.Gt;
import io.kindling.op.elementwise.Le;
import io.kindling.op.elementwise.LogicalAnd;
import io.kindling.op.elementwise.LogicalNot;
import io.kindling.op.elementwise.LogicalOr;
import io.kindling.op.elementwise.LogicalXor;
import io.kindling.op.elementwise.Lt;
import io.kindling.op.elementwise.Ne;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/** Loops over the bits of numbers and over packed booleans, at the numbers where they go wrong. */
class BitLoopsTest {
  private static final float[] ODD = {
    0f,
    -0f,
    1f,
    -1f,
    1.5f,
    -1.5f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.intBitsToFloat(0xffc00001),
    Float.intBitsToFloat(0x7f800001)
  };

  private static final Map<Op, DoubleBinaryOperator> COMPARISONS = new LinkedHashMap<>();

  static {
    COMPARISONS.put(new Lt(), (a, b) -> a < b ? 1 : 0);
    COMPARISONS.put(new Le(), (a, b) -> a <= b ? 1 : 0);
    COMPARISONS.put(new Gt(), (a, b) -> a > b ? 1 : 0);
    COMPARISONS.put(new Ge(), (a, b) -> a >= b ? 1 : 0);
    COMPARISONS.put(new Eq(), (a, b) -> a == b ? 1 : 0);
    COMPARISONS.put(new Ne(), (a, b) -> a != b ? 1 : 0);
    COMPARISONS.put(new LogicalAnd(), (a, b) -> a != 0 && b != 0 ? 1 : 0);
    COMPARISONS.put(new LogicalOr(), (a, b) -> a != 0 || b != 0 ? 1 : 0);
    COMPARISONS.put(new LogicalXor(), (a, b) -> a != 0 ^ b != 0 ? 1 : 0);
  }

  private static Tensor run(Op op, Tensor... inputs) {
    return Backends.only(new JavaBackend(), () -> Dispatch.run(op, inputs));
  }

  /** Each with each: {@code (n, n)}. */
  private static Tensor firsts(Tensor x) {
    return x.unsqueeze(1).expand(x.size(0), x.size(0)).contiguous();
  }

  @Test
  void numbersAreComparedAsJavaComparesThem() {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.FLOAT16}) {
      try (Scope scope = Scope.open()) {
        Tensor x = Tensor.of(ODD).to(dtype);
        Tensor a = firsts(x);
        Tensor b = a.transpose(0, 1).contiguous();
        check(a, b);
        check(a, b.transpose(0, 1).contiguous().transpose(0, 1));
        check(a, x);
        check(a, x.select(0, 4));
      }
    }
  }

  @Test
  void integersAreComparedAsJavaComparesThem() {
    long[] odd = {0, 1, -1, 127, -128, 65_536, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40};
    for (DType dtype : new DType[] {DType.INT64, DType.INT32, DType.INT8, DType.UINT8}) {
      try (Scope scope = Scope.open()) {
        Tensor a = firsts(Tensor.of(odd).to(dtype));
        check(a, a.transpose(0, 1).contiguous());
      }
    }
  }

  private static void check(Tensor a, Tensor b) {
    double[] first = a.toDoubleArray();
    double[] second = b.expand(a.shape().toArray()).toDoubleArray();
    long[] whole = a.dtype().isFloatingPoint() ? null : a.toLongArray();
    long[] other = whole == null ? null : b.toLongArray();
    COMPARISONS.forEach(
        (op, expected) -> {
          Tensor found = run(op, a, b);
          for (int i = 0; i < first.length; i++) {
            // Doubles do not hold all longs; the sign of their comparison is enough.
            boolean orders = whole != null && whole[i] != 0 && other[i] != 0;
            double x = orders ? 2 + Long.compare(whole[i], other[i]) : first[i];
            double y = orders ? 2 : second[i];
            assertThat(OffHeap.getByte(found.address() + i))
                .as("%s of %s and %s in %s", op, first[i], second[i], a.dtype())
                .isEqualTo((byte) expected.applyAsDouble(x, y));
          }
        });
  }

  @Test
  void theLargerAndTheSmallerAreThoseOfJava() {
    try (Scope scope = Scope.open()) {
      Tensor a = firsts(Tensor.of(ODD));
      Tensor b = a.transpose(0, 1).contiguous();
      float[] first = a.toFloatArray();
      float[] second = b.toFloatArray();
      float[] larger = a.maximum(b).toFloatArray();
      float[] smaller = a.minimum(b).toFloatArray();
      for (int i = 0; i < first.length; i++) {
        assertThat(Float.compare(larger[i], Math.max(first[i], second[i])))
            .as("the larger of %s and %s is %s", first[i], second[i], larger[i])
            .isZero();
        assertThat(Float.compare(smaller[i], Math.min(first[i], second[i])))
            .as("the smaller of %s and %s is %s", first[i], second[i], smaller[i])
            .isZero();
      }
    }
  }

  @Test
  void clampIsTheSmallerOfTheUpperBoundAndTheLargerOfTheLowerOne() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(ODD);
      for (float low : ODD) {
        for (float high : ODD) {
          float[] found = x.clamp((double) low, (double) high).toFloatArray();
          boolean nan = Float.isNaN(low) || Float.isNaN(high);
          for (int i = 0; i < ODD.length; i++) {
            float expected = nan ? Float.NaN : Math.min(Math.max(ODD[i], low), high);
            assertThat(Float.compare(found[i], expected))
                .as("%s between %s and %s is %s", ODD[i], low, high, found[i])
                .isZero();
          }
        }
      }
    }
  }

  @Test
  void kindsOfNumbersAreKnown() {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.FLOAT16}) {
      try (Scope scope = Scope.open()) {
        Tensor x = Tensor.of(ODD).to(dtype);
        double[] values = x.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
          assertThat(x.isnan().toLongArray()[i] == 1).isEqualTo(Double.isNaN(values[i]));
          assertThat(x.isinf().toLongArray()[i] == 1).isEqualTo(Double.isInfinite(values[i]));
          assertThat(x.isfinite().toLongArray()[i] == 1).isEqualTo(Double.isFinite(values[i]));
          assertThat(x.logicalNot().toLongArray()[i] == 1).isEqualTo(values[i] == 0);
        }
      }
    }
  }

  @Test
  void packedBooleansGiveWhatSingleOnesGive() {
    Random random = new Random(5);
    for (int count : new int[] {0, 1, 7, 8, 9, 63, 8192, 8200, 20_011}) {
      try (Scope scope = Scope.open()) {
        Tensor a = Tensor.zeros(new long[] {count + 1}, DType.BOOL);
        Tensor b = Tensor.zeros(new long[] {count + 1}, DType.BOOL);
        for (int i = 0; i < count; i++) {
          // Any byte but 0 is true.
          OffHeap.putByte(a.address() + i, (byte) (random.nextInt(4) * 85));
          OffHeap.putByte(b.address() + i, (byte) (random.nextInt(3) * 127));
        }
        Tensor x = a.narrow(0, 0, count);
        Tensor y = b.narrow(0, 0, count);
        COMPARISONS.keySet().forEach(op -> packed(op, x, y));
        packed(new BitwiseAnd(), x, y);
        packed(new BitwiseOr(), x, y);
        packed(new BitwiseXor(), x, y);
        packed(new LogicalNot(), x);
        Dispatch.runInPlace(new LogicalNot(), x);
        assertThat(a.get(count).item()).isZero();
      }
    }
  }

  private static void packed(Op op, Tensor... inputs) {
    Tensor[] apart = new Tensor[inputs.length];
    for (int k = 0; k < inputs.length; k++) {
      apart[k] = Tensor.stack(List.of(inputs[k], inputs[k]), 1).select(1, 0);
    }
    byte[] found = bytes(run(op, inputs));
    assertThat(found).as("%s", op).isEqualTo(bytes(run(op, apart)));
    for (byte value : found) {
      assertThat(value).isBetween((byte) 0, (byte) 1);
    }
  }

  private static byte[] bytes(Tensor tensor) {
    byte[] bytes = new byte[(int) tensor.numel()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = OffHeap.getByte(tensor.address() + i * tensor.stride(0));
    }
    return bytes;
  }
}
