package io.kindling.op.loss;

import io.kindling.DTypeException;
import io.kindling.backend.cpu.LineBlocks;
import io.kindling.backend.cpu.Probabilities;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.norm.Softmax;
import io.kindling.op.norm.SoftmaxBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * {@link NllLoss} of the logarithm of softmax: inputs {@code scores (N, C, ...)} or {@code (C)},
 * {@code target (N, ...)} or {@code ()} of int64 classes and, optionally, {@code weight (C)}.
 * Outputs: the loss and the sum of the weights, as of {@code NllLoss}, and the probabilities, of
 * the scores' shape.
 *
 * <p>Probabilities are what the gradient is made of, and only the targets' logarithms are taken:
 * see {@link Probabilities#log}. Where a target's own probability vanishes, its loss is what it
 * scores less than the largest, and the largest's.
 *
 * @param ignoreIndex targets of this value add neither loss nor weight
 */
public record CrossEntropy(LossReduction reduction, long ignoreIndex) implements Op {
  /** The smallest number of float16 that has all its digits. */
  private static final double LEAST_FLOAT16 = 0x1p-14;

  @Override
  public CastPolicy castPolicy() {
    return CastPolicy.FLOAT32;
  }

  /** The loss of given log-probabilities. */
  NllLoss likelihood() {
    return new NllLoss(reduction, ignoreIndex);
  }

  /** The dimension of the classes. */
  static int classDim(Shape scores) {
    return scores.rank() == 1 ? 0 : 1;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2, 3);
    Tensor x = inputs[0];
    DType dtype = x.dtype();
    if (!dtype.isFloatingPoint()) {
      throw new DTypeException(
          name() + " is not defined for " + dtype + "; convert with to() first");
    }
    NllLoss.checkFit(name(), x.shape(), dtype, inputs[1], NllLoss.weight(inputs));
    return new Spec[] {
      Spec.of(likelihood().shape(inputs[1]), dtype),
      Spec.of(Shape.SCALAR, dtype),
      new Spec(x.layout().denseLike(x.shape()), dtype)
    };
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Op softmax = new Softmax(classDim(inputs[0].shape()));
    softmax.reference(new Tensor[] {inputs[0]}, new Tensor[] {outputs[2]});
    losses(inputs, outputs);
  }

  /** Writes the loss and the sum of the weights, once the third output has the probabilities. */
  public void losses(Tensor[] inputs, Tensor[] outputs) {
    Tensor probabilities = outputs[2];
    Picks picks =
        new Picks(likelihood(), probabilities.layout(), inputs[1], NllLoss.weight(inputs));
    likelihood()
        .reduce(picks, (i, label) -> loss(picks, i, label, inputs[0], probabilities), outputs);
  }

  private static double loss(Picks picks, long i, long label, Tensor x, Tensor probabilities) {
    DType dtype = probabilities.dtype();
    double p = dtype.readDouble(picks.address(probabilities, i, label));
    if (p < (dtype == DType.FLOAT16 ? LEAST_FLOAT16 : Float.MIN_NORMAL)) {
      Picks scores = new Picks(picks, x.layout());
      double below = largest(scores, i, x) - dtype.readDouble(scores.address(x, i, label));
      return below - Math.log(largest(picks, i, probabilities));
    }
    long first = picks.address(probabilities, i, 0);
    return -Probabilities.log(dtype, first, picks.step(probabilities), picks.classes(), label);
  }

  private static double largest(Picks picks, long i, Tensor tensor) {
    double[] most = {Double.NEGATIVE_INFINITY};
    LineBlocks.read(
        tensor.dtype(),
        picks.address(tensor, i, 0),
        picks.step(tensor),
        picks.classes(),
        (double[] values, long first, int count) -> {
          for (int k = 0; k < count; k++) {
            most[0] = Math.max(most[0], values[k]);
          }
        });
    return most[0];
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index > 0;
  }

  @Override
  public boolean savesOutput(int index) {
    return index > 0;
  }

  @Override
  public boolean differentiable(int output, DType dtype) {
    return output != 1;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor probabilities = context.output(2);
    Tensor x = null;
    if (gradients[0] != null) {
      Op backward = new CrossEntropyBackward(this);
      Tensor target = context.input(1);
      Tensor total = context.output(1).detach();
      x =
          context.given(2)
              ? Dispatch.run(backward, gradients[0], probabilities, target, total, context.input(2))
              : Dispatch.run(backward, gradients[0], probabilities, target, total);
    }
    if (gradients[2] != null) { // in a gradient of the gradient
      int dim = classDim(context.inputSpec(0).shape());
      Tensor through = Dispatch.run(new SoftmaxBackward(dim), gradients[2], probabilities);
      x = x == null ? through : x.add(through);
    }
    return new Tensor[] {x, null, null};
  }
}
