package io.kindling.nn;

import io.kindling.tensor.Tensor;

/** Compares what a network gives with what it should give. Has no state, so it is no module. */
public interface Loss {
  /** The loss, which belongs to the current scope. */
  Tensor forward(Tensor input, Tensor target);
}
