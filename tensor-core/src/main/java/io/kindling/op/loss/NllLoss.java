package io.kindling.op.loss;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * Negative log likelihood: inputs {@code logProbabilities (N, C, ...)} or {@code (C)}, {@code
 * target (N, ...)} or {@code ()} of int64 classes and, optionally, {@code weight (C)}. Outputs: the
 * loss, of the target's shape without reduction and a scalar otherwise, and the sum of the weights
 * that the mean divides by.
 *
 * @param ignoreIndex targets of this value add neither loss nor weight
 */
public record NllLoss(LossReduction reduction, long ignoreIndex) implements Op {
  @Override
  public CastPolicy castPolicy() {
    return CastPolicy.FLOAT32;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2, 3);
    checkFit(name(), inputs[0].shape(), inputs[0].dtype(), inputs[1], weight(inputs));
    DType dtype = inputs[0].dtype();
    return new Spec[] {Spec.of(shape(inputs[1]), dtype), Spec.of(Shape.SCALAR, dtype)};
  }

  /** The shape of the loss. */
  Shape shape(Tensor target) {
    return reduction == LossReduction.NONE ? target.shape() : Shape.SCALAR;
  }

  /** Fails unless a target and, if not null, a weight belong to log-probabilities of this shape. */
  static void checkFit(String op, Shape x, DType dtype, Tensor target, Tensor weight) {
    if (x.rank() == 0 || !target.shape().equals(x.without(x.rank() == 1 ? 0 : 1))) {
      throw new ShapeException(
          op
              + ": input "
              + x
              + " and target "
              + target.shape()
              + " do not fit; expected (N, C, ...) and (N, ...)");
    }
    if (target.dtype() != DType.INT64 || !dtype.isFloatingPoint()) {
      throw new DTypeException(
          op
              + ": expected log-probabilities of a floating type and a target of int64, got "
              + dtype
              + " and "
              + target.dtype()
              + "; convert with to()");
    }
    if (weight != null && !weight.dtype().isFloatingPoint()) {
      throw new DTypeException(
          op
              + ": expected a weight of a floating type, got "
              + weight.dtype()
              + "; convert with to()");
    }
    if (weight != null && !weight.shape().equals(Shape.of(classes(x)))) {
      throw new ShapeException(
          op
              + ": weight "
              + weight.shape()
              + " does not fit input "
              + x
              + "; expected ["
              + classes(x)
              + "]");
    }
  }

  private static long classes(Shape x) {
    return x.size(x.rank() == 1 ? 0 : 1);
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    Picks picks = new Picks(this, x.layout(), inputs[1], weight(inputs));
    reduce(picks, (i, label) -> -x.dtype().readDouble(picks.address(x, i, label)), outputs);
  }

  /** The loss of one target, before weights. */
  @FunctionalInterface
  interface TargetLoss {
    double of(long i, long label);
  }

  /** Writes the loss and the sum of the weights. */
  void reduce(Picks picks, TargetLoss losses, Tensor[] outputs) {
    DType dtype = outputs[0].dtype();
    double sum = 0;
    double weights = 0;
    for (long i = 0; i < picks.count(); i++) {
      long label = picks.label(i);
      double weight = picks.weight(label);
      // 0 * inf must not become NaN where the target is ignored.
      double loss = label == Picks.IGNORED ? 0 : weight * losses.of(i, label);
      sum += loss;
      weights += weight;
      if (reduction == LossReduction.NONE) {
        dtype.writeDouble(outputs[0].address() + i * dtype.bytes(), loss);
      }
    }
    if (reduction != LossReduction.NONE) {
      double loss = reduction == LossReduction.MEAN ? sum / weights : sum;
      dtype.writeDouble(outputs[0].address(), loss);
    }
    dtype.writeDouble(outputs[1].address(), weights);
  }

  /** The weights of the classes, null if there are none. */
  static Tensor weight(Tensor[] inputs) {
    return inputs.length > 2 ? inputs[2] : null;
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index > 0;
  }

  @Override
  public boolean savesOutput(int index) {
    return index == 1;
  }

  @Override
  public boolean differentiable(int output, DType dtype) {
    return output == 0;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Op backward = new NllLossBackward(this, context.inputSpec(0).shape());
    Tensor target = context.input(1);
    Tensor total = context.output(1).detach();
    Tensor x =
        context.given(2)
            ? Dispatch.run(backward, gradients[0], target, total, context.input(2))
            : Dispatch.run(backward, gradients[0], target, total);
    return new Tensor[] {x, null, null};
  }
}
