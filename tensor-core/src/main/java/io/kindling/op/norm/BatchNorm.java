package io.kindling.op.norm;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.BatchNormLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * Batch normalisation (Ioffe and Szegedy 2015): inputs {@code x (N, C, ...)} and {@code weight,
 * bias, mean, var}, each {@code (C)}; {@code y = (x - mean) / sqrt(var + eps) * weight + bias}, a
 * channel at a time. While training, mean and biased variance are those of x and the inputs of that
 * name are not read.
 *
 * <p>Outputs: {@code y}, in x's memory order, and the {@code mean (C)} and {@code 1 / sqrt(var +
 * eps) (C)} that were used, in weight's type.
 */
public record BatchNorm(boolean training, double eps) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 5);
    Tensor x = inputs[0];
    if (x.dim() < 2) {
      throw new ShapeException("batchNorm: expected an input (N, C, ...), got " + x.shape());
    }
    Shape channels = Shape.of(x.size(1));
    DType dtype = inputs[1].dtype();
    checkVectors(name(), x.shape(), inputs, 1, "weight", "bias", "mean", "var");
    checkFloating(name(), inputs);
    if (training && x.size(1) > 0 && x.numel() / x.size(1) < 2) {
      throw new ShapeException(
          "batchNorm: a channel of input "
              + x.shape()
              + " has fewer than 2 values to take a variance of; use a larger batch, or eval()");
    }
    return new Spec[] {
      new Spec(x.layout().denseLike(x.shape()), x.dtype()),
      Spec.of(channels, dtype),
      Spec.of(channels, dtype)
    };
  }

  /** Fails unless the inputs from {@code first} on have a value for each channel of x. */
  static void checkVectors(String op, Shape x, Tensor[] inputs, int first, String... names) {
    Shape channels = Shape.of(x.size(1));
    for (int i = 0; i < names.length; i++) {
      Shape shape = inputs[first + i].shape();
      if (!shape.equals(channels)) {
        throw new ShapeException(
            op
                + ": "
                + names[i]
                + " "
                + shape
                + " does not fit input "
                + x
                + "; expected "
                + channels);
      }
    }
  }

  static void checkFloating(String op, Tensor[] inputs) {
    for (Tensor input : inputs) {
      if (!input.dtype().isFloatingPoint()) {
        throw new DTypeException(
            op + " is not defined for " + input.dtype() + "; convert with to() first");
      }
    }
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    BatchNormLoop.forward(this, inputs, outputs);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index < 2;
  }

  @Override
  public boolean savesOutput(int index) {
    return index > 0;
  }

  @Override
  public boolean differentiable(int output, DType dtype) {
    return output == 0;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor[] parts =
        Dispatch.runAll(
            new BatchNormBackward(training),
            gradients[0],
            context.input(0),
            context.input(1),
            context.output(1).detach(),
            context.output(2).detach());
    return new Tensor[] {parts[0], parts[1], parts[2], null, null};
  }
}
