package io.kindling.spark.train;

import io.kindling.memory.Scope;
import io.kindling.nn.InputType;
import io.kindling.nn.Module;
import io.kindling.spark.resource.Precision;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * Whether workers may keep their rows as bfloat16: if training is in that precision and the network
 * rounds its input anyway. Then they take half the memory and half the time to gather, and weights
 * come out the same, bit by bit.
 */
public final class RoundedInput {
  private RoundedInput() {}

  /**
   * Bfloat16 if so, else float32.
   *
   * @param network one that is not needed any more
   * @param inputShape of one row's features
   * @param precision {@code float32} or {@code bfloat16}
   */
  public static DType type(Module network, long[] inputShape, String precision) {
    if (!precision.equals(Precision.BFLOAT16.toString())) {
      return DType.FLOAT32;
    }
    try (Scope scope = Scope.open()) {
      long[] sample = new long[inputShape.length + 1];
      sample[0] = 2;
      System.arraycopy(inputShape, 0, sample, 1, inputShape.length);
      return InputType.under(DType.BFLOAT16, network, WorkerTraining.fastest(Tensor.zeros(sample)));
    }
  }
}
