package io.kindling.nn;

import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A part of a network, or the whole, as PyTorch's {@code nn.Module}.
 *
 * <pre>{@code
 * final class Net extends Module {
 *   private final Linear hidden = child("hidden", new Linear(64, 32));
 *   private final Linear output = child("output", new Linear(32, 10));
 *
 *   public Tensor forward(Tensor input) {
 *     return output.forward(hidden.forward(input).relu());
 *   }
 * }
 * }</pre>
 *
 * <p>A module owns its parameters and buffers: they belong to no scope and end with {@link #close}.
 */
public abstract class Module implements AutoCloseable {
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private final Map<String, Module> children = new LinkedHashMap<>();
  private boolean training = true;

  /** The forward pass. The result belongs to the current scope. */
  public abstract Tensor forward(Tensor input);

  // ---- registration

  /**
   * Takes over a tensor that training changes; it requires a gradient from now on.
   *
   * @param tensor null for a parameter that this module can have and does not
   * @return the tensor
   */
  protected final Tensor parameter(String name, Tensor tensor) {
    checkName(name);
    if (tensor != null) {
      parameters.put(name, Scope.detach(tensor).requiresGrad_());
    }
    return tensor;
  }

  /**
   * Takes over a tensor that belongs to the network's state but is not trained.
   *
   * @param tensor null for a buffer that this module can have and does not
   * @return the tensor
   */
  protected final Tensor buffer(String name, Tensor tensor) {
    checkName(name);
    if (tensor != null) {
      buffers.put(name, Scope.detach(tensor));
    }
    return tensor;
  }

  /** Takes over another module as a part of this one; returns it. */
  protected final <M extends Module> M child(String name, M module) {
    checkName(name);
    children.put(name, module);
    return module;
  }

  private void checkName(String name) {
    if (name.isEmpty() || name.contains(".")) {
      throw new NetworkException(
          kind() + ": '" + name + "' is no name of a part; it must not be empty or hold a dot");
    }
    if (parameters.containsKey(name) || buffers.containsKey(name) || children.containsKey(name)) {
      throw new NetworkException(kind() + " has two parts called '" + name + "'; rename one");
    }
  }

  // ---- what it holds

  /** Every parameter of this module and those below it, once, in PyTorch's order. */
  public final List<Tensor> parameters() {
    return List.copyOf(namedParameters().values());
  }

  /** As {@link #parameters}, by names such as {@code 0.weight}. */
  public final Map<String, Tensor> namedParameters() {
    return once(module -> module.parameters);
  }

  public final List<Tensor> buffers() {
    return List.copyOf(namedBuffers().values());
  }

  public final Map<String, Tensor> namedBuffers() {
    return once(module -> module.buffers);
  }

  /** The modules directly below this one, by name. */
  public final Map<String, Module> namedChildren() {
    return Collections.unmodifiableMap(children);
  }

  /** This module, under the empty name, and all below it. */
  public final Map<String, Module> namedModules() {
    Map<String, Module> all = new LinkedHashMap<>();
    walk("", (prefix, module) -> all.put(prefix, module));
    return all;
  }

  /**
   * Parameters and buffers under PyTorch's keys. The tensors are this module's own: do not close
   * them.
   */
  public final Map<String, Tensor> stateDict() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    walk(
        "",
        (prefix, module) -> {
          module.parameters.forEach((name, tensor) -> state.put(join(prefix, name), tensor));
          module.buffers.forEach((name, tensor) -> state.put(join(prefix, name), tensor));
        });
    return state;
  }

  /**
   * Copies values into the parameters and buffers; types are converted.
   *
   * @throws NetworkException if a key is missing or unknown, or a shape differs; nothing is changed
   *     then
   */
  public final void loadStateDict(Map<String, Tensor> state) {
    Map<String, Tensor> mine = stateDict();
    Set<String> missing = new LinkedHashSet<>(mine.keySet());
    missing.removeAll(state.keySet());
    Set<String> unknown = new LinkedHashSet<>(state.keySet());
    unknown.removeAll(mine.keySet());
    List<String> differing = new ArrayList<>();
    mine.forEach(
        (key, tensor) -> {
          Tensor given = state.get(key);
          if (given != null && !given.shape().equals(tensor.shape())) {
            differing.add(key + " is " + given.shape() + " there and " + tensor.shape() + " here");
          }
        });
    if (!missing.isEmpty() || !unknown.isEmpty() || !differing.isEmpty()) {
      throw new NetworkException(
          "loadStateDict: the weights do not fit this "
              + kind()
              + (missing.isEmpty() ? "" : "; missing: " + missing)
              + (unknown.isEmpty() ? "" : "; unknown: " + unknown)
              + (differing.isEmpty() ? "" : "; shapes differ: " + differing)
              + "; build the network from the description it was saved with");
    }
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      mine.forEach((key, tensor) -> tensor.copy_(state.get(key).detach()));
    }
  }

  // ---- modes

  public final boolean isTraining() {
    return training;
  }

  public final void train() {
    train(true);
  }

  /** Switches between training and evaluation, here and below. */
  public final void train(boolean mode) {
    walk("", (prefix, module) -> module.training = mode);
  }

  public final void eval() {
    train(false);
  }

  /** Drops the gradients of all parameters. */
  public final void zeroGrad() {
    parameters().forEach(parameter -> parameter.setGrad(null));
  }

  /** Freezes or thaws all parameters. */
  public final void requiresGrad_(boolean requires) {
    parameters().forEach(parameter -> parameter.requiresGrad_(requires));
  }

  /** Frees the parameters and buffers of this module and those below it. */
  @Override
  public void close() {
    parameters.values().forEach(Tensor::close);
    buffers.values().forEach(Tensor::close);
    children.values().forEach(Module::close);
  }

  // ---- description

  /**
   * This module as a layer of a network's JSON form: {@code type} and the keys that its {@code
   * fromSpec} reads.
   */
  public Map<String, Object> toSpec() {
    throw new NetworkException(
        kind()
            + " has no JSON form; override toSpec(), or describe the network as {\"class\": \""
            + getClass().getName()
            + "\", \"args\": {...}}");
  }

  /** What stands between the brackets when a module without children is printed. */
  protected String extraRepr() {
    return "";
  }

  /** As PyTorch prints a module: one line each, children indented under their names. */
  @Override
  public String toString() {
    if (children.isEmpty()) {
      return kind() + "(" + extraRepr() + ")";
    }
    StringJoiner lines = new StringJoiner("\n  ", kind() + "(\n  ", "\n)");
    if (!extraRepr().isEmpty()) {
      lines.add(extraRepr());
    }
    children.forEach(
        (name, module) -> lines.add("(" + name + "): " + module.toString().replace("\n", "\n  ")));
    return lines.toString();
  }

  /** The name that printing and messages show. */
  protected final String kind() {
    return getClass().getSimpleName();
  }

  /** Checks how many dimensions an input has, for messages in terms of the layer. */
  protected final void checkRank(Tensor input, int rank, String meaning) {
    if (input.dim() != rank) {
      throw new ShapeException(
          kind() + ": expected an input of shape " + meaning + ", got " + input.shape());
    }
  }

  // ---- walking

  /** A tensor that two modules share is trained once, under its first name. */
  private Map<String, Tensor> once(Function<Module, Map<String, Tensor>> part) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    walk(
        "",
        (prefix, module) ->
            part.apply(module)
                .forEach(
                    (name, tensor) -> {
                      if (seen.add(tensor)) {
                        found.put(join(prefix, name), tensor);
                      }
                    }));
    return found;
  }

  private void walk(String prefix, BiConsumer<String, Module> visit) {
    visit.accept(prefix, this);
    children.forEach((name, module) -> module.walk(join(prefix, name), visit));
  }

  private static String join(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }
}
