package io.kindling.nn;

import io.kindling.nn.functional.F;
import io.kindling.op.loss.LossReduction;
import io.kindling.tensor.Tensor;

/** The squared difference of two tensors of one shape. */
public final class MSELoss implements Loss {
  private final LossReduction reduction;

  /** The mean over all elements. */
  public MSELoss() {
    this(LossReduction.MEAN);
  }

  public MSELoss(LossReduction reduction) {
    this.reduction = reduction;
  }

  @Override
  public Tensor forward(Tensor input, Tensor target) {
    return F.mseLoss(input, target, reduction);
  }

  @Override
  public String toString() {
    return "MSELoss()";
  }
}
