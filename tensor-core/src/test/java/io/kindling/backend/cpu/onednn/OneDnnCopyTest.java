package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.DType;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
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
  }
}
