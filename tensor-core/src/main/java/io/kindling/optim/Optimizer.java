package io.kindling.optim;

import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.op.Spec;
import io.kindling.optim.ParamGroup.Option;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Changes parameters along their gradients.
 *
 * <pre>{@code
 * try (Optimizer optimizer = new SGD(network.parameters(), 0.1).momentum(0.9)) {
 *   for (...) {
 *     try (Scope scope = Scope.open()) {
 *       optimizer.zeroGrad();
 *       loss.forward(network.forward(x), y).backward();
 *       optimizer.step();
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Parameters are float32 or float64 and dense. State (momentum and the like) is made on the
 * first step that needs it, belongs to no scope, and ends with {@link #close}, which leaves the
 * parameters alone.
 */
public abstract class Optimizer implements AutoCloseable {
  private static final String STEP = "step";

  private final Map<String, Option> declared = new LinkedHashMap<>();
  private final List<ParamGroup> groups = new ArrayList<>();
  private final Map<Tensor, State> states = new IdentityHashMap<>();

  /** What is remembered of one parameter. */
  private static final class State {
    private long step;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  }

  // ---- for implementations

  /** Declares an option; to be called in the constructor, before the first group is added. */
  protected final void declare(String name, double otherwise, double least, double below) {
    declared.put(name, new Option(otherwise, least, below));
  }

  /** Declares an option that is on or off. */
  protected final void declareFlag(String name) {
    declare(name, 0, 0, 2);
  }

  /** Sets an option of all groups there are, and the default of those to come. */
  protected final void setAll(String option, double value) {
    groups.forEach(group -> group.set(option, value));
    Option old = declared.get(option);
    declared.put(option, new Option(value, old.least(), old.below()));
  }

  /**
   * Changes one parameter. Runs without recording, in a scope of its own.
   *
   * @param gradient dense, in the parameter's own order in memory
   * @param step how many steps this parameter has taken, this one included
   */
  protected abstract void update(ParamGroup group, Tensor parameter, Tensor gradient, long step);

  /** A tensor that is remembered for a parameter, or null if it was never made. */
  protected final Tensor state(Tensor parameter, String name) {
    return states.get(parameter).tensors.get(name);
  }

  /** As {@link #state}, made with zeros like the parameter if there is none. */
  protected final Tensor stateOrZeros(Tensor parameter, String name) {
    return states
        .get(parameter)
        .tensors
        .computeIfAbsent(name, n -> Scope.detach(Tensor.zerosLike(parameter.detach())));
  }

  // ---- for users

  /** Adds parameters with options of their own, which start as the optimiser's. */
  public final ParamGroup addParamGroup(List<Tensor> parameters) {
    if (parameters.isEmpty()) {
      throw new KindlingException("an optimiser needs parameters; this list is empty");
    }
    for (Tensor parameter : parameters) {
      if (!parameter.isLeaf()) {
        throw new KindlingException(
            "an optimiser changes leaves; the tensor of shape "
                + parameter.shape()
                + " was computed from others");
      }
      if (parameter.dtype() != DType.FLOAT32 && parameter.dtype() != DType.FLOAT64) {
        throw new DTypeException(
            "an optimiser changes float32 and float64 parameters, not " + parameter.dtype());
      }
      if (!parameter.layout().isDense()) {
        throw new ShapeException(
            "an optimiser changes dense parameters; clone() the view of shape "
                + parameter.shape());
      }
      if (states.put(parameter, new State()) != null) {
        throw new KindlingException(
            "the parameter of shape " + parameter.shape() + " was given to the optimiser twice");
      }
    }
    ParamGroup group = new ParamGroup(parameters, declared);
    groups.add(group);
    return group;
  }

  public final List<ParamGroup> paramGroups() {
    return Collections.unmodifiableList(groups);
  }

  /** Changes every parameter that has a gradient. */
  public final void step() {
    try (var off = Autograd.noGrad()) {
      for (ParamGroup group : groups) {
        for (Tensor parameter : group.parameters()) {
          if (parameter.grad() != null) {
            try (Scope scope = Scope.open()) {
              State state = states.get(parameter);
              update(group, parameter, inOrderOf(parameter, parameter.grad()), state.step + 1);
              state.step++;
            }
          }
        }
      }
    }
  }

  /** Drops the gradients of all parameters. */
  public final void zeroGrad() {
    for (ParamGroup group : groups) {
      group.parameters().forEach(parameter -> parameter.setGrad(null));
    }
  }

  /** The learning rate of the first group. */
  public final double learningRate() {
    return groups.get(0).get("learningRate");
  }

  /** Sets the learning rate of all groups. */
  public final void setLearningRate(double learningRate) {
    setAll("learningRate", learningRate);
  }

  /**
   * All there is to resume from, as tensors: options under {@code paramGroups.0.learningRate},
   * state under {@code state.0.step} and, with PyTorch's names, {@code state.0.exp_avg}; parameters
   * are numbered through all groups. The handles belong to the current scope.
   */
  public final Map<String, Tensor> stateDict() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    for (int g = 0; g < groups.size(); g++) {
      String prefix = "paramGroups." + g + ".";
      groups
          .get(g)
          .options()
          .forEach((name, value) -> all.put(prefix + name, Tensor.full(value, DType.FLOAT64)));
    }
    List<Tensor> parameters = parameters();
    for (int i = 0; i < parameters.size(); i++) {
      String prefix = "state." + i + ".";
      State state = states.get(parameters.get(i));
      if (state.step > 0) {
        all.put(prefix + STEP, Tensor.full(state.step, DType.INT64));
        state.tensors.forEach((name, tensor) -> all.put(prefix + name, tensor.alias()));
      }
    }
    return all;
  }

  /**
   * Takes over, by copy, what {@link #stateDict} gave for the same parameters.
   *
   * @throws KindlingException if it is of other parameters or another optimiser
   */
  public final void loadStateDict(Map<String, Tensor> saved) {
    Set<String> unused = new LinkedHashSet<>(saved.keySet());
    for (int g = 0; g < groups.size(); g++) {
      for (String option : List.copyOf(groups.get(g).options().keySet())) {
        String key = "paramGroups." + g + "." + option;
        if (!unused.remove(key)) {
          throw new KindlingException(
              "loadStateDict: '" + key + "' is missing; the state is of another optimiser");
        }
        groups.get(g).set(option, saved.get(key).item());
      }
    }
    List<Tensor> parameters = parameters();
    for (int i = 0; i < parameters.size(); i++) {
      String prefix = "state." + i + ".";
      State state = states.get(parameters.get(i));
      state.tensors.values().forEach(Tensor::close);
      state.tensors.clear();
      state.step = 0;
      for (String key : saved.keySet()) {
        if (key.equals(prefix + STEP)) {
          state.step = saved.get(key).itemLong();
          unused.remove(key);
        } else if (key.startsWith(prefix)) {
          state.tensors.put(
              key.substring(prefix.length()), copied(key, saved.get(key), parameters.get(i)));
          unused.remove(key);
        }
      }
    }
    if (!unused.isEmpty()) {
      throw new KindlingException(
          "loadStateDict: "
              + unused
              + " belong to no parameter or option here; the state is of another optimiser");
    }
  }

  @Override
  public void close() {
    for (State state : states.values()) {
      state.tensors.values().forEach(Tensor::close);
      state.tensors.clear();
    }
  }

  private List<Tensor> parameters() {
    return groups.stream().flatMap(group -> group.parameters().stream()).toList();
  }

  private static Tensor copied(String key, Tensor saved, Tensor parameter) {
    if (!saved.shape().equals(parameter.shape())) {
      throw new ShapeException(
          "loadStateDict: '"
              + key
              + "' has shape "
              + saved.shape()
              + ", its parameter "
              + parameter.shape());
    }
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      return Scope.detach(Tensor.emptyLike(parameter)).copy_(saved);
    }
  }

  /** The loops of updates walk all operands alike. */
  private static Tensor inOrderOf(Tensor parameter, Tensor gradient) {
    if (gradient.dtype() == parameter.dtype() && gradient.layout().sameOrder(parameter.layout())) {
      return gradient;
    }
    Spec spec = new Spec(parameter.layout().denseLike(parameter.shape()), parameter.dtype());
    return Tensor.allocate(spec, parameter.device()).copy_(gradient);
  }
}
