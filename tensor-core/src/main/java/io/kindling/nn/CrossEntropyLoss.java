package io.kindling.nn;

import io.kindling.nn.functional.F;
import io.kindling.op.loss.LossReduction;
import io.kindling.tensor.Tensor;

/**
 * Cross entropy between scores {@code (N, C, ...)}, which need no softmax before, and int64 classes
 * {@code (N, ...)} from 0 to C - 1; classes of -100 do not count.
 */
public final class CrossEntropyLoss implements Loss {
  /** The class that does not count, as in PyTorch. */
  public static final long IGNORE_INDEX = -100;

  private final Tensor weight;
  private final long ignoreIndex;
  private final LossReduction reduction;

  /** The mean over all examples. */
  public CrossEntropyLoss() {
    this(LossReduction.MEAN);
  }

  public CrossEntropyLoss(LossReduction reduction) {
    this(null, IGNORE_INDEX, reduction);
  }

  /**
   * @param weight of each class, {@code (C)}, or null; remains the caller's
   */
  public CrossEntropyLoss(Tensor weight, long ignoreIndex, LossReduction reduction) {
    this.weight = weight;
    this.ignoreIndex = ignoreIndex;
    this.reduction = reduction;
  }

  @Override
  public Tensor forward(Tensor input, Tensor target) {
    return F.crossEntropy(input, target, weight, ignoreIndex, reduction);
  }

  @Override
  public String toString() {
    return "CrossEntropyLoss()";
  }
}
