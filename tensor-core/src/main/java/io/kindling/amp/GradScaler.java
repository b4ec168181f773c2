package io.kindling.amp;

import io.kindling.KindlingException;
import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.optim.Optimizer;
import io.kindling.optim.ParamGroup;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Scales a loss so that float16 gradients neither vanish nor overflow; PyTorch's {@code
 * torch.amp.GradScaler}. Bfloat16 has float32's range and needs none.
 *
 * <pre>{@code
 * scaler.scale(loss).backward();
 * scaler.step(optimizer);
 * scaler.update();
 * }</pre>
 *
 * <p>{@link #step} leaves a step out whose gradients are not finite, and {@link #update} then
 * lowers the scale; after many good steps it raises it. Gradients are looked at after {@link
 * #unscale_}.
 */
public final class GradScaler {
  private static final String SCALE = "scale";
  private static final String GROWTH_FACTOR = "growthFactor";
  private static final String BACKOFF_FACTOR = "backoffFactor";
  private static final String GROWTH_INTERVAL = "growthInterval";
  private static final String GROWTH_TRACKER = "growthTracker";

  private final boolean enabled;
  private final Map<Optimizer, Progress> optimizers = new IdentityHashMap<>();
  private float scale = 65536;
  private double growthFactor = 2;
  private double backoffFactor = 0.5;
  private long growthInterval = 2000;
  private long growthTracker;

  /** What was done with an optimizer since the last update. */
  private static final class Progress {
    private boolean unscaled;
    private boolean stepped;
    private boolean checked;
    private boolean overflowed;
  }

  public GradScaler() {
    this(true);
  }

  /**
   * @param enabled if not, losses are as they are, and every step is taken
   */
  public GradScaler(boolean enabled) {
    this.enabled = enabled;
  }

  /** Sets the first scale, otherwise 65,536. */
  public GradScaler initScale(double value) {
    scale = (float) positive("initScale", value);
    return this;
  }

  /** Sets by what the scale grows, otherwise 2. */
  public GradScaler growthFactor(double value) {
    if (!(value > 1)) {
      throw new KindlingException("gradScaler: growthFactor must be greater than 1, got " + value);
    }
    growthFactor = value;
    return this;
  }

  /** Sets by what the scale is multiplied when gradients are not finite, otherwise 0.5. */
  public GradScaler backoffFactor(double value) {
    if (!(value < 1)) {
      throw new KindlingException("gradScaler: backoffFactor must be less than 1, got " + value);
    }
    backoffFactor = positive("backoffFactor", value);
    return this;
  }

  /** Sets after how many good steps in a row the scale grows, otherwise 2,000. */
  public GradScaler growthInterval(long value) {
    growthInterval = (long) positive("growthInterval", value);
    return this;
  }

  private static double positive(String name, double value) {
    if (!(value > 0)) {
      throw new KindlingException("gradScaler: " + name + " must be greater than 0, got " + value);
    }
    return value;
  }

  public boolean isEnabled() {
    return enabled;
  }

  /** By what losses are multiplied now. */
  public double getScale() {
    return enabled ? scale : 1;
  }

  /** The loss, or another output to call {@code backward} on, times the scale. */
  public Tensor scale(Tensor output) {
    return enabled ? output.mul((double) scale) : output;
  }

  /**
   * Divides the gradients of an optimizer's parameters by the scale, so that they can be looked at
   * or clipped before {@link #step}, which otherwise does it.
   *
   * @throws KindlingException if that was done since the last update
   */
  public void unscale_(Optimizer optimizer) {
    if (!enabled) {
      return;
    }
    Progress progress = optimizers.computeIfAbsent(optimizer, o -> new Progress());
    if (progress.unscaled || progress.stepped) {
      throw new KindlingException(
          "gradScaler: unscale_() was called for this optimizer "
              + (progress.stepped ? "after step()" : "before")
              + "; call it once, before step(), and update() after it");
    }
    progress.unscaled = true;
    float inverse = (float) (1.0 / scale);
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      for (ParamGroup group : optimizer.paramGroups()) {
        for (Tensor parameter : group.parameters()) {
          unscale(parameter.grad(), inverse, progress);
        }
      }
    }
  }

  private static void unscale(Tensor gradient, float inverse, Progress progress) {
    if (gradient == null) {
      return;
    }
    progress.checked = true;
    progress.overflowed |= gradient.isfinite().all().item() == 0;
    gradient.mul_((double) inverse);
  }

  /**
   * Takes the optimizer's step, if its gradients are finite.
   *
   * @return whether it was taken
   * @throws KindlingException if it was since the last update, or if there are no gradients
   */
  public boolean step(Optimizer optimizer) {
    if (!enabled) {
      optimizer.step();
      return true;
    }
    Progress progress = optimizers.computeIfAbsent(optimizer, o -> new Progress());
    if (progress.stepped) {
      throw new KindlingException(
          "gradScaler: step() was called for this optimizer before; call update() after it");
    }
    if (!progress.unscaled) {
      unscale_(optimizer);
    }
    if (!progress.checked) {
      throw new KindlingException(
          "gradScaler: none of the optimizer's parameters has a gradient; call"
              + " scale(loss).backward() first");
    }
    progress.stepped = true;
    if (!progress.overflowed) {
      optimizer.step();
    }
    return !progress.overflowed;
  }

  /**
   * Adapts the scale to how the steps went since the last update.
   *
   * @throws KindlingException if there was none
   */
  public void update() {
    if (!enabled) {
      return;
    }
    if (optimizers.values().stream().noneMatch(progress -> progress.checked)) {
      throw new KindlingException(
          "gradScaler: update() adapts the scale to gradients, and none were looked at since the"
              + " last; call step(optimizer) first");
    }
    if (optimizers.values().stream().anyMatch(progress -> progress.overflowed)) {
      scale = (float) (scale * backoffFactor);
      growthTracker = 0;
    } else if (++growthTracker == growthInterval) {
      float grown = (float) (scale * growthFactor);
      scale = Float.isFinite(grown) ? grown : scale;
      growthTracker = 0;
    }
    optimizers.clear();
  }

  /** Sets the scale, in place of {@link #update()}. */
  public void update(double newScale) {
    if (enabled) {
      scale = (float) positive("the scale", newScale);
      optimizers.clear();
    }
  }

  /** All there is to resume from, as numbers of float64; nothing if this is not enabled. */
  public Map<String, Tensor> stateDict() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    if (enabled) {
      all.put(SCALE, Tensor.full(scale, DType.FLOAT64));
      all.put(GROWTH_FACTOR, Tensor.full(growthFactor, DType.FLOAT64));
      all.put(BACKOFF_FACTOR, Tensor.full(backoffFactor, DType.FLOAT64));
      all.put(GROWTH_INTERVAL, Tensor.full(growthInterval, DType.FLOAT64));
      all.put(GROWTH_TRACKER, Tensor.full(growthTracker, DType.FLOAT64));
    }
    return all;
  }

  /** Takes over what {@link #stateDict} gave. */
  public void loadStateDict(Map<String, Tensor> saved) {
    if (!enabled) {
      return;
    }
    initScale(value(saved, SCALE));
    growthFactor(value(saved, GROWTH_FACTOR));
    backoffFactor(value(saved, BACKOFF_FACTOR));
    growthInterval((long) value(saved, GROWTH_INTERVAL));
    growthTracker = (long) value(saved, GROWTH_TRACKER);
  }

  private static double value(Map<String, Tensor> saved, String name) {
    Tensor value = saved.get(name);
    if (value == null) {
      throw new KindlingException(
          "gradScaler: '"
              + name
              + "' is missing; the state is of something else: "
              + saved.keySet());
    }
    return value.item();
  }
}
