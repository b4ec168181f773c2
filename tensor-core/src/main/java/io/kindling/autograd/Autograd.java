package io.kindling.autograd;

import io.kindling.op.ThreadState;
import io.kindling.tensor.Tensor;
import java.util.List;

/** PyTorch's {@code torch.autograd}: switches for recording, and gradients as values. */
public final class Autograd {
  private Autograd() {}

  /** {@code try (GradMode off = Autograd.noGrad()) {...}}: nothing inside is recorded. */
  public static GradMode noGrad() {
    return new GradMode(false);
  }

  public static GradMode enableGrad() {
    return new GradMode(true);
  }

  public static GradMode setGradEnabled(boolean enabled) {
    return new GradMode(enabled);
  }

  public static boolean isGradEnabled() {
    return ThreadState.current().gradEnabled;
  }

  /**
   * The sum of gradients of {@code outputs} with respect to each of {@code inputs}, without
   * touching any {@code grad()}.
   *
   * @param gradients what flows into each output; null entries, or a null list, mean ones for
   *     scalars
   * @param retainGraph keep saved tensors for another pass
   * @param createGraph record the computation of the gradients, for gradients of gradients
   * @param allowUnused give null for an input that no output depends on, instead of an error
   */
  public static List<Tensor> grad(
      List<Tensor> outputs,
      List<Tensor> inputs,
      List<Tensor> gradients,
      boolean retainGraph,
      boolean createGraph,
      boolean allowUnused) {
    return Engine.grad(outputs, inputs, gradients, retainGraph, createGraph, allowUnused);
  }

  /** As the long form, for scalar outputs, freeing the graph. */
  public static List<Tensor> grad(Tensor output, Tensor... inputs) {
    return Engine.grad(List.of(output), List.of(inputs), null, false, false, false);
  }

  /** Accumulates the gradients of the leaves that {@code outputs} depend on. */
  public static void backward(
      List<Tensor> outputs, List<Tensor> gradients, boolean retainGraph, boolean createGraph) {
    Engine.backward(outputs, gradients, retainGraph, createGraph);
  }
}
