package io.kindling.op.norm;

import io.kindling.ShapeException;
import io.kindling.backend.cpu.BatchNormLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * The gradients of {@link BatchNorm}: inputs {@code gradient (N, C, ...)}, {@code x}, {@code weight
 * (C)}, and the mean and inverse standard deviation that the forward pass used; outputs the
 * gradients of x, weight and bias. With {@code z = (x - mean) * invStd} and means E over a channel,
 * x's is {@code weight invStd (g - E[g] - z E[g z])} while training and {@code weight invStd g}
 * otherwise.
 *
 * @param training whether mean and variance were x's own, so that a gradient flows through them
 */
public record BatchNormBackward(boolean training) implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 5);
    Tensor x = inputs[1];
    if (x.dim() < 2 || !inputs[0].shape().equals(x.shape())) {
      throw new ShapeException(
          "batchNormBackward: expected a gradient and an input (N, C, ...) of one shape, got "
              + inputs[0].shape()
              + " and "
              + x.shape());
    }
    BatchNorm.checkVectors(name(), x.shape(), inputs, 2, "weight", "mean", "invStd");
    BatchNorm.checkFloating(name(), inputs);
    DType dtype = inputs[2].dtype();
    Spec channel = Spec.of(inputs[2].shape(), dtype);
    return new Spec[] {new Spec(x.layout().denseLike(x.shape()), x.dtype()), channel, channel};
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    BatchNormLoop.backward(this, inputs, outputs);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return true;
  }

  /**
   * With P the projection {@code P a = a - E[a] - z E[a z]} (the identity in evaluation), the
   * outputs are {@code weight invStd P g}, {@code sum(g z)} and {@code sum(g)}. P is symmetric.
   * Mean and invStd are functions of x, so their part is in x's gradient and they get none of their
   * own.
   */
  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = context.input(0);
    Tensor x = context.input(1);
    Tensor weight = perChannel(context.input(2), x);
    Tensor invStd = perChannel(context.input(4), x);
    Tensor z = x.sub(perChannel(context.input(3), x)).mul(invStd);
    Tensor zero = Tensor.zeros(weight.shape(), weight.dtype(), weight.device());
    Tensor toX = gradients[0] == null ? Tensor.zerosLike(x) : gradients[0];
    Tensor toWeight = gradients[1] == null ? zero : perChannel(gradients[1], x);
    Tensor toBias = gradients[2] == null ? zero : perChannel(gradients[2], x);

    Tensor projected = project(toX, z);
    Tensor projectedG = project(g, z);
    Tensor forG = weight.mul(invStd).mul(projected).add(toWeight.mul(z)).add(toBias);
    Tensor forWeight = sum(toX.mul(projectedG).mul(invStd));
    Tensor forX = toWeight.mul(invStd).mul(projectedG);
    if (training) {
      Tensor a = mean(g.mul(z));
      Tensor b = mean(toX.mul(z));
      Tensor spread = mean(toX.mul(projectedG));
      Tensor through = z.mul(spread).add(projectedG.mul(b)).add(projected.mul(a));
      forX = forX.sub(weight.mul(invStd).mul(invStd).mul(through));
    }
    return new Tensor[] {forG, forX, forWeight.view(x.size(1)), null, null};
  }

  private Tensor project(Tensor a, Tensor z) {
    return training ? a.sub(mean(a)).sub(z.mul(mean(a.mul(z)))) : a;
  }

  private static Tensor mean(Tensor a) {
    return a.mean(allButChannels(a), true);
  }

  private static Tensor sum(Tensor a) {
    return a.sum(allButChannels(a), true);
  }

  private static int[] allButChannels(Tensor a) {
    int[] dims = new int[a.dim() - 1];
    for (int i = 1; i < dims.length; i++) {
      dims[i] = i + 1;
    }
    return dims;
  }

  /** {@code (C)} as {@code (1, C, 1, ...)}. */
  private static Tensor perChannel(Tensor vector, Tensor x) {
    long[] shape = new long[x.dim()];
    java.util.Arrays.fill(shape, 1);
    shape[1] = x.size(1);
    return vector.view(shape);
  }
}
