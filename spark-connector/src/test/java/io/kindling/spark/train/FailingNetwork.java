package io.kindling.spark.train;

import io.kindling.distributed.DistributedException;
import io.kindling.nn.LayerSpec;
import io.kindling.nn.Linear;
import io.kindling.nn.Module;
import io.kindling.tensor.Tensor;
import org.apache.spark.TaskContext;

/** Learns until one worker, in one step, does what {@code how} says. */
public final class FailingNetwork extends Module {
  private final Linear linear;
  private final int rank;
  private final int step;
  private final String how;
  private int steps;

  private FailingNetwork(Linear linear, int rank, int step, String how) {
    this.linear = child("linear", linear);
    this.rank = rank;
    this.step = step;
    this.how = how;
  }

  public static FailingNetwork fromSpec(LayerSpec spec) {
    return new FailingNetwork(
        new Linear(4, 3, true, spec.generator()),
        spec.integer("rank", -1),
        spec.integer("step", 0),
        spec.text("how", ""));
  }

  /** The network's JSON. */
  static String spec(int rank, int step, String how) {
    return "{\"class\": \"%s\", \"args\": {\"rank\": %d, \"step\": %d, \"how\": \"%s\"}}"
        .formatted(FailingNetwork.class.getName(), rank, step, how);
  }

  @Override
  public Tensor forward(Tensor input) {
    TaskContext context = TaskContext.get();
    if (isTraining() && context != null && context.partitionId() == rank && ++steps == step) {
      fail(context);
    }
    return linear.forward(input);
  }

  private void fail(TaskContext context) {
    switch (how) {
      case "throw" -> throw new IllegalStateException("this layer is broken");
      case "error" -> throw new NoClassDefFoundError("com/acme/Missing");
      case "exit once" -> {
        if (context.stageAttemptNumber() == 0) {
          Runtime.getRuntime().halt(17);
        }
      }
      case "fail once" -> {
        if (context.stageAttemptNumber() == 0) {
          throw new DistributedException("a connection broke, says a test");
        }
      }
      case "fail always" -> throw new DistributedException("a connection broke, says a test");
      default -> throw new AssertionError(how);
    }
  }
}
