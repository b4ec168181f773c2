package io.kindling.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.backend.Backends;
import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Abs;
import io.kindling.op.elementwise.ElementwiseOp;
import io.kindling.op.elementwise.Neg;
import io.kindling.op.elementwise.Relu;
import io.kindling.op.elementwise.ReluBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.HalfPrecision;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done to several elements of bfloat16 at once, against one at a time. */
class Bfloat16BlocksTest {
  private static final int VALUES = 1 << 16;

  /** Every value there is; neighbours differ in sign and size. */
  private static Tensor everyValue() {
    Tensor all = Tensor.empty(Shape.of(VALUES), DType.BFLOAT16, Device.CPU);
    for (int i = 0; i < VALUES; i++) {
      OffHeap.putShort(all.address() + 2L * i, (short) (i * 0x6487));
    }
    return all;
  }

  private static short bits(Tensor tensor, int i) {
    return OffHeap.getShort(tensor.address() + 2 * i * tensor.stride(0));
  }

  @ParameterizedTest
  @CsvSource({"65536, 0", "4096, 1", "4095, 2", "513, 7", "8, 1", "9, 0"})
  void everyElementIsWidened(int count, int first) {
    try (Scope scope = Scope.open()) {
      Tensor all = everyValue();
      float[] found = new float[first + count + 1];
      Bfloat16Blocks.load(all.address() + 2L * first, found, first, count);
      for (int i = 0; i < count; i++) {
        float expected = HalfPrecision.bfloat16ToFloat(bits(all, first + i));
        assertThat(Float.floatToRawIntBits(found[first + i]))
            .isEqualTo(Float.floatToRawIntBits(expected));
      }
      assertThat(found[first + count]).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"300000, 0", "4096, 1", "4095, 2", "513, 7", "8, 1", "9, 0"})
  void everyFloatIsRounded(int count, int first) {
    try (Scope scope = Scope.open()) {
      float[] values = new float[first + count];
      Random random = new Random(count);
      for (int i = 0; i < values.length; i++) {
        int high = random.nextInt() << 16;
        // In the middle between two, next to it, and anywhere; of special numbers too.
        int low =
            switch (i % 4) {
              case 0 -> 0x8000;
              case 1 -> 0x7fff + random.nextInt(3);
              case 2 -> random.nextInt(VALUES);
              default -> 0;
            };
        int special = i % 5 == 0 ? 0x7f800000 : 0;
        values[i] = Float.intBitsToFloat(high | special | low);
      }
      Tensor found = Tensor.zeros(Shape.of(count + 1), DType.BFLOAT16, Device.CPU);
      Bfloat16Blocks.store(values, first, found.address(), count);
      for (int i = 0; i < count; i++) {
        assertThat(bits(found, i)).isEqualTo(HalfPrecision.floatToBfloat16(values[first + i]));
      }
      assertThat(bits(found, count)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 4095, 4097, VALUES})
  void packedLoopsGiveWhatThoseOverFloatsGive(int count) {
    try (Scope scope = Scope.open()) {
      Tensor x = everyValue().narrow(0, VALUES - count, count);
      Tensor y = everyValue().narrow(0, 0, count);
      check(new Relu(), x);
      check(new Neg(), x);
      check(new Abs(), x);
      check(new ReluBackward(), y, x);
    }
  }

  private static void check(ElementwiseOp op, Tensor... inputs) {
    Tensor[] apart = new Tensor[inputs.length];
    for (int k = 0; k < inputs.length; k++) {
      apart[k] = Tensor.stack(List.of(inputs[k], inputs[k]), 1).select(1, 0);
    }
    assertThat(op.hasPacked()).isTrue();
    Tensor packed = Backends.only(new JavaBackend(), () -> Dispatch.run(op, inputs));
    Tensor single = Backends.only(new JavaBackend(), () -> Dispatch.run(op, apart));
    for (int i = 0; i < packed.numel(); i++) {
      float expected = HalfPrecision.bfloat16ToFloat(bits(single, i));
      float found = HalfPrecision.bfloat16ToFloat(bits(packed, i));
      assertThat(Float.compare(found, expected)).as("%s of %s", op, inputs[0]).isZero();
    }
  }

  @Test
  void packedLoopsWriteNoFurther() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(new long[] {13}, DType.BFLOAT16);
      x.narrow(0, 0, 10).neg_();
      assertThat(x.to(DType.FLOAT32).toFloatArray())
          .containsExactly(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 1, 1);
    }
  }
}
