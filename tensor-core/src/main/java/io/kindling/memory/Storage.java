package io.kindling.memory;

import io.kindling.MemoryException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * A piece of memory that tensors look at. Every tensor, saved tensor, gradient and buffer holds one
 * reference; the last one frees it. It is either allocated or wraps foreign memory (an Arrow
 * buffer, a mapped file), whose release callback then runs.
 *
 * <p>The version counter grows with every in-place write, so that autograd sees when a value it
 * saved has changed.
 */
public final class Storage extends RefCounted {
  /**
   * With this system property set to true, {@link #live} says where the memory was allocated that
   * is in use, and so does the warning about memory that only the garbage collector freed.
   */
  public static final String TRACE_PROPERTY = "kindling.leak.trace";

  /** The version, for good, of memory that was allocated in inference mode. */
  public static final int INFERENCE = Integer.MIN_VALUE;

  private final Block block;
  private final long address;
  private final long bytes;
  private final boolean readOnly;
  private volatile int version;

  private Storage(Block block, long bytes, boolean readOnly) {
    this.block = block;
    this.address = block.address();
    this.bytes = bytes;
    this.readOnly = readOnly;
    new StorageWatch(this, block, bytes);
  }

  /** New memory of {@code bytes} bytes, contents undefined. */
  public static Storage allocate(Allocator allocator, long bytes) {
    return new Storage(allocator.allocate(bytes), bytes, false);
  }

  /**
   * Foreign memory. {@code release} runs once, when the last holder lets go; it must keep alive
   * whatever owns the memory.
   */
  public static Storage wrap(long address, long bytes, boolean readOnly, Runnable release) {
    return new Storage(new ForeignBlock(address, release), bytes, readOnly);
  }

  /** The memory of a direct buffer, from its position to its limit; keeps the buffer alive. */
  public static Storage wrap(ByteBuffer direct) {
    return wrap(
        OffHeap.address(direct) + direct.position(),
        direct.remaining(),
        direct.isReadOnly(),
        () -> Reference.reachabilityFence(direct));
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

  /** Whether somebody else allocated this memory, and may look at it without holding this. */
  public boolean isForeign() {
    return block instanceof ForeignBlock;
  }

  public int version() {
    return version;
  }

  /** Says that the contents changed. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // racing writers race on the data as well
  public void bumpVersion() {
    if (version != INFERENCE) {
      version++;
    }
  }

  /** Says that autograd has no part in this memory. */
  public void markInference() {
    version = INFERENCE;
  }

  /** Whether this memory was allocated in inference mode. */
  public boolean isInference() {
    return version == INFERENCE;
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
    return StorageWatch.leakedBytes();
  }

  /**
   * What is in use, as a text for a person: how many tensors' memories, how many bytes, and the
   * calls that allocated them, the most bytes first. Empty unless {@link #TRACE_PROPERTY} is set.
   */
  public static String live() {
    return StorageWatch.live();
  }

  @Override
  protected void released() {
    block.watch.end();
    block.free();
    // Until here nobody may take the storage for forgotten and free its block as well.
    Reference.reachabilityFence(this);
  }
}
