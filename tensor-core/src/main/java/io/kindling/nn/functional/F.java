package io.kindling.nn.functional;

import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.Op;
import io.kindling.op.conv.Conv2d;
import io.kindling.op.elementwise.Gelu;
import io.kindling.op.elementwise.LeakyRelu;
import io.kindling.op.loss.CrossEntropy;
import io.kindling.op.loss.LossReduction;
import io.kindling.op.loss.NllLoss;
import io.kindling.op.matmul.Linear;
import io.kindling.op.norm.BatchNorm;
import io.kindling.op.pool.MaxPool2d;
import io.kindling.op.pool.MaxPool2dIndices;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import io.kindling.tensor.ValuesAndIndices;

/** PyTorch's {@code torch.nn.functional}. Results belong to the current scope. */
public final class F {
  private F() {}

  /**
   * {@code x W^T + b}: {@code (..., in)} to {@code (..., out)}.
   *
   * @param weight {@code (out, in)}
   * @param bias {@code (out)}, or null
   */
  public static Tensor linear(Tensor input, Tensor weight, Tensor bias) {
    return bias == null
        ? Dispatch.run(new Linear(), input, weight)
        : Dispatch.run(new Linear(), input, weight, bias);
  }

  /**
   * Two-dimensional cross-correlation: {@code (N, C, H, W)} to {@code (N, O, H', W')}. Stride,
   * padding and dilation are height and width.
   *
   * @param weight {@code (O, C / groups, kH, kW)}
   * @param bias {@code (O)}, or null
   */
  public static Tensor conv2d(
      Tensor input,
      Tensor weight,
      Tensor bias,
      int[] stride,
      int[] padding,
      int[] dilation,
      int groups) {
    Conv2d conv =
        new Conv2d(stride[0], stride[1], padding[0], padding[1], dilation[0], dilation[1], groups);
    return bias == null
        ? Dispatch.run(conv, input, weight)
        : Dispatch.run(conv, input, weight, bias);
  }

  /** The largest value of each window: {@code (N, C, H, W)} to {@code (N, C, H', W')}. */
  public static Tensor maxPool2d(
      Tensor input,
      int[] kernelSize,
      int[] stride,
      int[] padding,
      int[] dilation,
      boolean ceilMode) {
    Tensor[] valuesAndPlaces =
        Dispatch.runAll(pool(kernelSize, stride, padding, dilation, ceilMode), input);
    valuesAndPlaces[1].close();
    return valuesAndPlaces[0];
  }

  /**
   * As {@link #maxPool2d}, and the position of each value in its plane, {@code row * W + column}.
   */
  public static ValuesAndIndices maxPool2dWithIndices(
      Tensor input,
      int[] kernelSize,
      int[] stride,
      int[] padding,
      int[] dilation,
      boolean ceilMode) {
    try {
      MaxPool2d pool = pool(kernelSize, stride, padding, dilation, ceilMode);
      Tensor[] valuesAndPlaces = Dispatch.runAll(pool, input);
      Op indices = new MaxPool2dIndices(pool, input.shape());
      ValuesAndIndices both =
          new ValuesAndIndices(valuesAndPlaces[0], Dispatch.run(indices, valuesAndPlaces[1]));
      valuesAndPlaces[1].close();
      return both;
    } catch (KindlingException e) {
      throw e.during("maxPool2dWithIndices");
    }
  }

  private static MaxPool2d pool(
      int[] kernelSize, int[] stride, int[] padding, int[] dilation, boolean ceilMode) {
    return new MaxPool2d(
        kernelSize[0],
        kernelSize[1],
        stride[0],
        stride[1],
        padding[0],
        padding[1],
        dilation[0],
        dilation[1],
        ceilMode);
  }

  /**
   * Normalises each channel of {@code (N, C, ...)}: by the batch's mean and variance while
   * training, which then also move the running ones, and by the running ones otherwise.
   *
   * @param runningMean {@code (C)}
   * @param runningVar {@code (C)}, unbiased
   * @param weight {@code (C)}, or null for ones
   * @param bias {@code (C)}, or null for zeros
   * @param momentum the batch's share in the new running values
   */
  public static Tensor batchNorm(
      Tensor input,
      Tensor runningMean,
      Tensor runningVar,
      Tensor weight,
      Tensor bias,
      boolean training,
      double momentum,
      double eps) {
    Tensor scale = weight == null ? Tensor.onesLike(runningVar) : weight;
    Tensor shift = bias == null ? Tensor.zerosLike(runningMean) : bias;
    Tensor[] results =
        Dispatch.runAll(new BatchNorm(training, eps), input, scale, shift, runningMean, runningVar);
    if (training) {
      try (Scope scope = Scope.open();
          var off = Autograd.noGrad()) {
        double count = (double) input.numel() / Math.max(input.size(1), 1);
        Tensor rate = results[2].mul(results[2]);
        // From 1 / (var + eps) back to the variance, and from the biased to the unbiased one.
        Tensor variance = Tensor.onesLike(rate).div(rate).sub(eps).mul(count / (count - 1));
        runningMean.mul_(1 - momentum).add_(results[1].mul(momentum));
        runningVar.mul_(1 - momentum).add_(variance.mul(momentum));
      }
    }
    results[1].close();
    results[2].close();
    return results[0];
  }

