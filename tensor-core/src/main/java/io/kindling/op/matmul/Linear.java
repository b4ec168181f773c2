package io.kindling.op.matmul;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.MatMulLoop;
import io.kindling.op.CastPolicy;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * {@code y = x W^T + b}: inputs {@code x (..., in)}, {@code W (out, in)} and, optionally, {@code b
 * (out)}, all of one floating type; output {@code (..., out)}.
 */
public record Linear() implements Op {
  @Override
  public CastPolicy castPolicy() {
    return CastPolicy.LOWER_PRECISION;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2, 3);
    Shape x = inputs[0].shape();
    Shape weight = inputs[1].shape();
    if (weight.rank() != 2 || x.rank() == 0 || x.size(-1) != weight.size(1)) {
      throw new ShapeException(
          "linear: input "
              + x
              + " and weight "
              + weight
              + " do not fit; expected (..., in) and (out, in)");
    }
    if (inputs.length > 2 && !inputs[2].shape().equals(Shape.of(weight.size(0)))) {
      throw new ShapeException(
          "linear: bias "
              + inputs[2].shape()
              + " does not fit weight "
              + weight
              + "; expected ["
              + weight.size(0)
              + "]");
    }
    for (Tensor input : inputs) {
      if (input.dtype() != inputs[0].dtype() || !input.dtype().isFloatingPoint()) {
        throw new DTypeException(
            "linear: input, weight and bias must have one floating type, got "
                + inputs[0].dtype()
                + " and "
                + input.dtype()
                + "; convert with to()");
      }
    }
    return Op.one(Spec.of(x.with(-1, weight.size(0)), inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor bias = inputs.length > 2 ? inputs[2] : null;
    MatMulLoop.run(inputs[0], inputs[1], inputs[1].layout().transpose(0, 1), bias, outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index < 2 && needed[1 - index];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor weight = null;
    if (context.needs(1)) {
      Tensor x = context.input(0);
      long rows = x.shape().without(-1).numel();
      weight = g.reshape(rows, g.size(-1)).t().matmul(x.reshape(rows, x.size(-1)));
    }
    // The engine sums the gradient of the bias over the leading dimensions.
    return new Tensor[] {context.needs(0) ? g.matmul(context.input(1)) : null, weight, g};
  }
}
