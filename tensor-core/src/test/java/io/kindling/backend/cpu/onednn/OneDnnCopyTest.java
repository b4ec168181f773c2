package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.HalfPrecision;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OneDnnCopyTest {
  private static final Copy CONTIGUOUS = new Copy(DType.FLOAT32, MemoryFormat.CONTIGUOUS);
  private static final Copy CHANNELS_LAST = new Copy(DType.FLOAT32, MemoryFormat.CHANNELS_LAST);

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
  void everyBitArrivesWhateverTheOrder() {
    for (long[] shape :
        new long[][] {{2, 13, 7, 9}, {1, 3, 33, 17}, {5, 64, 1, 3}, {64, 16, 5, 5}, {3, 1, 9, 9}}) {
      Tensor x = Oracle.random(1, shape);
      long[] odd = {0x7fc12345, 0xff800000, 0x80000000, 1, 0x7f812345};
      for (int i = 0; i < odd.length; i++) {
        OffHeap.putInt(x.address() + 4 * (7 + 20 * i), (int) odd[i]);
      }
      Tensor last = copied(CHANNELS_LAST, x);
      copied(CONTIGUOUS, last);
      copied(CONTIGUOUS, x.permute(3, 1, 0, 2));
      copied(CHANNELS_LAST, x.permute(3, 1, 0, 2));
      copied(CONTIGUOUS, x.view(shape[0] * shape[1], -1).t());
      copied(CONTIGUOUS, x.view(shape[0], shape[1], -1).permute(2, 1, 0));
    }
  }

  private static Tensor copied(Copy op, Tensor x) {
    if (!op.infer(new Tensor[] {x})[0].layout().sameOrder(x.layout())) {
      Tensor expected = Oracle.reference(op, x)[0];
      Tensor found = Oracle.oneDnn(op, x)[0];
      for (long i = 0; i < x.numel(); i++) {
        assertThat(OffHeap.getInt(found.address() + 4 * i))
            .as("element %d of %s", i, x.layout())
            .isEqualTo(OffHeap.getInt(expected.address() + 4 * i));
      }
      return found;
    }
    return x;
  }

  private static final Copy TO_BFLOAT16 = new Copy(DType.BFLOAT16, null);
  private static final Copy TO_FLOAT32 = new Copy(DType.FLOAT32, null);

  @Test
  void everyNumberOfBfloat16() {
    assumeTrue(OneDnn.hasBfloat16(), "this processor has no bfloat16");
    Tensor x = Tensor.empty(Shape.of(1 << 16), DType.BFLOAT16, Device.CPU);
    for (int i = 0; i < 1 << 16; i++) {
      OffHeap.putShort(x.address() + 2L * i, (short) i);
    }
    Tensor wide = Oracle.oneDnn(TO_FLOAT32, x)[0];
    Tensor back = Oracle.oneDnn(TO_BFLOAT16, wide)[0];
    for (int i = 0; i < 1 << 16; i++) {
      float value = HalfPrecision.bfloat16ToFloat((short) i);
      float found = OffHeap.getFloat(wide.address() + 4L * i);
      assertThat(Float.compare(found, value)).as("%x", i).isZero();
      short bits = OffHeap.getShort(back.address() + 2L * i);
      assertThat(Float.compare(HalfPrecision.bfloat16ToFloat(bits), flushed(value))).isZero();
    }
  }

  @Test
  void roundsToTheNearestAndTiesToEven() {
    assumeTrue(OneDnn.hasBfloat16(), "this processor has no bfloat16");
    for (long[] shape : new long[][] {{300_007}, {2, 13, 70, 9}}) {
      Tensor x = Tensor.empty(Shape.of(shape), DType.FLOAT32, Device.CPU);
      Random random = new Random(1);
      for (long i = 0; i < x.numel(); i++) {
        int low = i % 3 == 0 ? 0x7fff + random.nextInt(3) : random.nextInt(1 << 16);
        int high = random.nextInt() & (i % 7 == 0 ? 0x807f0000 : 0xffff0000); // some subnormal
        OffHeap.putInt(x.address() + 4 * i, high | low);
      }
      check(x, TO_BFLOAT16);
      if (x.dim() == 4) {
        check(x, new Copy(DType.BFLOAT16, MemoryFormat.CHANNELS_LAST));
        check(x.contiguous(MemoryFormat.CHANNELS_LAST), TO_BFLOAT16);
        Tensor rounded = Oracle.reference(TO_BFLOAT16, x)[0];
        check(rounded, new Copy(DType.FLOAT32, MemoryFormat.CHANNELS_LAST));
        check(rounded, new Copy(DType.BFLOAT16, MemoryFormat.CHANNELS_LAST));
      }
    }
  }

  private static void check(Tensor x, Copy op) {
    boolean rounds = x.dtype() != op.dtype() && op.dtype() == DType.BFLOAT16;
    float[] in = x.toFloatArray();
    float[] found = Oracle.oneDnn(op, x)[0].toFloatArray();
    float[] expected = Oracle.reference(op, x)[0].toFloatArray();
    for (int i = 0; i < found.length; i++) {
      float flushed = flushed(in[i]);
      assertThat(Float.compare(found[i], rounds && flushed == 0 ? flushed : expected[i]))
          .as("%s of %s: %s for %s", op, x.layout(), found[i], expected[i])
          .isZero();
    }
  }

  /** The processor makes 0 of bfloat16's subnormal numbers. */
  private static float flushed(float value) {
    return Math.abs(value) < Float.MIN_NORMAL ? Math.copySign(0, value) : value;
  }

  @Test
  void otherCopiesAreLeftToJava() {
    Tensor x = Oracle.random(1, 4, 6, 8, 10);
    assertThat(Oracle.supports(CHANNELS_LAST, x)).isTrue();
    assertThat(Oracle.supports(CONTIGUOUS, x)).isFalse();
    assertThat(Oracle.supports(CHANNELS_LAST, x.slice(0, 0, 4, 2))).isFalse();
    assertThat(Oracle.supports(CHANNELS_LAST, x.to(DType.FLOAT64))).isFalse();
    assertThat(Oracle.supports(new Copy(DType.FLOAT64, MemoryFormat.CHANNELS_LAST), x)).isFalse();
    assertThat(Oracle.supports(CHANNELS_LAST, Oracle.random(1, 1, 3, 4, 4))).isFalse();
    assertThat(Oracle.supports(CONTIGUOUS, Oracle.random(1, 1).expand(20, 20))).isFalse();
    Tensor small = Oracle.random(1, OneDnnCopy.FEWEST_TO_CONVERT - 1);
    assertThat(Oracle.supports(TO_BFLOAT16, small)).isFalse();
    assertThat(Oracle.supports(new Copy(DType.FLOAT16, null), Oracle.random(1, 1 << 16))).isFalse();
  }
}
