package io.kindling.op.norm;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.LineBlocks;
import io.kindling.backend.cpu.Lines;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * The gradient of a {@link SoftmaxOp}: inputs are the result's gradient and the result, both of one
 * shape and type; the output has the result's order in memory.
 */
public interface SoftmaxBackwardOp extends Op {
  /** The dimension; negative ones count from the end. */
  int dim();

  /** What an element adds to the sum of its line. */
  double term(double gradient, double result);

  /** The gradient of an element. */
  double value(double gradient, double result, double sum);

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Tensor result = inputs[1];
    if (!inputs[0].shape().equals(result.shape())) {
      throw new ShapeException(
          name()
              + ": the gradient "
              + inputs[0].shape()
              + " and the result "
              + result.shape()
              + " differ; expected the same shape");
    }
    DType dtype = result.dtype();
    if (!dtype.isFloatingPoint() || inputs[0].dtype() != dtype) {
      throw new DTypeException(
          name()
              + ": expected a gradient and a result of one floating type, got "
              + inputs[0].dtype()
              + " and "
              + dtype
              + "; convert with to()");
    }
    result.shape().dim(dim());
    return Op.one(new Spec(result.layout().denseLike(result.shape()), dtype));
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor gradient = inputs[0];
    Tensor result = inputs[1];
    Tensor out = outputs[0];
    DType dtype = out.dtype();
    int length = Lines.length(out, dim());
    double[] line = new double[length];
    double[] sum = new double[1];
    long[] steps = {Lines.step(gradient, dim()), Lines.step(result, dim()), Lines.step(out, dim())};
    Lines.forEach(
        dim(),
        at -> {
          LineBlocks.read(
              dtype,
              at[0],
              steps[0],
              length,
              (double[] values, long first, int count) ->
                  System.arraycopy(values, 0, line, (int) first, count));
          sum[0] = 0;
          LineBlocks.read(
              dtype,
              at[1],
              steps[1],
              length,
              (double[] values, long first, int count) -> {
                for (int i = 0; i < count; i++) {
                  sum[0] += term(line[(int) first + i], values[i]);
                }
              });
          LineBlocks.map(
              dtype,
              at[1],
              steps[1],
              dtype,
              at[2],
              steps[2],
              length,
              (double[] values, long first, int count) -> {
                for (int i = 0; i < count; i++) {
                  values[i] = value(line[(int) first + i], values[i], sum[0]);
                }
              });
        },
        gradient,
        result,
        out);
  }

  @Override
  default boolean savesInput(int index, boolean[] needed) {
    return true;
  }
}
