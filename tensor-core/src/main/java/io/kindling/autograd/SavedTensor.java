package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.memory.Storage;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * A tensor kept for backward, with the version it had. Holds its storage, not the user's handle.
 */
final class SavedTensor {
  private final Storage storage;
  private final Layout layout;
  private final DType dtype;
  private final Device device;
  private final int version;
  private final AutogradState state;

  /**
   * @param state the variable's state, or null if it has none or if the saving node made it: a node
   *     that held its own output would never end
   */
  SavedTensor(Tensor tensor, AutogradState state) {
    this.storage = tensor.storage();
    this.layout = tensor.layout();
    this.dtype = tensor.dtype();
    this.device = tensor.device();
    this.version = storage.version();
    this.state = state;
    storage.retain();
    if (state != null) {
      state.retain();
    }
  }

  /** A new handle on what was saved. */
  Tensor unpack(String operation, String what, Node maker, int outputIndex) {
    if (storage.version() != version) {
      throw new AutogradException(
          operation
              + ": "
              + what
              + " with shape "
              + layout.shape()
              + " was changed in place after"
              + " the forward pass saved it (it was at version "
              + version
              + ", now "
              + storage.version()
              + "); use the operation without the trailing underscore, or"
              + " clone() before changing it");
    }
    storage.retain();
    Tensor handle = new Tensor(storage, layout, dtype, device);
    if (state != null) {
      handle.share(state);
    } else if (maker != null) {
      AutogradState made = new AutogradState(maker, outputIndex);
      handle.share(made);
      made.release();
    }
    return handle;
  }

  void release() {
    storage.release();
    if (state != null) {
      state.release();
    }
  }
}
