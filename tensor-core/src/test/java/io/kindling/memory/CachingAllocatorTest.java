package io.kindling.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.MemoryException;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CachingAllocatorTest {
  @Test
  void classesHoldWhatTheyAreAskedForAndWasteLittle() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      long bytes = i < 5000 ? i : random.nextLong(1, 1L << (7 + random.nextInt(40)));
      int sizeClass = CachingAllocator.sizeClass(bytes);
      long size = CachingAllocator.sizeOf(sizeClass);
      assertThat(size).isGreaterThanOrEqualTo(bytes);
      assertThat(size).isLessThanOrEqualTo(Math.max(64, bytes + bytes / 8 + 1));
      assertThat(CachingAllocator.sizeClass(size)).isEqualTo(sizeClass);
    }
  }

  @Test
  void blocksAreAlignedReusedAndGivenBack() {
    CachingAllocator allocator = new CachingAllocator(1 << 20);
    Block first = allocator.allocate(1000);
    assertThat(first.address() % 64).isZero();
    first.free();
    assertThat(allocator.allocate(1000)).isSameAs(first);
    first.free();
    assertThat(allocator.statistics().inUse()).isZero();
    assertThat(allocator.statistics().cached()).isEqualTo(1024);
    allocator.trim();
    assertThat(allocator.statistics().cached()).isZero();
  }

  @Test
  void theCacheMakesRoomBeforeTheLimitIsReached() {
    CachingAllocator allocator = new CachingAllocator(10_000);
    allocator.allocate(8192).free();
    Block block = allocator.allocate(4096);
    assertThat(allocator.statistics().cached()).isZero();
    block.free();
    allocator.trim();
  }

  @Test
  void beyondTheLimitTheErrorSaysHowMuchAndWhatToDo() {
    CachingAllocator allocator = new CachingAllocator(10_000);
    Block block = allocator.allocate(8192);
    assertThatThrownBy(() -> allocator.allocate(4096))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("4096")
        .hasMessageContaining("8192")
        .hasMessageContaining("10000")
        .hasMessageContaining("Scope")
        .hasMessageEndingWith("or raise -Dkindling.memory.limit");
    assertThat(allocator.statistics().inUse()).isEqualTo(8192);
    allocator.setLimit(9_000, "what decides it here");
    assertThatThrownBy(() -> allocator.allocate(4096))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("the limit is 9000")
        .hasMessageEndingWith("or raise what decides it here");
    block.free();
    allocator.trim();
  }

  @Test
  void threadsNeverGetTheSameBlockAtOnceAndFreeEachOthers() throws InterruptedException {
    CachingAllocator allocator = new CachingAllocator(1 << 30);
    BlockingQueue<Block> passedOn = new ArrayBlockingQueue<>(64);
    AtomicInteger wrong = new AtomicInteger();
    Thread[] threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      int self = i;
      threads[i] =
          new Thread(
              () -> {
                for (int k = 0; k < 20_000; k++) {
                  Block block = allocator.allocate(64 + k % 3 * 100);
                  long mark = 4L * k + self;
                  OffHeap.putLong(block.address(), mark);
                  OffHeap.putLong(block.address() + 8, ~mark);
                  Block other = passedOn.offer(block) ? passedOn.poll() : block;
                  if (other != null) {
                    long read = OffHeap.getLong(other.address());
                    wrong.addAndGet(OffHeap.getLong(other.address() + 8) == ~read ? 0 : 1);
                    other.free();
                  }
                }
              });
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    passedOn.forEach(Block::free);
    assertThat(wrong).hasValue(0);
    MemoryStatistics statistics = allocator.statistics();
    assertThat(statistics.inUse()).isZero();
    assertThat(statistics.allocations()).isEqualTo(80_000);
    assertThat(statistics.cached()).isGreaterThanOrEqualTo(statistics.peakInUse());
    allocator.trim();
    assertThat(allocator.statistics().cached()).isZero();
  }

  @Test
  void anOverflowedSizeIsRefused() {
    assertThatThrownBy(() -> new CachingAllocator(1).allocate(-1))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("overflow");
  }

  @Test
  void theGuardSeesAWriteOnEitherSide() {
    CachingAllocator allocator = new CachingAllocator(1 << 20);
    for (long at : new long[] {-9, -64, 1000, 1023, 1087}) {
      Block block = allocator.allocate(1000);
      long address = block.address();
      OffHeap.zero(address, 1000);
      byte before = OffHeap.getByte(address + at);
      OffHeap.putByte(address + at, (byte) (before + 1));
      assertThatThrownBy(block::free)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("1000 bytes");
      OffHeap.putByte(address + at, before);
      block.free();
    }
    allocator.trim();
  }
}
