package io.kindling.autograd;

import io.kindling.op.ThreadState;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

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
   * {@code try (InferenceMode on = Autograd.inferenceMode()) {...}}: nothing inside is recorded,
   * and what is made inside is never part of a recording: outside, an operation that would save
   * such a tensor for backward, and a write to it, fail.
   */
  public static InferenceMode inferenceMode() {
    return new InferenceMode(true);
  }

  /** As {@link #inferenceMode()}, or out of it for a block with false. */
  public static InferenceMode inferenceMode(boolean enabled) {
    return new InferenceMode(enabled);
  }

  /** As {@link #detectAnomaly(boolean)}, with a search for NaN. */
  public static RecordingScope detectAnomaly() {
    return detectAnomaly(true);
  }

  /**
   * {@code try (RecordingScope on = Autograd.detectAnomaly()) {...}} around forward and backward:
   * operations remember where they were called, and a backward pass whose gradient is NaN, or which
   * fails, says where that was. Slow; for searching.
   *
   * @param checkNan whether a NaN is a failure
   */
  public static RecordingScope detectAnomaly(boolean checkNan) {
    return Recording.anomaly(true, checkNan);
  }

  /**
   * Within the block, what operations save for backward is replaced by what {@code pack} makes of
   * it, and had again by {@code unpack}: moved elsewhere, made smaller, or counted. PyTorch's
   * {@code saved_tensors_hooks}; of nested blocks the innermost counts.
   *
   * @param pack what to keep of a tensor, whose handle lives for the call; the graph owns it then
   *     and closes it if it can be closed
   * @param unpack from that, a tensor of the same shape and type
   */
  public static RecordingScope savedTensorsHooks(
      Function<Tensor, ?> pack, Function<Object, Tensor> unpack) {
    return Recording.packing(SavedTensorsHooks.of(pack, unpack));
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
