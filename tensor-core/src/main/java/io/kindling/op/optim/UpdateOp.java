package io.kindling.op.optim;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.UpdateLoop;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/**
 * Inputs: the parameter, which is also the output; its gradient; then its state, which changes too.
 * All dense, of one type and in one order in memory.
 */
public interface UpdateOp extends Op {
  /**
   * Updates {@code count} elements of float32. The arrays hold the next elements of each input, in
   * the order of the inputs; what becomes of the gradient's is not kept.
   */
  void floats(float[][] values, int count);

  /** As {@link #floats}, of float64. */
  void doubles(double[][] values, int count);

  /** How many inputs there are, at least and at most. */
  int leastInputs();

  int mostInputs();

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, leastInputs(), mostInputs());
    Layout layout = inputs[0].layout();
    DType dtype = inputs[0].dtype();
    Op.checkType(name(), inputs[0], DType.FLOAT32, DType.FLOAT64);
    for (Tensor input : inputs) {
      if (input.dtype() != dtype) {
        throw new DTypeException(
            name() + ": the parameter is " + dtype + ", its gradient or state " + input.dtype());
      }
      if (!input.layout().sameOrder(layout) || !layout.isDense()) {
        throw new ShapeException(
            name()
                + ": the parameter "
                + layout.shape()
                + " and its gradient or state "
                + input.shape()
                + " must be dense and in the same order in memory");
      }
    }
    for (int i = 2; i < inputs.length; i++) {
      inputs[i].storage().checkWritable(name());
    }
    return Op.one(new Spec(layout, dtype));
  }

  @Override
  default boolean runsInPlace() {
    return true;
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    if (inputs[0].address() != outputs[0].address()) {
      throw new KindlingException(
          name()
              + " changes its parameter, which shares no memory with its gradient and state; call"
              + " it with Dispatch.runInPlace");
    }
    UpdateLoop.run(this, inputs);
    for (int i = 2; i < inputs.length; i++) {
      inputs[i].storage().bumpVersion(); // dispatch knows of the parameter only
    }
  }
}
