package io.kindling.optim;

import io.kindling.KindlingException;
import io.kindling.op.Dispatch;
import io.kindling.op.optim.SgdStep;
import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * Stochastic gradient descent, with momentum if asked for: with {@code g = gradient + weightDecay *
 * p}, {@code b = momentum * b + (1 - dampening) * g} (the first time {@code b = g}), {@code p -=
 * learningRate * b}. With Nesterov's momentum {@code g + momentum * b} takes the place of {@code
 * b}. As PyTorch's {@code torch.optim.SGD}.
 */
public final class SGD extends Optimizer {
  private static final String BUFFER = "momentum_buffer";

  public SGD(List<Tensor> parameters, double learningRate) {
    declare("learningRate", 1e-3, 0, Double.POSITIVE_INFINITY);
    declare("momentum", 0, 0, Double.POSITIVE_INFINITY);
    declare("dampening", 0, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    declare("weightDecay", 0, 0, Double.POSITIVE_INFINITY);
    declareFlag("nesterov");
    declareFlag("maximize");
    setAll("learningRate", learningRate);
    addParamGroup(parameters);
  }

  public SGD momentum(double momentum) {
    setAll("momentum", momentum);
    return this;
  }

  public SGD dampening(double dampening) {
    setAll("dampening", dampening);
    return this;
  }

  public SGD weightDecay(double weightDecay) {
    setAll("weightDecay", weightDecay);
    return this;
  }

  /** Needs a momentum, and no dampening. */
  public SGD nesterov(boolean nesterov) {
    setAll("nesterov", nesterov ? 1 : 0);
    return this;
  }

  /** Climbs instead of descending. */
  public SGD maximize(boolean maximize) {
    setAll("maximize", maximize ? 1 : 0);
    return this;
  }

  @Override
  protected void update(ParamGroup group, Tensor parameter, Tensor gradient, long step) {
    if (group.isSet("nesterov") && (group.get("momentum") == 0 || group.get("dampening") != 0)) {
      throw new KindlingException(
          "SGD: nesterov needs a momentum above 0 and no dampening, got " + group.options());
    }
    boolean first = state(parameter, BUFFER) == null;
    SgdStep update =
        new SgdStep(
            group.get("learningRate"),
            group.get("momentum"),
            group.get("dampening"),
            group.get("weightDecay"),
            group.isSet("nesterov"),
            group.isSet("maximize"),
            first);
    if (group.get("momentum") == 0) {
      Dispatch.runInPlace(update, parameter, gradient);
    } else {
      Dispatch.runInPlace(update, parameter, gradient, stateOrZeros(parameter, BUFFER));
    }
  }
}