  /** {@code max(x, 0) + negativeSlope * min(x, 0)}. */
  public static Tensor leakyRelu(Tensor input, double negativeSlope) {
    checkFloating("leakyRelu", input);
    return Dispatch.run(new LeakyRelu(negativeSlope), input);
  }

  /** As {@link #leakyRelu(Tensor, double)}, with slope 0.01. */
  public static Tensor leakyRelu(Tensor input) {
    return leakyRelu(input, 0.01);
  }

  /** {@code x * P(X <= x)} for a standard normal X. */
  public static Tensor gelu(Tensor input) {
    return gelu(input, "none");
  }

  /**
   * As {@link #gelu(Tensor)}.
   *
   * @param approximate {@code none}, or {@code tanh} for the probability by a tanh
   */
  public static Tensor gelu(Tensor input, String approximate) {
    if (!approximate.equals("none") && !approximate.equals("tanh")) {
      throw new KindlingException(
          "gelu: expected the approximation none or tanh, got '" + approximate + "'");
    }
    checkFloating("gelu", input);
    return Dispatch.run(new Gelu(approximate.equals("tanh")), input);
  }

  private static void checkFloating(String name, Tensor input) {
    Op.checkType(name, input, DType.FLOAT32, DType.FLOAT64, DType.FLOAT16, DType.BFLOAT16);
  }

  /**
   * While training, each element becomes zero with probability {@code p}, and the others grow by
   * {@code 1 / (1 - p)}; otherwise the input itself.
   */
  public static Tensor dropout(Tensor input, double p, boolean training, Generator generator) {
    if (!(p >= 0 && p <= 1)) {
      throw new KindlingException("dropout: expected a probability from 0 to 1, got " + p);
    }
    if (!training || p == 0) {
      return input;
    }
    try (Tensor mask = Scope.detach(Tensor.emptyLike(input.detach()))) {
      mask.bernoulli_(1 - p, generator).mul_(p == 1 ? 0 : 1 / (1 - p));
      return input.mul(mask);
    }
  }

  /**
   * Cross entropy of scores and classes: {@code nllLoss} of the logarithm of their softmax, in one
   * operation.
   *
   * @param input {@code (N, C, ...)}, not normalised
   * @param target {@code (N, ...)} of int64 classes from 0 to C - 1
   * @param weight of each class, {@code (C)}, or null
   * @param ignoreIndex targets of this value do not count
   */
  public static Tensor crossEntropy(
      Tensor input, Tensor target, Tensor weight, long ignoreIndex, LossReduction reduction) {
    return loss(new CrossEntropy(reduction, ignoreIndex), input, target, weight);
  }

  /** As {@link #crossEntropy}, of log-probabilities. */
  public static Tensor nllLoss(
      Tensor logProbabilities,
      Tensor target,
      Tensor weight,
      long ignoreIndex,
      LossReduction reduction) {
    return loss(new NllLoss(reduction, ignoreIndex), logProbabilities, target, weight);
  }

  /** The first output; the others are for the gradient. */
  private static Tensor loss(Op op, Tensor input, Tensor target, Tensor weight) {
    Tensor[] outputs =
        weight == null
            ? Dispatch.runAll(op, input, target)
            : Dispatch.runAll(op, input, target, weight);
    for (int i = 1; i < outputs.length; i++) {
      outputs[i].close();
    }
    return outputs[0];
  }

  /** The squared difference of two tensors of one shape. */
  public static Tensor mseLoss(Tensor input, Tensor target, LossReduction reduction) {
    if (!input.shape().equals(target.shape())) {
      throw new ShapeException(
          "mseLoss: input "
              + input.shape()
              + " and target "
              + target.shape()
              + " differ; reshape one, or broadcasting would compare each with each");
    }
    return Dispatch.composed(
        "mseLoss",
        CastPolicy.FLOAT32,
        in -> {
          Tensor difference = in[0].sub(in[1]);
          Tensor squares = difference.mul(difference);
          return switch (reduction) {
            case NONE -> squares;
            case MEAN -> squares.mean();
            case SUM -> squares.sum();
          };
        },
        input,
        target);
  }
}
