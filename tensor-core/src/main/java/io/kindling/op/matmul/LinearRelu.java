package io.kindling.op.matmul;

import io.kindling.op.CastPolicy;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Relu;
import io.kindling.op.elementwise.ReluBackward;
import io.kindling.tensor.Tensor;

/**
 * {@code y = max(x W^T + b, 0)}: what {@link Relu} makes of {@link Linear}, whose inputs it has.
 * The values are those of the two one after the other, but one tensor is written and kept where
 * they take two.
 */
public record LinearRelu() implements Op {
  private static final Linear LINEAR = new Linear();
  private static final Relu RELU = new Relu();

  /** The layer that may be called wrongly. */
  @Override
  public String name() {
    return LINEAR.name();
  }

  @Override
  public CastPolicy castPolicy() {
    return LINEAR.castPolicy();
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    return LINEAR.infer(inputs);
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    LINEAR.reference(inputs, outputs);
    RELU.reference(outputs, outputs);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return LINEAR.savesInput(index, needed);
  }

  @Override
  public boolean savesOutput(int index) {
    return true;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor y = context.output(0);
    if (!context.needs(2) || y.dim() == 1) {
      return LINEAR.gradient(context, context.runOver(new ReluBackward(), g, y));
    }
    Tensor[] both = context.runOver(new LinearReluBackward(), g, y);
    Tensor[] all = LINEAR.gradient(context, new Tensor[] {both[0]});
    all[2] = both[1];
    return all;
  }
}
