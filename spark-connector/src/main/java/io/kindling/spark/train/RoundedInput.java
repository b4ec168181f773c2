package io.kindling.spark.train;

import io.kindling.memory.Scope;
import io.kindling.nn.InputType;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.spark.resource.Precision;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;

/**
 * Whether workers may keep their rows as bfloat16: if training is in that precision and the network
 * rounds its input anyway. Then they take half the memory and half the time to gather, and weights
 * come out the same, bit by bit.
 */
final class RoundedInput {
  private RoundedInput() {}

  /** Bfloat16 if so, else float32. Builds a network of its own to find out, on the driver. */
  static DType type(TrainingConfig config) {
    if (!config.precision().equals(Precision.BFLOAT16.toString())) {
      return DType.FLOAT32;
    }
    long[] shape = config.inputShape();
    try (Scope scope = Scope.open();
        Module network = NetworkSpec.parse(config.network()).build(shape, new Generator(0))) {
      long[] sample = new long[shape.length + 1];
      sample[0] = 2;
      System.arraycopy(shape, 0, sample, 1, shape.length);
      return InputType.under(DType.BFLOAT16, network, WorkerTraining.fastest(Tensor.zeros(sample)));
    }
  }
}
