package io.kindling.op.conv;

import io.kindling.backend.cpu.ConvLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The gradient of a convolution's weight: inputs {@code gradient (N, O, H', W')} and {@code x (N,
 * C, H, W)}; output {@code (O, C/groups, kH, kW)}, contiguous.
 *
 * @param conv the convolution
 * @param weight the shape of its weight
 */
public record Conv2dWeightGrad(Conv2d conv, Shape weight) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Conv2d.checkTypes(name(), inputs);
    conv.checkGradient(name(), inputs[0].shape(), inputs[1].shape(), weight);
    return Op.one(Spec.of(weight, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    ConvLoop.weightGrad(conv, inputs[0], inputs[1], outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return needed[1 - index];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Op inputGrad = new Conv2dInputGrad(conv, context.inputSpec(1).shape());
    return new Tensor[] {
      context.needs(0) ? Dispatch.run(conv, context.input(1), g) : null,
      context.needs(1) ? Dispatch.run(inputGrad, context.input(0), g) : null
    };
  }
}
