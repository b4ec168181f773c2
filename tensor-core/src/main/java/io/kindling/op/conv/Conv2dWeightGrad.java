package io.kindling.op.conv;

import io.kindling.backend.cpu.ConvLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The gradient of a convolution's weight and, if wanted, of its bias: inputs {@code gradient (N, O,
 * H', W')} and {@code x (N, C, H, W)}; outputs {@code (O, C/groups, kH, kW)}, contiguous, and
 * {@code (O)}, the sum of the gradient, which a kernel has at hand while it reads it.
 *
 * @param conv the convolution
 * @param weight the shape of its weight
 * @param bias whether there is the second output
 */
public record Conv2dWeightGrad(Conv2d conv, Shape weight, boolean bias) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Conv2d.checkTypes(name(), inputs);
    conv.checkGradient(name(), inputs[0].shape(), inputs[1].shape(), weight);
    DType dtype = inputs[0].dtype();
    Spec first = Spec.of(weight, dtype);
    return bias ? new Spec[] {first, Spec.of(Shape.of(weight.size(0)), dtype)} : new Spec[] {first};
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    ConvLoop.weightGrad(conv, inputs[0], inputs[1], outputs[0], bias ? outputs[1] : null);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return needed[1 - index];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor ofWeight = gradients[0];
    Tensor ofBias = bias ? gradients[1] : null;
    Tensor gradient = null;
    Tensor x = null;
    if (context.needs(0) && ofWeight != null) {
      Tensor input = context.input(1);
      gradient =
          ofBias == null
              ? Dispatch.run(conv, input, ofWeight)
              : Dispatch.run(conv, input, ofWeight, ofBias);
    } else if (context.needs(0) && ofBias != null) {
      gradient = ofBias.view(1, -1, 1, 1).expand(context.inputSpec(0).shape().toArray());
    }
    if (context.needs(1) && ofWeight != null) {
      Layout input = context.inputSpec(1).layout();
      Op op = new Conv2dInputGrad(conv, input.shape(), input.format());
      x = Dispatch.run(op, context.input(0), ofWeight);
    }
    return new Tensor[] {gradient, x};
  }
}
