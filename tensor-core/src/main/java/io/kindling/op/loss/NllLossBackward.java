package io.kindling.op.loss;

import io.kindling.ShapeException;
import io.kindling.memory.OffHeap;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * The gradient of {@link NllLoss}: inputs {@code gradient} of the loss's shape, {@code target}, the
 * sum of weights and, optionally, {@code weight (C)}; output {@code -weight[target] * gradient} at
 * each target and zero elsewhere, of the log-probabilities' shape.
 *
 * @param loss the forward operation
 * @param input the shape of the log-probabilities
 */
public record NllLossBackward(NllLoss loss, Shape input) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 3, 4);
    Tensor weight = inputs.length > 3 ? inputs[3] : null;
    NllLoss.checkFit(name(), input, inputs[0].dtype(), inputs[1], weight);
    Shape expected = loss.shape(inputs[1]);
    if (!inputs[0].shape().equals(expected) || inputs[2].numel() != 1) {
      throw new ShapeException(
          "nllLossBackward: expected a gradient "
              + expected
              + " and the sum of weights [], got "
              + inputs[0].shape()
              + " and "
              + inputs[2].shape());
    }
    return Op.one(Spec.of(input, inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor out = outputs[0];
    DType dtype = out.dtype();
    OffHeap.zero(out.address(), out.numel() * dtype.bytes());
    Picks picks = new Picks(loss, out.layout(), inputs[1], inputs.length > 3 ? inputs[3] : null);
    boolean one = loss.reduction() != LossReduction.NONE;
    double scale =
        loss.reduction() == LossReduction.MEAN
            ? 1 / inputs[2].dtype().readDouble(inputs[2].address())
            : 1;
    Picks.Positions each = new Picks.Positions(inputs[0].layout());
    long gradient = inputs[0].storage().address();
    for (long i = 0; i < picks.count(); i++) {
      long label = picks.label(i);
      if (label != Picks.IGNORED) {
        long from = gradient + each.offset(one ? 0 : i) * dtype.bytes();
        double value = -picks.weight(label) * scale * dtype.readDouble(from);
        dtype.writeDouble(picks.address(out, i, label), value);
      }
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1 || index == 3;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    // The loss is linear in the log-probabilities, and this operation is its transpose.
    Tensor target = context.input(1);
    Tensor g =
        context.given(3)
            ? Dispatch.runAll(loss, gradients[0], target, context.input(3))[0]
            : Dispatch.runAll(loss, gradients[0], target)[0];
    return new Tensor[] {g, null, null, null};
  }
}
