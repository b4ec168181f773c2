package io.kindling.amp;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.ThreadState;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;

/**
 * A region in which operations choose their type: products run in bfloat16 (or float16), losses and
 * decompositions in float32, the rest in the types they are given; PyTorch's {@code
 * torch.autocast("cpu")}.
 *
 * <pre>{@code
 * Tensor loss;
 * try (var cast = Autocast.enable(DType.BFLOAT16)) {
 *   loss = F.crossEntropy(network.forward(x), y, null, -100, LossReduction.MEAN);
 * }
 * loss.backward();
 * optimizer.step();
 * }</pre>
 *
 * <p>Weights stay float32 and so do their gradients; a cast is recorded as any other operation. In
 * place, and into a given tensor ({@link Tensor#out}), nothing is cast. A backward pass runs
 * outside of all regions, wherever it is called, in the types of the forward pass.
 *
 * <p>A region belongs to its thread. What a weight (a float32 leaf that requires a gradient) was
 * cast to is kept until the outermost region ends or the weight changes, so a region that goes
 * around a forward pass casts each weight once.
 */
public final class Autocast implements AutoCloseable {
  private final ThreadState state = ThreadState.current();
  private final Autocast before = state.autocast;
  private final DType dtype;
  private final boolean cacheEnabled;
  private final WeightCasts casts;
  private final int depth;
  private boolean closed;

  private Autocast(boolean enabled, DType dtype, boolean cacheEnabled) {
    if (dtype != DType.BFLOAT16 && dtype != DType.FLOAT16) {
      throw new DTypeException("autocast: expected bfloat16 or float16, got " + dtype);
    }
    this.dtype = dtype;
    this.cacheEnabled = cacheEnabled;
    this.casts = state.weightCasts == null ? new WeightCasts() : state.weightCasts;
    this.depth = ++casts.depth;
    state.weightCasts = casts;
    state.autocast = enabled ? this : null;
  }

  /**
   * Opens a region.
   *
   * @param dtype bfloat16 or float16
   */
  public static Autocast enable(DType dtype) {
    return new Autocast(true, dtype, true);
  }

  /** As {@link #enable}, in bfloat16, or a region in which nothing is cast if not enabled. */
  public static Autocast enabled(boolean enabled) {
    return enabled(enabled, DType.BFLOAT16, true);
  }

  /**
   * As {@link #enable}, if enabled.
   *
   * @param cacheEnabled whether what a weight was cast to is kept for its next use
   */
  public static Autocast enabled(boolean enabled, DType dtype, boolean cacheEnabled) {
    return new Autocast(enabled, dtype, cacheEnabled);
  }

  /** For a function that runs again: a region as the one in which it ran, or in none if null. */
  public static Autocast like(Autocast region) {
    return region == null ? enabled(false) : new Autocast(true, region.dtype, region.cacheEnabled);
  }

  /** Whether this thread is in a region that casts. */
  public static boolean isEnabled() {
    return ThreadState.current().autocast != null;
  }

  /** The type that products run in here. */
  public DType dtype() {
    return dtype;
  }

  /** Whether what a weight was cast to is kept for its next use. */
  public boolean isCacheEnabled() {
    return cacheEnabled;
  }

  /** For dispatch: the inputs as the policy wants them. Null stays null. */
  public Tensor[] cast(String name, CastPolicy policy, Tensor[] inputs) {
    DType type =
        switch (policy) {
          case NONE -> null;
          case LOWER_PRECISION -> dtype;
          case FLOAT32 -> DType.FLOAT32;
          case PROMOTE -> widest(name, inputs);
        };
    if (type == null) {
      return inputs;
    }
    Tensor[] cast = inputs;
    for (int i = 0; i < inputs.length; i++) {
      if (isEligible(inputs[i]) && inputs[i].dtype() != type) {
        cast = cast == inputs ? inputs.clone() : cast;
        cast[i] = cast(inputs[i], type);
      }
    }
    return cast;
  }

  /** For dispatch: closes what {@link #cast} made for one call. */
  public void release(Tensor[] inputs, Tensor[] cast) {
    for (int i = 0; i < cast.length; i++) {
      if (cast[i] != inputs[i] && !isKept(inputs[i], cast[i].dtype())) {
        cast[i].close();
      }
    }
  }

  private Tensor cast(Tensor input, DType type) {
    return isKept(input, type)
        ? casts.of(input, type, state.gradEnabled)
        : Dispatch.run(new Copy(type, null), input);
  }

  private boolean isKept(Tensor input, DType type) {
    return cacheEnabled
        && type == dtype
        && input.dtype() == DType.FLOAT32
        && input.requiresGrad()
        && input.isLeaf();
  }

  private static boolean isEligible(Tensor input) {
    return input != null && input.dtype().isFloatingPoint() && input.dtype() != DType.FLOAT64;
  }

  private DType widest(String name, Tensor[] inputs) {
    DType widest = dtype;
    for (Tensor input : inputs) {
      if (isEligible(input)) {
        if (input.dtype() == DType.FLOAT32) {
          widest = DType.FLOAT32;
        } else if (input.dtype() != dtype && widest != DType.FLOAT32) {
          throw new DTypeException(
              name
                  + ": under autocast to "
                  + dtype
                  + " a tensor of "
                  + input.dtype()
                  + " has no type in common with others; convert it with to()");
        }
      }
    }
    return widest;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (ThreadState.current() != state) {
      throw new KindlingException("autocast: a region is closed by the thread that opened it");
    }
    if (casts.depth != depth) {
      throw new KindlingException(
          "autocast: regions must be closed innermost first; use try-with-resources");
    }
    closed = true;
    state.autocast = before;
    if (--casts.depth == 0) {
      state.weightCasts = null;
      casts.close();
    }
  }
}
