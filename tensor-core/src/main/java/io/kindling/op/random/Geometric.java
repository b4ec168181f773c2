package io.kindling.op.random;

import io.kindling.KindlingException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;

/** Which of many trials, counted from 1, is the first to succeed, each with that probability. */
public record Geometric(double probability, Generator.State start) implements InversionOp {
  public Geometric {
    if (!(probability > 0 && probability < 1)) {
      throw new KindlingException(
          "geometric: expected a probability above 0 and below 1, got " + probability);
    }
  }

  @Override
  public boolean takes(DType dtype) {
    return dtype != DType.BOOL;
  }

  @Override
  public double quantile(double fraction) {
    return Math.max(1, Math.ceil(Math.log1p(-fraction) / Math.log1p(-probability)));
  }
}
