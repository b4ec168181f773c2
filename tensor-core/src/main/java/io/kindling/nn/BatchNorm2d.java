package io.kindling.nn;

import io.kindling.autograd.Autograd;
import io.kindling.nn.functional.F;
import io.kindling.nn.init.Init;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Batch normalisation of {@code (N, C, H, W)} (Ioffe and Szegedy, 2015): {@code y = (x - mean) /
 * sqrt(var + eps) * weight + bias}, a channel at a time, with the batch's mean and variance while
 * training and with their running averages in eval mode. State: {@code weight (C)} of ones, {@code
 * bias (C)} of zeros, {@code running_mean}, {@code running_var} and {@code num_batches_tracked}.
 */
public final class BatchNorm2d extends Module {
  private final int numFeatures;
  private final double eps;
  private final double momentum;
  private final Tensor weight;
  private final Tensor bias;
  private final Tensor runningMean;
  private final Tensor runningVar;
  private final Tensor batchesTracked;

  public BatchNorm2d(int numFeatures) {
    this(numFeatures, 1e-5, 0.1, true);
  }

  /**
   * @param momentum the batch's share in the new running averages
   * @param affine whether weight and bias are trained; without, they are one and zero
   */
  public BatchNorm2d(int numFeatures, double eps, double momentum, boolean affine) {
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = parameter("weight", affine ? Init.ones_(Tensor.zeros(numFeatures)) : null);
    this.bias = parameter("bias", affine ? Tensor.zeros(numFeatures) : null);
    this.runningMean = buffer("running_mean", Tensor.zeros(numFeatures));
    this.runningVar = buffer("running_var", Tensor.ones(numFeatures));
    this.batchesTracked = buffer("num_batches_tracked", Tensor.full(0, DType.INT64));
  }

  /** Keys {@code numFeatures}, {@code eps}, {@code momentum} and {@code affine}. */
  public static BatchNorm2d fromSpec(LayerSpec spec) {
    return new BatchNorm2d(
        spec.sizeOfInput("numFeatures", 0),
        spec.number("eps", 1e-5),
        spec.number("momentum", 0.1),
        spec.flag("affine", true));
  }

  @Override
  public Tensor forward(Tensor input) {
    checkRank(input, 4, "(N, C, H, W)");
    if (isTraining()) {
      try (var off = Autograd.noGrad()) {
        batchesTracked.add_(1);
      }
    }
    return F.batchNorm(input, runningMean, runningVar, weight, bias, isTraining(), momentum, eps);
  }

  @Override
  public Map<String, Object> toSpec() {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", kind());
    spec.put("numFeatures", numFeatures);
    spec.put("eps", eps);
    spec.put("momentum", momentum);
    spec.put("affine", weight != null);
    return spec;
  }

  @Override
  protected String extraRepr() {
    return numFeatures
        + ", eps="
        + Repr.of(eps)
        + ", momentum="
        + Repr.of(momentum)
        + ", affine="
        + Repr.of(weight != null)
        + ", track_running_stats=True";
  }
}
