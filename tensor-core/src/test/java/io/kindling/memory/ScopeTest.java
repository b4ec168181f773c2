package io.kindling.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.MemoryException;
import io.kindling.backend.Backends;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private static long inUse() {
    return Backends.allocator(Device.CPU).statistics().inUse();
  }

  @Test
  void closesWhatWasMadeInsideAndNothingElse() {
    Tensor outside = Tensor.ones(3);
    Tensor inside;
    try (Scope scope = Scope.open()) {
      inside = Tensor.ones(3);
    }
    assertThat(inside.isClosed()).isTrue();
    assertThat(outside.isClosed()).isFalse();
    outside.close();
  }

  @Test
  void aViewKeptOutsideKeepsTheMemory() {
    try (Scope outer = Scope.open()) {
      Tensor row;
      try (Scope inner = Scope.open()) {
        Tensor matrix = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        row = inner.keep(matrix.select(0, 1));
      }
      assertThat(row.toFloatArray()).containsExactly(3, 4);
    }
  }

  @Test
  void keepMovesOneScopeOutAndDetachOutOfAll() {
    Tensor detached;
    Tensor kept;
    try (Scope outer = Scope.open()) {
      try (Scope inner = Scope.open()) {
        kept = inner.keep(Tensor.ones(1));
        detached = Scope.detach(Tensor.ones(1));
      }
      assertThat(kept.isClosed()).isFalse();
    }
    assertThat(kept.isClosed()).isTrue();
    assertThat(detached.isClosed()).isFalse();
    detached.close();
  }

  @Test
  void keepFromAnOuterScopeReachesThroughInnerOnes() {
    try (Scope outer = Scope.open()) {
      Tensor kept;
      try (Scope middle = Scope.open()) {
        try (Scope inner = Scope.open()) {
          kept = middle.keep(Tensor.ones(1));
        }
        assertThat(kept.isClosed()).isFalse();
      }
      assertThat(kept.isClosed()).isFalse();
    }
  }

  @Test
  void tidyReturnsOneHandleAndClosesTheRest() {
    try (Scope scope = Scope.open()) {
      AtomicReference<Tensor> intermediate = new AtomicReference<>();
      Tensor sum =
          Scope.tidy(
              () -> {
                intermediate.set(Tensor.ones(4));
                return intermediate.get().sum();
              });
      assertThat(sum.item()).isEqualTo(4);
      assertThat(intermediate.get().isClosed()).isTrue();
    }
  }

  @Test
  void aLongScopeForgetsClosedHandles() {
    try (Scope scope = Scope.open()) {
      long before = inUse();
      for (int i = 0; i < 100_000; i++) {
        Tensor.ones(8).close();
      }
      assertThat(inUse()).isEqualTo(before);
    }
  }

  @Test
  void aClearedScopeIsEmptyAndGoesOn() {
    try (Scope scope = Scope.open()) {
      Tensor first = Tensor.ones(2);
      Tensor detached = Scope.detach(Tensor.ones(2));
      assertThat(scope.owns(first)).isTrue();
      assertThat(scope.owns(detached)).isFalse();
      scope.clear();
      assertThat(first.isClosed()).isTrue();
      assertThat(detached.isClosed()).isFalse();
      detached.close();
      Tensor second = Tensor.ones(2);
      assertThat(Scope.current()).isSameAs(scope);
      scope.close();
      assertThat(second.isClosed()).isTrue();
    }
  }

  @Test
  void scopesOfThreadsAreSeparate() throws InterruptedException {
    try (Scope scope = Scope.open()) {
      AtomicReference<Tensor> other = new AtomicReference<>();
      Thread thread = new Thread(() -> other.set(Tensor.ones(2)));
      thread.start();
      thread.join();
      scope.close();
      assertThat(other.get().isClosed()).isFalse();
      other.get().close();
    }
  }

  @Test
  void aHandleMayBeClosedByAnotherThread() throws InterruptedException {
    try (Scope scope = Scope.open()) {
      Tensor tensor = Tensor.ones(2);
      Thread thread = new Thread(tensor::close);
      thread.start();
      thread.join();
      assertThat(tensor.isClosed()).isTrue();
    }
  }

  @Test
  void closingOutOfOrderFails() {
    Scope outer = Scope.open();
    Scope inner = Scope.open();
    assertThatThrownBy(outer::close)
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("innermost first");
    inner.close();
    outer.close();
  }

  @Test
  void useAfterCloseSaysSo() {
    Tensor tensor = Tensor.ones(2);
    tensor.close();
    tensor.close();
    assertThatThrownBy(() -> tensor.add(1))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("Scope.keep");
  }

  @Test
  void foreignMemoryIsReleasedOnceAfterItsLastHolder() {
    ByteBuffer memory = ByteBuffer.allocateDirect(16);
    AtomicInteger released = new AtomicInteger();
    Storage storage = Storage.wrap(OffHeap.address(memory), 16, true, released::incrementAndGet);
    Tensor tensor = new Tensor(storage, Spec.of(Shape.of(4), DType.FLOAT32), Device.CPU);
    Tensor view = tensor.narrow(0, 1, 2);
    tensor.close();
    assertThat(released).hasValue(0);
    assertThatThrownBy(() -> view.add_(1))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("read-only");
    view.close();
    assertThat(released).hasValue(1);
  }

  @Test
  @Tag("leaks")
  void foreignMemoryThatNobodyClosesIsReleasedOnce() throws InterruptedException {
    ByteBuffer memory = ByteBuffer.allocateDirect(16);
    AtomicInteger released = new AtomicInteger();
    long leaked = Storage.leakedBytes();
    Storage.wrap(OffHeap.address(memory), 16, true, released::incrementAndGet);
    for (int i = 0; i < 200 && released.get() == 0; i++) {
      System.gc(); // only a test may ask for it
      Thread.sleep(10);
    }
    assertThat(released).hasValue(1);
    assertThat(Storage.leakedBytes() - leaked).isEqualTo(16);
  }

  @Test
  @Tag("leaks")
  void whatNobodyClosesIsReclaimedAndCounted() throws InterruptedException {
    long leaked = Storage.leakedBytes();
    long used = inUse();
    for (int i = 0; i < 10; i++) {
      Tensor.ones(1000);
    }
    for (int i = 0; i < 200 && inUse() != used; i++) {
      System.gc(); // only a test may ask for it
      Thread.sleep(10);
    }
    assertThat(inUse()).isEqualTo(used);
    assertThat(Storage.leakedBytes() - leaked).isEqualTo(10 * 4000L);
  }
}
