package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.memory.ScopedHandle;
import io.kindling.memory.Storage;
import io.kindling.tensor.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A saved tensor in whose place something else is kept. */
final class PackedTensor extends SavedTensor {
  private static final Logger LOG = LoggerFactory.getLogger(PackedTensor.class);

  private final SavedTensorsHooks hooks;
  private final Object packed;
  // A gradient may read what it saved more than once, and unpacking may be long work. The handle
  // lives as long as the scope in which it was unpacked, which is the node's turn in the pass.
  private Tensor unpacked;
  private Thread unpackedBy;

  private PackedTensor(SavedTensor plain, SavedTensorsHooks hooks, Object packed) {
    super(plain);
    this.hooks = hooks;
    this.packed = packed;
  }

  /** Takes the place of a saved tensor, whose memory is let go of. */
  static PackedTensor of(SavedTensor plain, SavedTensorsHooks hooks) {
    Object packed;
    try (Scope scope = Scope.open();
        GradMode off = Autograd.noGrad();
        RecordingScope plainly = Recording.packing(null)) {
      packed = hooks.pack(plain.handle());
      if (packed instanceof ScopedHandle handle) {
        Scope.detach(handle);
      }
    }
    PackedTensor result = new PackedTensor(plain, hooks, packed);
    plain.releaseStorage();
    return result;
  }

  @Override
  synchronized Tensor handle(Object reader, String kind, int index) {
    if (unpacked == null || unpacked.isClosed() || unpackedBy != Thread.currentThread()) {
      try (GradMode off = Autograd.noGrad();
          RecordingScope plainly = Recording.packing(null)) {
        unpacked = hooks.unpack(packed);
      }
      unpackedBy = Thread.currentThread();
      if (!unpacked.shape().equals(spec().shape()) || unpacked.dtype() != spec().dtype()) {
        throw new AutogradException(
            name(reader)
                + ": "
                + kind
                + " "
                + index
                + " was saved with shape "
                + spec().shape()
                + " and type "
                + spec().dtype()
                + " and came back from its unpacking or recomputation with "
                + unpacked.shape()
                + " and "
                + unpacked.dtype());
      }
    }
    Storage storage = unpacked.storage();
    storage.retain();
    return new Tensor(storage, unpacked.spec(), unpacked.device());
  }

  @Override
  void releaseStorage() {
    if (packed instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOG.warn("what was kept for a saved tensor could not be closed", e);
      }
    }
  }
}
