package io.kindling.op;

import io.kindling.tensor.Tensor;

/** What an operation's gradient may look at. */
public interface GradientContext {
  /** An input that {@link Op#savesInput} asked for; fails if it was changed in place since. */
  Tensor input(int index);

  /** An output that {@link Op#savesOutput} asked for; fails if it was changed in place since. */
  Tensor output(int index);

  /** Shape and type of any input, saved or not. */
  Spec inputSpec(int index);

  /** Whether the operation was called with this input; optional ones come last. */
  boolean given(int index);

  /**
   * Whether the gradient of this input is wanted; others may be returned as null. False for an
   * optional input that was not given.
   */
  boolean needs(int index);

  /**
   * Runs an operation on a gradient that is used for the last time. Where nobody else can see the
   * gradient either, the first output takes its memory: what is written is then near, and a third
   * of the way through memory is spared.
   *
   * @param inputs first one of the gradients that {@link Op#gradient} was called with, which the
   *     caller reads no more
   */
  Tensor[] runOver(Op op, Tensor... inputs);
}
