package io.kindling.memory;

/**
 * A piece of memory as its owner sees it: an allocator, which hands the same block out many times,
 * or whoever owns the foreign memory that a storage wraps. It outlives the {@link Storage} that
 * uses it, so it carries what must be there when a storage ends without having been closed.
 *
 * <p>Its owner keeps every block that is in use reachable; else a forgotten storage would be
 * collected unseen and its memory lost.
 */
public abstract class Block {
  private final long address;
  StorageWatch watch;

  protected Block(long address) {
    this.address = address;
  }

  /** Where the first byte is. */
  public final long address() {
    return address;
  }

  /** Gives the memory back to its owner. Called once for each time it was handed out. */
  public abstract void free();
}
