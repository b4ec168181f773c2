package io.kindling.autograd;

import io.kindling.memory.Scope;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * Trades time for memory, as PyTorch's {@code torch.utils.checkpoint} with {@code
 * use_reentrant=False}: of a part of a network only the inputs are kept for backward, which runs
 * the part a second time to have the rest.
 *
 * <p>The graph is the same as without; only what its nodes saved is missing until backward asks for
 * it. So everything works that works without: gradients as values, gradients of gradients, retained
 * graphs, hooks, parameters that the function reaches by itself, checkpoints inside checkpoints.
 * The second run ends once all that was saved is there again, and each tensor is let go of by the
 * node that used it.
 *
 * <p>Both runs must do the same. Random numbers are the same: the default generator, and those that
 * are named, are put back to where they were.
 */
public final class Checkpoint {
  private Checkpoint() {}

  /** As {@link #checkpoint(Function, List, Generator...)}, of one tensor. */
  public static Tensor checkpoint(
      Function<Tensor, Tensor> function, Tensor input, Generator... generators) {
    return checkpoint(in -> List.of(function.apply(in.get(0))), List.of(input), generators).get(0);
  }

  /**
   * Runs the function, in a scope of its own: what it makes and does not return ends with the call.
   * It must not change its inputs in place.
   *
   * @param generators from which the function takes random numbers, besides the default one
   * @return the function's outputs
   */
  public static List<Tensor> checkpoint(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, Generator... generators) {
    try (Scope scope = Scope.open()) {
      List<Tensor> outputs =
          Autograd.isGradEnabled()
              ? new Recomputation(function, inputs, generators).first(inputs)
              : function.apply(inputs);
      outputs.forEach(scope::keep);
      return outputs;
    }
  }
}
