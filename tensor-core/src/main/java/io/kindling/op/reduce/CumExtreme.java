package io.kindling.op.reduce;

import io.kindling.backend.cpu.Lines;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.index.GatherBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The value along a dimension, up to each place, that comes before all others, and, as int64, where
 * it is: the last of equal ones. From the first NaN on it is NaN, where the last NaN is.
 */
interface CumExtreme extends Op {
  int dim();

  /** Whether a value, neither being NaN, is at least as good as another. */
  boolean replaces(double value, double other);

  boolean replaces(long value, long other);

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape shape = inputs[0].shape();
    shape.dim(dim());
    return new Spec[] {Spec.of(shape, inputs[0].dtype()), Spec.of(shape, DType.INT64)};
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    DType dtype = x.dtype();
    int length = Lines.length(x, dim());
    long from = Lines.step(x, dim());
    long valueStep = Lines.step(outputs[0], dim());
    long indexStep = Lines.step(outputs[1], dim());
    Lines.forEach(
        dim(),
        at -> {
          int best = 0;
          for (int i = 0; i < length; i++) {
            long source = at[0] + i * from;
            long other = at[0] + best * from;
            if (dtype.isFloatingPoint()) {
              double value = dtype.readDouble(source);
              double so = dtype.readDouble(other);
              best = Double.isNaN(value) || (!Double.isNaN(so) && replaces(value, so)) ? i : best;
              dtype.writeDouble(at[1] + i * valueStep, dtype.readDouble(at[0] + best * from));
            } else {
              best = replaces(dtype.readLong(source), dtype.readLong(other)) ? i : best;
              dtype.writeLong(at[1] + i * valueStep, dtype.readLong(at[0] + best * from));
            }
            DType.INT64.writeLong(at[2] + i * indexStep, best);
          }
        },
        x,
        outputs[0],
        outputs[1]);
  }

  @Override
  default boolean savesOutput(int index) {
    return index == 1;
  }

  @Override
  default Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Op backward = new GatherBackward(dim(), context.inputSpec(0).shape());
    return new Tensor[] {Dispatch.run(backward, gradients[0], context.output(1))};
  }
}
