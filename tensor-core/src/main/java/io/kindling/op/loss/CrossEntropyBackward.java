package io.kindling.op.loss;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Mul;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * The gradient of {@link CrossEntropy}: inputs {@code gradient} of the loss's shape, {@code
 * probabilities (N, C, ...)}, {@code target}, the sum of weights and, optionally, {@code weight
 * (C)}; output {@code weight[target] * gradient * (probabilities - [class is target])}, of the
 * probabilities' shape.
 *
 * @param loss the forward operation
 */
public record CrossEntropyBackward(CrossEntropy loss) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 4, 5);
    Tensor p = inputs[1];
    NllLoss.checkFit(name(), p.shape(), p.dtype(), inputs[2], weight(inputs));
    Shape expected = loss.likelihood().shape(inputs[2]);
    if (!inputs[0].shape().equals(expected) || inputs[3].numel() != 1) {
      throw new ShapeException(
          "crossEntropyBackward: expected a gradient "
              + expected
              + " and the sum of weights [], got "
              + inputs[0].shape()
              + " and "
              + inputs[3].shape());
    }
    if (inputs[0].dtype() != p.dtype()) {
      throw new DTypeException(
          "crossEntropyBackward: the gradient is "
              + inputs[0].dtype()
              + ", the probabilities "
              + p.dtype()
              + "; convert one with to()");
    }
    return Op.one(new Spec(p.layout().denseLike(p.shape()), p.dtype()));
  }

  private static Tensor weight(Tensor[] inputs) {
    return inputs.length > 4 ? inputs[4] : null;
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor p = inputs[1];
    if (p.numel() == 0) {
      return;
    }
    Picks picks = new Picks(loss.likelihood(), p.layout(), inputs[2], weight(inputs));
    try (Tensor scales = scales(inputs, picks)) {
      new Mul().reference(new Tensor[] {p, scales}, outputs);
      subtract(picks, p, scales, outputs[0]);
    }
  }

  /** What each target's probabilities are multiplied by: one number, or one a target. */
  private Tensor scales(Tensor[] inputs, Picks picks) {
    Tensor gradient = inputs[0];
    Tensor total = inputs[3];
    DType dtype = gradient.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    boolean mean = loss.reduction() == LossReduction.MEAN;
    double share = mean ? 1 / total.dtype().readDouble(total.address()) : 1;
    if (isOneScale(inputs, picks)) {
      Tensor scale = Tensor.allocate(Spec.of(Shape.SCALAR, dtype), Device.CPU);
      dtype.writeDouble(scale.address(), share * gradient.dtype().readDouble(gradient.address()));
      return scale;
    }
    Shape probabilities = inputs[1].shape();
    Shape shape = probabilities.with(CrossEntropy.classDim(probabilities), 1);
    Tensor scales = Tensor.allocate(Spec.of(shape, dtype), Device.CPU);
    boolean each = loss.reduction() == LossReduction.NONE;
    Picks.Positions positions = new Picks.Positions(gradient.layout());
    for (long i = 0; i < picks.count(); i++) {
      long from = gradient.storage().address();
      from += positions.offset(each ? i : 0) * gradient.dtype().bytes();
      long label = picks.label(i);
      // 0 * inf must not become NaN where the target is ignored.
      double scale =
          label == Picks.IGNORED
              ? 0
              : picks.weight(label) * share * gradient.dtype().readDouble(from);
      dtype.writeDouble(scales.address() + i * dtype.bytes(), scale);
    }
    return scales;
  }

  /** Whether all targets count, and as much as each other. */
  private boolean isOneScale(Tensor[] inputs, Picks picks) {
    boolean one = loss.reduction() != LossReduction.NONE && weight(inputs) == null;
    for (long i = 0; one && i < picks.count(); i++) {
      one = picks.label(i) != Picks.IGNORED;
    }
    return one;
  }

  /** Takes 1, times the scale, from the probability that each target picks. */
  private static void subtract(Picks picks, Tensor p, Tensor scales, Tensor out) {
    Picks results = new Picks(picks, out.layout());
    DType dtype = out.dtype();
    long step = scales.numel() == 1 ? 0 : scales.dtype().bytes();
    for (long i = 0; i < picks.count(); i++) {
      long label = picks.label(i);
      if (label != Picks.IGNORED) {
        double scale = scales.dtype().readDouble(scales.address() + i * step);
        double probability = dtype.readDouble(picks.address(p, i, label));
        dtype.writeDouble(results.address(out, i, label), (probability - 1) * scale);
      }
    }
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  /**
   * Both of what the output is a product of are the loss's kin: the loss of log-probabilities takes
   * minus the weighted sum of what its targets pick, and its gradient spreads minus the weights.
   */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    NllLoss likelihood = loss.likelihood();
    Tensor probabilities = context.input(1);
    Tensor target = context.input(2);
    Tensor total = context.input(3);
    Tensor weight = context.given(4) ? context.input(4) : null;
    Tensor g = gradients[0];
    int dim = CrossEntropy.classDim(probabilities.shape());
    Tensor forGradient = null;
    if (context.needs(0)) {
      Tensor above = g.sub(g.mul(probabilities).sum(dim, true));
      forGradient = Dispatch.runAll(likelihood, inputs(weight, above, target))[0];
    }
    Tensor forProbabilities = null;
    if (context.needs(1)) {
      Op spread = new NllLossBackward(likelihood, probabilities.shape());
      Tensor weights = Dispatch.run(spread, inputs(weight, context.input(0), target, total));
      forProbabilities = g.mul(weights.sum(dim, true).neg());
    }
    Tensor[] all = new Tensor[context.given(4) ? 5 : 4];
    all[0] = forGradient;
    all[1] = forProbabilities;
    return all;
  }

  /** These, and the weight, if there is one. */
  private static Tensor[] inputs(Tensor weight, Tensor... given) {
    if (weight == null) {
      return given;
    }
    Tensor[] all = Arrays.copyOf(given, given.length + 1);
    all[given.length] = weight;
    return all;
  }
}
