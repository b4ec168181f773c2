package io.kindling.nn.init;

import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;

/** Fills tensors with initial values, in place and unrecorded. Each method returns its tensor. */
public final class Init {
  private Init() {}

  public static Tensor uniform_(Tensor tensor, double low, double high, Generator generator) {
    try (var off = Autograd.noGrad()) {
      return tensor.uniform_(low, high, generator);
    }
  }

  public static Tensor normal_(Tensor tensor, double mean, double std, Generator generator) {
    try (var off = Autograd.noGrad()) {
      return tensor.normal_(mean, std, generator);
    }
  }

  public static Tensor constant_(Tensor tensor, double value) {
    try (var off = Autograd.noGrad()) {
      return tensor.fill_(value);
    }
  }

  public static Tensor zeros_(Tensor tensor) {
    return constant_(tensor, 0);
  }

  public static Tensor ones_(Tensor tensor) {
    return constant_(tensor, 1);
  }

  /** Glorot and Bengio (2010), uniform. */
  public static Tensor xavierUniform_(Tensor tensor, double gain, Generator generator) {
    double bound = Math.sqrt(3) * xavierStd(tensor, gain);
    return uniform_(tensor, -bound, bound, generator);
  }

  /** Glorot and Bengio (2010), normal. */
  public static Tensor xavierNormal_(Tensor tensor, double gain, Generator generator) {
    return normal_(tensor, 0, xavierStd(tensor, gain), generator);
  }

  /**
   * He et al. (2015), uniform.
   *
   * @param slope of the leaky ReLU that follows; unused for others
   */
  public static Tensor kaimingUniform_(
      Tensor tensor, double slope, FanMode mode, Nonlinearity nonlinearity, Generator generator) {
    double bound = Math.sqrt(3) * kaimingStd(tensor, slope, mode, nonlinearity);
    return uniform_(tensor, -bound, bound, generator);
  }

  /** He et al. (2015), normal; see {@link #kaimingUniform_}. */
  public static Tensor kaimingNormal_(
      Tensor tensor, double slope, FanMode mode, Nonlinearity nonlinearity, Generator generator) {
    return normal_(tensor, 0, kaimingStd(tensor, slope, mode, nonlinearity), generator);
  }

  /**
   * By how much a nonlinearity wants its weights scaled.
   *
   * @param slope of a leaky ReLU; unused for others
   */
  public static double calculateGain(Nonlinearity nonlinearity, double slope) {
    return switch (nonlinearity) {
      case LINEAR, SIGMOID -> 1;
      case TANH -> 5.0 / 3;
      case RELU -> Math.sqrt(2);
      case LEAKY_RELU -> Math.sqrt(2 / (1 + slope * slope));
      case SELU -> 0.75;
    };
  }

  /**
   * How many inputs each output of a weight {@code (out, in, ...)} sees, or the other way round.
   */
  public static long fan(Tensor weight, FanMode mode) {
    if (weight.dim() < 2) {
      throw new ShapeException(
          "a weight with fewer than 2 dimensions has no fan; got " + weight.shape());
    }
    long field = weight.numel() / Math.max(1, weight.size(0) * weight.size(1));
    return field * weight.size(mode == FanMode.FAN_IN ? 1 : 0);
  }

  private static double xavierStd(Tensor tensor, double gain) {
    double sum = (double) fan(tensor, FanMode.FAN_IN) + fan(tensor, FanMode.FAN_OUT);
    return gain * Math.sqrt(2 / sum);
  }

  private static double kaimingStd(
      Tensor tensor, double slope, FanMode mode, Nonlinearity nonlinearity) {
    return calculateGain(nonlinearity, slope) / Math.sqrt(fan(tensor, mode));
  }
}
