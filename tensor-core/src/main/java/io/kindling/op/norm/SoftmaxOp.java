package io.kindling.op.norm;

import io.kindling.DTypeException;
import io.kindling.backend.cpu.LineLoop;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/** A function of the lines along one dimension of a floating type, in the input's order. */
interface SoftmaxOp extends Op {
  /** The dimension; negative ones count from the end. */
  int dim();

  /** Turns the values of a line into results. */
  void line(double[] values);

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Tensor x = inputs[0];
    DType dtype = x.dtype();
    if (!dtype.isFloatingPoint()) {
      throw new DTypeException(
          name() + " is not defined for " + dtype + "; convert with to() first");
    }
    x.shape().dim(dim());
    return Op.one(new Spec(x.layout().denseLike(x.shape()), dtype));
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    LineLoop.run(inputs[0], outputs[0], dim(), this::line);
  }

  @Override
  default boolean savesOutput(int index) {
    return true;
  }
}
