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
class SavedTensor {
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
    if (version == Storage.INFERENCE) {
      throw new AutogradException(
          "a tensor of shape "
              + spec.shape()
              + " that was made in inference mode cannot be saved for backward; clone() it outside"
              + " of inference mode");
    }
    storage.retain();
    boolean differentiated = state != null && state.requiresGrad();
    this.maker = differentiated ? state.gradFn() : null;
    this.leaf = differentiated && maker == null ? state : null;
    this.outputIndex = maker == null ? 0 : state.outputIndex();
    if (leaf != null) {
      leaf.retain();
    }
  }

  /** Another form of a saved tensor, which takes over its history. */
  SavedTensor(SavedTensor plain) {
    this.storage = plain.storage;
    this.spec = plain.spec;
    this.device = plain.device;
    this.version = plain.version;
    this.leaf = plain.leaf;
    this.maker = plain.maker;
    this.outputIndex = plain.outputIndex;
  }

  final Spec spec() {
    return spec;
  }

  /** The values, without a history. */
  final Tensor handle() {
    storage.retain();
    return new Tensor(storage, spec, device);
  }

  /**
   * A new handle on an input that {@code reader} saved.
   *
   * @param recorded whether what is computed from it will be differentiated
   */
  final Tensor input(Node reader, int index, boolean recorded) {
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
  final Tensor output(Node reader, int index, boolean recorded) {
    Tensor handle = handle(reader, "output", index);
    if (recorded) {
      reader.retain();
      handle.adopt(new AutogradState(reader, index));
    }
    return handle;
  }

  /**
   * A new handle without a history; fails if the values changed.
   *
   * @param reader a node, or the name of what else reads it
   */
  Tensor handle(Object reader, String kind, int index) {
    if (storage.version() != version) {
      throw new AutogradException(
          name(reader)
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
    return handle();
  }

  static String name(Object reader) {
    return reader instanceof Node node ? node.name() : reader.toString();
  }

  void releaseStorage() {
    storage.release();
  }

  final void release() {
    releaseStorage();
    if (leaf != null) {
      leaf.release();
    }
  }
}
