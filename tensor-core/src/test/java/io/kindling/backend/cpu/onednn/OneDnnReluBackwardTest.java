package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.ReluBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.Test;

class OneDnnReluBackwardTest {
  private static final int[] BITS = {
    0x7fc12345, 0xffc00001, 0x7f800000, 0xff800000, 0, 0x80000000, 1, 0x80000001, 0x3f800000
  };

  @Test
  void everyPairOfOddNumbersExactlyAsInJava() {
    for (long size : new long[] {OneDnnReluBackward.FEWEST, 3 * OneDnnReluBackward.FEWEST + 37}) {
      try (Scope scope = Scope.open()) {
        Tensor gradient = Oracle.random(1, size);
        Tensor y = Oracle.random(2, size);
        for (long place : new long[] {0, 1000, size - BITS.length * BITS.length}) {
          for (int i = 0; i < BITS.length * BITS.length; i++) {
            OffHeap.putInt(gradient.address() + 4 * (place + i), BITS[i / BITS.length]);
            OffHeap.putInt(y.address() + 4 * (place + i), BITS[i % BITS.length]);
          }
        }
        ReluBackward op = new ReluBackward();
        Tensor expected = Oracle.reference(op, gradient, y)[0];
        Tensor found = Oracle.oneDnn(op, gradient, y)[0];
        Tensor inPlace = Dispatch.runInPlace(op, gradient, y);
        for (long i = 0; i < size; i++) {
          int wanted = OffHeap.getInt(expected.address() + 4 * i);
          assertThat(OffHeap.getInt(found.address() + 4 * i)).as("element %d", i).isEqualTo(wanted);
          assertThat(OffHeap.getInt(inPlace.address() + 4 * i)).isEqualTo(wanted);
        }
      }
    }
  }

  @Test
  void otherOrdersTypesAndSizesAreLeftToJava() {
    try (Scope scope = Scope.open()) {
      ReluBackward op = new ReluBackward();
      Tensor x = Oracle.random(1, 8, 16, 32, 32);
      Tensor last = x.contiguous(MemoryFormat.CHANNELS_LAST);
      assertThat(Oracle.supports(op, x, x)).isTrue();
      assertThat(Oracle.supports(op, last, last)).isTrue();
      assertThat(Oracle.supports(op, x, last)).isFalse();
      assertThat(Oracle.supports(op, x, x.to(DType.FLOAT64))).isFalse();
      assertThat(Oracle.supports(op, x, x.slice(0, 0, 1, 1))).isFalse();
      Tensor small = Oracle.random(1, OneDnnReluBackward.FEWEST - 1);
      assertThat(Oracle.supports(op, small, small)).isFalse();
    }
  }
}
