package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.memory.Storage;
import io.kindling.op.Spec;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;

/**
 * A tensor kept for backward, with the version and the history it had. Holds its storage, not the
 * user's handle. A later write in place gives the variable a new history, which may lead to the
 * very node that saved it: holding that, the node would never end.
 */
final class SavedTensor {
  private final Storage storage;
  private final Spec spec;
  private final Device device;
  private final int version;
  private final AutogradState leaf;
  private final Node maker; // held by the saving node's edge to it
  private final int outputIndex;

  /**
   * @param state the variable's state, or null if it has none or if the saving node made it: a node
   *     that held its own output would never end
   */
  SavedTensor(Tensor tensor, AutogradState state) {
    this.storage = tensor.storage();
    this.spec = tensor.spec();
    this.device = tensor.device();
    this.version = storage.version();
    storage.retain();
    boolean differentiated = state != null && state.requiresGrad();
    this.maker = differentiated ? state.gradFn() : null;
    this.leaf = differentiated && maker == null ? state : null;
    this.outputIndex = maker == null ? 0 : state.outputIndex();
    if (leaf != null) {
      leaf.retain();
    }
  }

  /**
   * A new handle on an input that {@code reader} saved.
   *
   * @param recorded whether what is computed from it will be differentiated
   */
  Tensor input(Node reader, int index, boolean recorded) {
    Tensor handle = handle(reader, "input", index);
    if (recorded && maker != null) {
      maker.retain();
      handle.adopt(new AutogradState(maker, outputIndex));
    } else if (recorded && leaf != null) {
      handle.share(leaf);
    }
    return handle;
  }

  /** As {@link #input}, for an output that {@code reader} itself made. */
  Tensor output(Node reader, int index, boolean recorded) {
    Tensor handle = handle(reader, "output", index);
    if (recorded) {
      reader.retain();
      handle.adopt(new AutogradState(reader, index));
    }
    return handle;
  }

  private Tensor handle(Node reader, String kind, int index) {
    if (storage.version() != version) {
      throw new AutogradException(
          reader.name()
              + ": "
              + kind
              + " "
              + index
              + " with shape "
              + spec.shape()
              + " was changed in place after"
              + " the forward pass saved it (it was at version "
              + version
              + ", now "
              + storage.version()
              + "); use the operation without the trailing underscore, or"
              + " clone() before changing it");
    }
    storage.retain();
    return new Tensor(storage, spec, device);
  }

  void release() {
    storage.release();
    if (leaf != null) {
      leaf.release();
    }
  }
}
