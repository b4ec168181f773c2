package io.kindling.memory;

import io.kindling.MemoryException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The CPU's allocator. A training step asks for the same sizes again and again, so freed blocks are
 * kept, by size class, and handed out again: in the steady state no step reaches malloc, and no
 * page is touched for the first time.
 *
 * <p>A size class is a power of two in eighths (64, 72, 80 ... 128, 144, ...), so at most an eighth
 * of a block is wasted. Each class is a stack of blocks under its own lock; the last freed block,
 * whose cache lines are warm, is handed out first. When an allocation would pass the limit, the
 * cache is given back; when that does not suffice, it waits briefly for the garbage collector's
 * cleaner, because handles that nothing closed may just be on their way, and then fails with what
 * to do. It never calls {@code System.gc()}.
 */
public final class CachingAllocator implements Allocator {
  /** The system property that bounds off-heap memory, in bytes. */
  public static final String LIMIT_PROPERTY = "kindling.memory.limit";

  /**
   * With this system property set to true, as in Kindling's own tests, every block is filled when
   * it is handed out and has a margin on both sides; a write into a margin is an error when the
   * block comes back. The filling differs from block to block, so that a value that was read before
   * it was written, or from beyond a block, differs from run to run.
   */
  public static final String GUARD_PROPERTY = "kindling.memory.guard";

  private static final boolean GUARD = Boolean.getBoolean(GUARD_PROPERTY);
  private static final int ALIGNMENT = 64;
  // A byte of its own, so that the margins do not look like what a kernel writes.
  private static final int LEAST_FILLING = 0x81;
  private static final int CLASSES = 64 * 8;
  private static final long MOST_BYTES = 1L << 60;
  private static final int WAITS = 20;
  private static final long WAIT_MILLIS = 10;
  private static final AtomicLong FILLINGS = new AtomicLong();

  private final SizeClass[] classes = new SizeClass[CLASSES];
  private final Set<CachedBlock> blocks = ConcurrentHashMap.newKeySet();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong inUse = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private volatile Limit limit;

  /** How many bytes, and what to raise for more. */
  private record Limit(long bytes, String setting) {}

  public CachingAllocator(long limit) {
    setLimit(limit);
    for (int i = 0; i < CLASSES; i++) {
      classes[i] = new SizeClass(sizeOf(i));
    }
  }

  @Override
  public Block allocate(long bytes) {
    if (bytes < 0 || bytes > MOST_BYTES) {
      throw new MemoryException(
          "cannot allocate "
              + bytes
              + " bytes: the size overflowed or is beyond any memory; use smaller sizes");
    }
    SizeClass sizeClass = classes[sizeClass(bytes)];
    CachedBlock block = sizeClass.pop();
    if (block == null) {
      block = newBlock(sizeClass, bytes);
    }
    block.bytes = bytes;
    raisePeak(inUse.addAndGet(sizeClass.size));
    if (GUARD) {
      fill(block.address(), sizeClass.size, FILLINGS.incrementAndGet());
    }
    return block;
  }

  private CachedBlock newBlock(SizeClass sizeClass, long bytes) {
    reserve(sizeClass.size, bytes);
    try {
      // Room for the block's true start before the aligned address.
      long raw = OffHeap.allocate(sizeClass.size + (GUARD ? 3 : 2) * ALIGNMENT);
      long address = (raw + 2 * ALIGNMENT - 1) & -ALIGNMENT;
      OffHeap.putLong(address - Long.BYTES, raw);
      CachedBlock block = new CachedBlock(address, sizeClass);
      blocks.add(block);
      return block;
    } catch (OutOfMemoryError e) {
      held.addAndGet(-sizeClass.size);
      throw new MemoryException(
          "the operating system refused "
              + bytes
              + " bytes of off-heap memory ("
              + statistics()
              + "); use smaller batches, or close tensors earlier with a Scope",
          e);
    }
  }

  @Override
  public void trim() {
    for (SizeClass sizeClass : classes) {
      for (CachedBlock block = sizeClass.popAll(); block != null; block = block.below) {
        blocks.remove(block);
        OffHeap.free(OffHeap.getLong(block.address() - Long.BYTES));
        held.addAndGet(-sizeClass.size);
      }
    }
  }

  /** Sets the limit in bytes that live and cached blocks together may not exceed. */
  public void setLimit(long bytes) {
    setLimit(bytes, "-D" + LIMIT_PROPERTY);
  }

  /**
   * Sets the limit where something else than {@link #LIMIT_PROPERTY} decides it.
   *
   * @param bytes that live and cached blocks together may not exceed
   * @param setting what to raise for more, as the message of an allocation that fails names it
   */
  public void setLimit(long bytes, String setting) {
    limit = new Limit(bytes, setting);
  }

