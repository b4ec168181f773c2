package io.kindling.op.elementwise;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * The first input, but the third, a value without dimensions, where the second, a bool tensor that
 * broadcasts with the first, is true. The result has the first's type.
 */
public record MaskedFill() implements ElementwiseOp {
  @Override
  public int inputCount() {
    return 3;
  }

  @Override
  public DType result(Tensor[] inputs) {
    return inputs[0].dtype();
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, inputCount());
    Op.checkType(name(), inputs[1], DType.BOOL);
    if (inputs[2].dim() != 0) {
      throw new ShapeException(
          "maskedFill: expected a value without dimensions, got " + inputs[2].shape());
    }
    if (!inputs[2].dtype().canCastTo(inputs[0].dtype())) {
      throw new DTypeException(
          "maskedFill: a value of type "
              + inputs[2].dtype()
              + " does not fit a tensor of type "
              + inputs[0].dtype()
              + "; convert one with to()");
    }
    return ElementwiseOp.super.infer(inputs);
  }

  @Override
  public DType compute(Tensor[] inputs, DType result) {
    boolean booleans = inputs[0].dtype() == DType.BOOL || inputs[2].dtype() == DType.BOOL;
    DType compute = result.compute();
    return compute == DType.FLOAT32 && !booleans ? DType.INT32 : compute;
  }

  @Override
  public void bits(int[][] in, int[] out, int count) {
    Where.choose(in[1], in[2], in[0], out, count);
  }

  @Override
  public void floats(float[][] in, float[] out, int count) {
    Where.choose(in[1], in[2], in[0], out, count);
  }

  @Override
  public void doubles(double[][] in, double[] out, int count) {
    Where.choose(in[1], in[2], in[0], out, count);
  }

  @Override
  public void longs(long[][] in, long[] out, int count) {
    Where.choose(in[1], in[2], in[0], out, count);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor mask = context.input(1);
    Tensor g = gradients[0];
    return new Tensor[] {
      context.needs(0) ? g.maskedFill(mask, 0) : null,
      null,
      context.needs(2) ? g.maskedFill(mask.logicalNot(), 0) : null
    };
  }
}
