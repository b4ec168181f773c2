package io.kindling.op.loss;

/** What becomes of the losses of the elements, PyTorch's {@code reduction} argument. */
public enum LossReduction {
  /** They are returned as they are. */
  NONE,
  /** Their mean, weighted where the loss has weights. */
  MEAN,
  /** Their sum. */
  SUM
}
