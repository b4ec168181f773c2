package io.kindling.op.conv;

import io.kindling.backend.cpu.ConvLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The gradient of a convolution's input: inputs {@code gradient (N, O, H', W')} and {@code weight
 * (O, C/groups, kH, kW)}; output {@code (N, C, H, W)}. With other names it is the transposed
 * convolution.
 *
 * @param conv the convolution
 * @param input the shape of its input
 * @param format the order of the output in memory, or null for the gradient's: a network in
 *     channels-last stays so on its way back, whatever order the last gradient came in
 */
public record Conv2dInputGrad(Conv2d conv, Shape input, MemoryFormat format) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2);
    Conv2d.checkTypes(name(), inputs);
    conv.checkGradient(name(), inputs[0].shape(), input, inputs[1].shape());
    MemoryFormat order = format == null ? inputs[0].layout().format() : format;
    return Op.one(new Spec(Layout.of(input, order), inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    ConvLoop.inputGrad(conv, inputs[0], inputs[1], outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return needed[1 - index];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Op weightGrad = new Conv2dWeightGrad(conv, context.inputSpec(1).shape(), false);
    return new Tensor[] {
      context.needs(0) ? Dispatch.run(conv, g, context.input(1)) : null,
      context.needs(1) ? Dispatch.run(weightGrad, context.input(0), g) : null
    };
  }
}
