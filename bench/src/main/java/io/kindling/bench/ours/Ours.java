package io.kindling.bench.ours;

import io.kindling.bench.model.ChainCase;
import io.kindling.bench.model.Format;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.OpCase;
import io.kindling.bench.model.StepCase;
import io.kindling.bench.model.Work;
import io.kindling.memory.Scope;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;

/** Makes a case ready. */
public final class Ours {
  private Ours() {}

  public static Work of(StepCase one, Format format) {
    if (one instanceof NetworkCase network) {
      return network.training()
          ? new TrainingStep(network, format)
          : new Inference(network, format);
    }
    return one instanceof OpCase op ? new Operation(op, format) : new Chain((ChainCase) one);
  }

  /** A tensor of these values that belongs to no scope. */
  static Tensor tensor(float[] values, long[] shape, Format format) {
    try (Scope scope = Scope.open()) {
      Tensor made = Tensor.of(values, shape);
      return Scope.detach(
          format == Format.CHANNELS_LAST ? made.contiguous(MemoryFormat.CHANNELS_LAST) : made);
    }
  }
}