  @Override
  public MemoryStatistics statistics() {
    long allocations = 0;
    for (SizeClass sizeClass : classes) {
      allocations += sizeClass.allocations();
    }
    long used = inUse.get();
    return new MemoryStatistics(
        used,
        Math.max(held.get() - used, 0),
        peak.get(),
        limit.bytes(),
        allocations,
        Storage.leakedBytes());
  }

  private void reserve(long size, long asked) {
    for (int attempt = 0; ; attempt++) {
      Limit now = limit;
      if (held.addAndGet(size) <= now.bytes()) {
        return;
      }
      held.addAndGet(-size);
      trim();
      if (inUse.get() + size <= now.bytes()) {
        continue;
      }
      if (attempt >= WAITS || size > now.bytes()) {
        throw new MemoryException(
            "off-heap memory is used up: "
                + asked
                + " bytes were asked for, "
                + inUse.get()
                + " are in use, the limit is "
                + now.bytes()
                + ". Close tensors earlier (run each step in a"
                + " Scope), use a smaller batch, or raise "
                + now.setting());
      }
      try {
        Thread.sleep(WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new MemoryException("interrupted while waiting for " + asked + " bytes", e);
      }
    }
  }

  /** Fills a block and its margins with a byte that no neighbour in time has. */
  private static void fill(long address, long size, long count) {
    byte filling = (byte) (LEAST_FILLING + count % (0xff - LEAST_FILLING));
    OffHeap.fill(address - ALIGNMENT, ALIGNMENT - Long.BYTES, filling);
    OffHeap.fill(address, size + ALIGNMENT, filling);
  }

  /** The block's own true start stands between the margin before it and its first byte. */
  private static void checkMargins(long address, long bytes, long size) {
    byte filling = OffHeap.getByte(address - ALIGNMENT);
    for (long at = address - ALIGNMENT; at < address - Long.BYTES; at++) {
      checkMargin(filling, at, address, bytes);
    }
    for (long at = address + bytes; at < address + size + ALIGNMENT; at++) {
      checkMargin(filling, at, address, bytes);
    }
  }

  private static void checkMargin(byte filling, long at, long address, long bytes) {
    if (OffHeap.getByte(at) != filling) {
      // An error, not an exception that a caller may handle: memory is no longer what it was.
      throw new AssertionError(
          "memory guard: a kernel wrote to byte "
              + (at - address)
              + " of a block of "
              + bytes
              + " bytes");
    }
  }

  private void raisePeak(long now) {
    long old = peak.get();
    while (now > old && !peak.compareAndSet(old, now)) {
      old = peak.get();
    }
  }

  /** The index of the smallest class that holds {@code bytes}. */
  static int sizeClass(long bytes) {
    long least = Math.max(bytes, ALIGNMENT);
    int power = 63 - Long.numberOfLeadingZeros(least);
    long step = 1L << (power - 3);
    int eighths = (int) ((least - (1L << power) + step - 1) / step);
    return power * 8 + eighths;
  }

  /** The bytes of a class. */
  static long sizeOf(int sizeClass) {
    int power = sizeClass / 8;
    return power < 6 ? ALIGNMENT : (1L << power) + (sizeClass % 8) * (1L << (power - 3));
  }

  /** The blocks of one size that are not in use, a stack linked through the blocks themselves. */
  private static final class SizeClass {
    final long size;
    private CachedBlock top;
    private long allocations;

    SizeClass(long size) {
      this.size = size;
    }

    /** For an allocation: the block that was freed last, or null if a new one is needed. */
    synchronized CachedBlock pop() {
      allocations++;
      CachedBlock block = top;
      if (block != null) {
        top = block.below;
        block.below = null;
      }
      return block;
    }

    synchronized void push(CachedBlock block) {
      block.below = top;
      top = block;
    }

    /** All blocks, the one freed last leading to the others. */
    synchronized CachedBlock popAll() {
      CachedBlock all = top;
      top = null;
      return all;
    }

    synchronized long allocations() {
      return allocations;
    }
  }

  private final class CachedBlock extends Block {
    private final SizeClass sizeClass;
    private CachedBlock below;
    private long bytes;

    CachedBlock(long address, SizeClass sizeClass) {
      super(address);
      this.sizeClass = sizeClass;
    }

    @Override
    public void free() {
      if (GUARD) {
        checkMargins(address(), bytes, sizeClass.size);
      }
      inUse.addAndGet(-sizeClass.size);
      sizeClass.push(this);
    }
  }
}
