package io.kindling.optim;

import io.kindling.op.Dispatch;
import io.kindling.op.optim.AdamStep;
import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * Adam (Kingma and Ba, 2015): steps along a running mean of the gradient, divided by the root of a
 * running mean of its square, both corrected for their start at zero. As PyTorch's {@code
 * torch.optim.Adam}; {@code weightDecay} is added to the gradient (see {@link AdamW} for the other
 * way).
 */
public class Adam extends Optimizer {
  private static final double NO_LIMIT = Double.POSITIVE_INFINITY;

  private final boolean decoupled;

  /** With PyTorch's default learning rate, 0.001. */
  public Adam(List<Tensor> parameters) {
    this(parameters, 1e-3);
  }

  public Adam(List<Tensor> parameters, double learningRate) {
    this(parameters, learningRate, 0, false);
  }

  Adam(List<Tensor> parameters, double learningRate, double weightDecay, boolean decoupled) {
    this.decoupled = decoupled;
    declare("learningRate", 1e-3, 0, NO_LIMIT);
    declare("beta1", 0.9, 0, 1);
    declare("beta2", 0.999, 0, 1);
    declare("eps", 1e-8, 0, NO_LIMIT);
    declare("weightDecay", weightDecay, 0, NO_LIMIT);
    declareFlag("amsgrad");
    declareFlag("maximize");
    setAll("learningRate", learningRate);
    addParamGroup(parameters);
  }

  /** How much of the running means of the gradient and of its square is kept each step. */
  public final Adam betas(double beta1, double beta2) {
    setAll("beta1", beta1);
    setAll("beta2", beta2);
    return this;
  }

  /** Added to the divisor. */
  public final Adam eps(double eps) {
    setAll("eps", eps);
    return this;
  }

  public final Adam weightDecay(double weightDecay) {
    setAll("weightDecay", weightDecay);
    return this;
  }

  /** Divides by the largest running mean of squares so far (Reddi, Kale and Kumar, 2018). */
  public final Adam amsgrad(boolean amsgrad) {
    setAll("amsgrad", amsgrad ? 1 : 0);
    return this;
  }

  /** Climbs instead of descending. */
  public final Adam maximize(boolean maximize) {
    setAll("maximize", maximize ? 1 : 0);
    return this;
  }

  @Override
  protected final void update(ParamGroup group, Tensor parameter, Tensor gradient, long step) {
    AdamStep update =
        new AdamStep(
            group.get("learningRate"),
            group.get("beta1"),
            group.get("beta2"),
            group.get("eps"),
            group.get("weightDecay"),
            decoupled,
            group.isSet("maximize"),
            step);
    Tensor mean = stateOrZeros(parameter, "exp_avg");
    Tensor square = stateOrZeros(parameter, "exp_avg_sq");
    if (group.isSet("amsgrad")) {
      Tensor largest = stateOrZeros(parameter, "max_exp_avg_sq");
      Dispatch.runInPlace(update, parameter, gradient, mean, square, largest);
    } else {
      Dispatch.runInPlace(update, parameter, gradient, mean, square);
    }
  }
}
