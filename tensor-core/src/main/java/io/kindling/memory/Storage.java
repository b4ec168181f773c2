package io.kindling.memory;

import io.kindling.MemoryException;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A piece of memory that tensors look at. Every tensor, saved tensor, gradient and buffer holds one
 * reference; the last one frees it. It is either allocated or wraps foreign memory (an Arrow
 * buffer, a mapped file), whose release callback then runs.
 *
 * <p>The version counter grows with every in-place write, so that autograd sees when a value it
 * saved has changed.
 */
public final class Storage extends RefCounted {
  /** With this system property set to true, a leak's report says where the memory was allocated. */
  public static final String TRACE_PROPERTY = "kindling.leak.trace";

  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
  private static final boolean TRACE = Boolean.getBoolean(TRACE_PROPERTY);
  private static final Cleaner CLEANER = Cleaner.create();
  private static final AtomicLong LEAKED = new AtomicLong();
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private final long address;
  private final long bytes;
  private final boolean readOnly;
  private final Cleaner.Cleanable memory;
  private final Reclaim reclaim;
  private volatile int version;

  private Storage(long address, long bytes, boolean readOnly, Runnable free) {
    this.address = address;
    this.bytes = bytes;
    this.readOnly = readOnly;
    this.reclaim = new Reclaim(bytes, free);
    this.memory = CLEANER.register(this, reclaim);
  }

  /** New memory of {@code bytes} bytes, contents undefined. */
  public static Storage allocate(Allocator allocator, long bytes) {
    long address = allocator.allocate(bytes);
    return new Storage(address, bytes, false, () -> allocator.free(address, bytes));
  }

  /**
   * Foreign memory. {@code release} runs once, when the last holder lets go; it must keep alive
   * whatever owns the memory.
   */
  public static Storage wrap(long address, long bytes, boolean readOnly, Runnable release) {
    return new Storage(address, bytes, readOnly, release);
  }

  public long address() {
    return address;
  }

  public long bytes() {
    return bytes;
  }

  /** Whether in-place operations are refused. */
  public boolean isReadOnly() {
    return readOnly;
  }

  public int version() {
    return version;
  }

  /** Says that the contents changed. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // racing writers race on the data as well
  public void bumpVersion() {
    version++;
  }

  /** Fails when in-place operations are not allowed here. */
  public void checkWritable(String operation) {
    if (readOnly) {
      throw new MemoryException(
          operation
              + ": the tensor's memory is read-only (it belongs to a mapped file or an Arrow"
              + " buffer); clone() it first");
    }
  }

  /** Bytes that only the garbage collector freed, since the JVM's start. */
  public static long leakedBytes() {
    return LEAKED.get();
  }

  @Override
  protected void released() {
    reclaim.closed = true;
    memory.clean();
  }

  /** Frees the memory, either on the last release or once the storage has become unreachable. */
  private static final class Reclaim implements Runnable {
    private final long bytes;
    private final Runnable free;
    private final Throwable origin;
    private volatile boolean closed;

    Reclaim(long bytes, Runnable free) {
      this.bytes = bytes;
      this.free = free;
      this.origin = TRACE ? new Throwable("allocated here") : null;
    }

    @Override
    public void run() {
      if (!closed) {
        LEAKED.addAndGet(bytes);
        if (origin != null) {
          LOG.warn("a tensor of {} bytes was never closed", bytes, origin);
        } else if (WARNED.compareAndSet(false, true)) {
          LOG.warn(
              "a tensor of {} bytes was never closed and had to wait for the garbage collector;"
                  + " use a Scope, or set -D{}=true to see where such tensors are made",
              bytes,
              TRACE_PROPERTY);
        }
      }
      free.run();
    }
  }
}
