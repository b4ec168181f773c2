package io.kindling.autograd;

import io.kindling.tensor.Tensor;
import java.util.function.Function;

/** What is kept in place of a saved tensor, and how the tensor is had again. */
interface SavedTensorsHooks {
  /**
   * What is kept; may be the tensor. It belongs to the graph from then on, which closes it, if it
   * can be closed, when it lets go of what it saved.
   *
   * @param tensor a handle that lives for this call
   */
  Object pack(Tensor tensor);

  /** The tensor again, of the same shape and type; a handle of the current scope or the graph's. */
  Tensor unpack(Object packed);

  /** Of two functions. */
  static SavedTensorsHooks of(Function<Tensor, ?> pack, Function<Object, Tensor> unpack) {
    return new SavedTensorsHooks() {
      @Override
      public Object pack(Tensor tensor) {
        return pack.apply(tensor);
      }

      @Override
      public Tensor unpack(Object packed) {
        return unpack.apply(packed);
      }
    };
  }
}
