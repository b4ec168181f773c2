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
import java.util.function.Supplier;

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
    return kept(
        () -> {
          Tensor made = Tensor.of(values, shape);
          return format == Format.CHANNELS_LAST
              ? made.contiguous(MemoryFormat.CHANNELS_LAST)
              : made;
        });
  }

  /** What {@code made} gives, without belonging to a scope; what it needed meanwhile is gone. */
  static Tensor kept(Supplier<Tensor> made) {
    try (Scope scope = Scope.open()) {
      return Scope.detach(made.get());
    }
  }
}
