package io.kindling.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.backend.Backends;
import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.HalfPrecision;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversions of many elements at once, against one at a time. */
class ConversionsTest {
  private static final double[] ODD = {
    0.0,
    -0.0,
    0.5,
    -0.5,
    1e-40,
    2.5,
    -7.75,
    127,
    128,
    -129,
    255,
    256,
    40_000,
    65_519,
    65_520,
    -1e9,
    16_777_217,
    1e19,
    -1e30,
    1e300,
    Double.MIN_VALUE,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyTypeBecomesEveryOther(DType from) {
    for (int count : new int[] {1, 7, 8, 9, 600, 5001}) {
      for (long step : new long[] {1, 3, 0}) {
        try (Scope scope = Scope.open()) {
          Tensor x = values(from, count, step);
          for (DType to : DType.values()) {
            Tensor found = Backends.only(new JavaBackend(), () -> x.to(to).contiguous());
            check(x, found, step + " apart");
            Tensor spread = Tensor.zeros(new long[] {count, 2}, to).select(1, 1);
            Backends.only(new JavaBackend(), () -> spread.copy_(x));
            check(x, spread, step + " apart, written 2 apart");
          }
        }
      }
    }
  }

  private static void check(Tensor x, Tensor found, String how) {
    try (Tensor one = Tensor.empty(Shape.of(1), found.dtype(), Device.CPU)) {
      boolean whole = !x.dtype().isFloatingPoint() && !found.dtype().isFloatingPoint();
      for (int i = 0; i < x.numel(); i++) {
        long at = x.address() + i * x.stride(0) * x.dtype().bytes();
        if (whole) {
          found.dtype().writeLong(one.address(), x.dtype().readLong(at));
        } else {
          found.dtype().writeDouble(one.address(), x.dtype().readDouble(at));
        }
        long is = found.address() + i * found.stride(0) * found.dtype().bytes();
        assertThat(Double.compare(read(found, is), read(one, one.address())))
            .as("element %s of %s, %s, as %s", i, x.layout(), how, found.dtype())
            .isZero();
        assertThat(found.dtype().readLong(is)).isEqualTo(found.dtype().readLong(one.address()));
      }
    }
  }

  private static double read(Tensor tensor, long address) {
    return tensor.dtype().readDouble(address);
  }

  /** Bytes of bool are any: what is not 0 is true. */
  private static Tensor values(DType dtype, int count, long step) {
    Random random = new Random(count);
    Tensor all = Tensor.zeros(new long[] {count, 3}, dtype);
    for (int i = 0; i < 3 * count; i++) {
      long at = all.address() + (long) i * dtype.bytes();
      if (dtype == DType.BOOL) {
        OffHeap.putByte(at, (byte) (random.nextBoolean() ? 0 : 1 << random.nextInt(8)));
      } else if (dtype.isFloatingPoint()) {
        double value = random.nextGaussian() * Math.pow(10, random.nextInt(6));
        dtype.writeDouble(at, i % 3 == 1 ? ODD[random.nextInt(ODD.length)] : value);
      } else {
        dtype.writeLong(at, random.nextLong() >> random.nextInt(64));
      }
    }
    return step == 0
        ? all.get(0, 1).expand(count)
        : step == 3 ? all.select(1, 1) : all.view(-1).narrow(0, 1, count);
  }

  @ParameterizedTest
  @ValueSource(ints = {65_536, 2049, 9})
  void everyFloat16IsWidened(int count) {
    try (Scope scope = Scope.open()) {
      Tensor all = Tensor.empty(Shape.of(count), DType.FLOAT16, Device.CPU);
      float[] found = new float[count + 3];
      for (int i = 0; i < count; i++) {
        OffHeap.putShort(all.address() + 2L * i, (short) (i * 0x6487));
      }
      Float16Blocks.load(all.address(), found, 2, count);
      for (int i = 0; i < count; i++) {
        float expected = HalfPrecision.float16ToFloat((short) (i * 0x6487));
        assertThat(Float.floatToRawIntBits(found[2 + i]))
            .isEqualTo(Float.floatToRawIntBits(expected));
      }
      assertThat(found[count + 2]).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"400000, 0", "4097, 1", "8, 3", "9, 0"})
  void everyFloatIsRoundedToFloat16(int count, int first) {
    try (Scope scope = Scope.open()) {
      float[] values = new float[first + count];
      Random random = new Random(count);
      for (int i = 0; i < values.length; i++) {
        // In the middle between two, next to it, and anywhere; the exponents that matter and all.
        int low =
            switch (i % 4) {
              case 0 -> 0x1000;
              case 1 -> 0xfff + random.nextInt(3);
              case 2 -> random.nextInt(0x2000);
              default -> 0;
            };
        int exponent = i % 5 == 0 ? random.nextInt(256) : 98 + random.nextInt(48);
        int fraction = random.nextInt(1 << 10) << 13;
        values[i] = Float.intBitsToFloat(i << 31 | exponent << 23 | fraction | low);
      }
      Tensor found = Tensor.zeros(Shape.of(count + 1), DType.FLOAT16, Device.CPU);
      Float16Blocks.store(values, first, found.address(), count);
      for (int i = 0; i < count; i++) {
        assertThat(OffHeap.getShort(found.address() + 2L * i))
            .as("%s", values[first + i])
            .isEqualTo(HalfPrecision.floatToFloat16(values[first + i]));
      }
      assertThat(OffHeap.getShort(found.address() + 2L * count)).isZero();
    }
  }
}
