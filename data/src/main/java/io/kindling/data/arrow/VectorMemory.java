package io.kindling.data.arrow;

import io.kindling.memory.Storage;
import io.kindling.tensor.Tensor;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.ForeignAllocation;

/** One piece of memory with an owner on one side and a holder on the other. */
final class VectorMemory {
  private VectorMemory() {}

  /**
   * Read-only storage on {@code bytes} bytes of an Arrow buffer, from {@code offset} on.
   *
   * <p>The tensor's reference is accounted in an allocator of its own below the same root. When the
   * vector is closed first, Arrow moves the memory to that allocator, so that the vector's own
   * allocator can be closed while tensors live on.
   */
  static Storage wrap(ArrowBuf buffer, long offset, long bytes) {
    BufferAllocator holder =
        buffer
            .getReferenceManager()
            .getAllocator()
            .getRoot()
            .newChildAllocator("kindling tensor", 0, Long.MAX_VALUE);
    try {
      ArrowBuf held = buffer.getReferenceManager().retain(buffer, holder);
      return Storage.wrap(
          held.memoryAddress() + offset,
          bytes,
          true,
          () -> {
            held.close();
            holder.close();
          });
    } catch (RuntimeException | Error e) {
      holder.close();
      throw e;
    }
  }

  /**
   * A buffer of {@code allocator} on the memory of a contiguous tensor, which it holds until the
   * buffer's last reference is released.
   */
  static ArrowBuf wrap(Tensor tensor, BufferAllocator allocator) {
    Storage storage = tensor.storage();
    storage.retain();
    try {
      return allocator.wrapForeignAllocation(
          new ForeignAllocation(tensor.numel() * tensor.dtype().bytes(), tensor.address()) {
            @Override
            protected void release0() {
              storage.release();
            }
          });
    } catch (RuntimeException | Error e) {
      storage.release();
      throw e;
    }
  }
}
