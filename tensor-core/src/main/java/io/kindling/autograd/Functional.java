package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Derivatives of functions, as PyTorch's {@code torch.autograd.functional}. A function maps a
 * tensor to a tensor, or a list of tensors to a list; what it computes from must be its arguments.
 * The given tensors stay as they are and need not require gradients.
 *
 * <p>{@code createGraph} records the results, so that they can be differentiated with respect to
 * the inputs; else they are detached. {@code strict} makes an input on which an output does not
 * depend an error instead of a derivative of zeros.
 */
public final class Functional {
  private Functional() {}

  /**
   * What a function gives, and a product with its derivative.
   *
   * @param output of the function
   * @param product with its Jacobian or Hessian
   */
  public record Product<T>(T output, T product) {}

  /** As the long form, of one tensor: shape of the output, then shape of the input. */
  public static Tensor jacobian(Function<Tensor, Tensor> function, Tensor input) {
    return jacobian(lists(function), List.of(input), false, false).get(0).get(0);
  }

  /**
   * All first derivatives.
   *
   * @return at {@code (i, j)} those of output i with respect to input j, in output i's shape
   *     followed by input j's
   */
  public static List<List<Tensor>> jacobian(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs) {
    return jacobian(function, inputs, false, false);
  }

  /** As {@link #jacobian(Function, List)}. */
  public static List<List<Tensor>> jacobian(
      Function<List<Tensor>, List<Tensor>> function,
      List<Tensor> inputs,
      boolean createGraph,
      boolean strict) {
    try (Scope scope = Scope.open();
        InferenceMode off = Autograd.inferenceMode(false)) {
      List<Tensor> variables = variables(inputs, createGraph);
      List<List<Tensor>> all = new ArrayList<>();
      for (Tensor output : function.apply(variables)) {
        all.add(rows(output, all.size(), variables, createGraph, strict));
      }
      all.forEach(row -> row.forEach(scope::keep));
      return all;
    }
  }

  /** The derivatives of one output. */
  private static List<Tensor> rows(
      Tensor output, int number, List<Tensor> inputs, boolean createGraph, boolean strict) {
    int numel = Math.toIntExact(output.numel());
    List<List<Tensor>> columns = new ArrayList<>();
    inputs.forEach(input -> columns.add(new ArrayList<>()));
    Tensor flows = Tensor.eye(numel, numel, output.dtype());
    for (int k = 0; k < numel; k++) {
      Tensor flow = flows.select(0, k).view(output.shape().toArray());
      List<Tensor> gradients =
          gradients(List.of(output), inputs, List.of(flow), createGraph, strict, number);
      for (int j = 0; j < inputs.size(); j++) {
        columns.get(j).add(gradients.get(j).reshape(-1));
      }
    }
    List<Tensor> jacobians = new ArrayList<>();
    for (int j = 0; j < inputs.size(); j++) {
      Tensor input = inputs.get(j);
      long[] shape =
          IntStream.range(0, output.dim() + input.dim())
              .mapToLong(d -> d < output.dim() ? output.size(d) : input.size(d - output.dim()))
              .toArray();
      Tensor stacked =
          numel == 0
              ? Tensor.zeros(shape, input.dtype())
              : Tensor.stack(columns.get(j), 0).view(shape);
      jacobians.add(createGraph ? stacked : stacked.detach());
    }
    return jacobians;
  }

  /** As the long form, of one tensor: the input's shape twice. */
  public static Tensor hessian(Function<Tensor, Tensor> function, Tensor input) {
    return hessian(in -> function.apply(in.get(0)), List.of(input), false, false).get(0).get(0);
  }

  /** As the long form. */
  public static List<List<Tensor>> hessian(
      Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {
    return hessian(function, inputs, false, false);
  }

  /**
   * All second derivatives of a function of one element.
   *
   * @return at {@code (i, j)} those with respect to inputs i and j, in input i's shape followed by
   *     input j's
   */
  public static List<List<Tensor>> hessian(
      Function<List<Tensor>, Tensor> function,
      List<Tensor> inputs,
      boolean createGraph,
      boolean strict) {
    return jacobian(
        in -> gradients(List.of(scalar("hessian", function.apply(in))), in, null, true, strict, 0),
        inputs,
        createGraph,
        strict);
  }

  /** As the long form, of one tensor. */
  public static Product<Tensor> vjp(
      Function<Tensor, Tensor> function, Tensor input, Tensor vector) {
    return first(vjp(lists(function), List.of(input), listOf(vector), false, false));
  }

  /**
   * A vector times the Jacobian: what one backward pass gives.
   *
   * @param vectors in the outputs' shapes; null for a single output of one element
   */
  public static Product<List<Tensor>> vjp(
      Function<List<Tensor>, List<Tensor>> function,
      List<Tensor> inputs,
      List<Tensor> vectors,
      boolean createGraph,
      boolean strict) {
    return product(
        function,
        inputs,
        createGraph,
        (variables, outputs) -> gradients(outputs, variables, vectors, createGraph, strict, 0));
  }

  /** As the long form, of one tensor. */
  public static Product<Tensor> jvp(
      Function<Tensor, Tensor> function, Tensor input, Tensor vector) {
    return first(jvp(lists(function), List.of(input), listOf(vector), false, false));
  }

  /**
   * The Jacobian times a vector: the derivative in one direction, by two backward passes, of which
   * the second goes through the gradients of the first.
   *
   * @param vectors in the inputs' shapes; null for a single input of one element
   */
  public static Product<List<Tensor>> jvp(
      Function<List<Tensor>, List<Tensor>> function,
      List<Tensor> inputs,
      List<Tensor> vectors,
      boolean createGraph,
      boolean strict) {
    return product(
        function,
        inputs,
        createGraph,
        (variables, outputs) -> {
          // The gradient is linear in what flows in, so any value of it gives the same derivative.
          List<Tensor> flows =
              outputs.stream()
                  .map(output -> Tensor.zerosLike(output.detach()).requiresGrad_())
                  .toList();
          List<Tensor> gradients = gradients(outputs, variables, flows, true, strict, 0);
          return gradients(gradients, flows, vectors, createGraph, strict, 0);
        });
  }

  /** As the long form, of one tensor. */
  public static Product<Tensor> hvp(
      Function<Tensor, Tensor> function, Tensor input, Tensor vector) {
    return first(
        hvp(in -> function.apply(in.get(0)), List.of(input), listOf(vector), false, false));
  }

  /**
   * The Hessian of a function of one element times a vector. It is symmetric, so this is PyTorch's
   * {@code vhp} as well.
   *
   * @param vectors in the inputs' shapes; null for a single input of one element
   * @return with the function's value as the one output
   */
  public static Product<List<Tensor>> hvp(
      Function<List<Tensor>, Tensor> function,
      List<Tensor> inputs,
      List<Tensor> vectors,
      boolean createGraph,
      boolean strict) {
    return product(
        in -> List.of(scalar("hvp", function.apply(in))),
        inputs,
        createGraph,
        (variables, outputs) -> {
          List<Tensor> first = gradients(outputs, variables, null, true, strict, 0);
          return gradients(first, variables, vectors, createGraph, strict, 0);
        });
  }

  /**
   * Runs a function on variables of its own.
   *
   * @param derivative of the variables and what the function made of them
   */
  private static Product<List<Tensor>> product(
      Function<List<Tensor>, List<Tensor>> function,
      List<Tensor> inputs,
      boolean createGraph,
      BinaryOperator<List<Tensor>> derivative) {
    try (Scope scope = Scope.open();
        InferenceMode off = Autograd.inferenceMode(false)) {
      List<Tensor> variables = variables(inputs, createGraph);
      List<Tensor> outputs = function.apply(variables);
      List<Tensor> products = derivative.apply(variables, outputs);
      return new Product<>(kept(scope, outputs, createGraph), kept(scope, products, createGraph));
    }
  }

  private static Function<List<Tensor>, List<Tensor>> lists(Function<Tensor, Tensor> function) {
    return in -> List.of(function.apply(in.get(0)));
  }

  private static List<Tensor> listOf(Tensor vector) {
    return vector == null ? null : List.of(vector);
  }

  private static Product<Tensor> first(Product<List<Tensor>> lists) {
    return new Product<>(lists.output().get(0), lists.product().get(0));
  }

  /** The inputs as variables of their own: their pasts take part only in a recorded result. */
  private static List<Tensor> variables(List<Tensor> inputs, boolean createGraph) {
    return inputs.stream()
        .map(
            input ->
                createGraph && input.requiresGrad()
                    ? input.view(input.shape().toArray())
                    : input.detach().requiresGrad_())
        .toList();
  }

  private static Tensor scalar(String name, Tensor output) {
    if (output.numel() != 1) {
      throw new AutogradException(
          name
              + ": the function must return one element, and returned shape "
              + output.shape()
              + "; reduce it with sum()");
    }
    return output.dim() == 0 ? output : output.reshape();
  }

  /** Gradients, zeros where nothing depends; unless strict. */
  private static List<Tensor> gradients(
      List<Tensor> outputs,
      List<Tensor> inputs,
      List<Tensor> vectors,
      boolean createGraph,
      boolean strict,
      int number) {
    List<Tensor> dependent = new ArrayList<>();
    List<Tensor> flows = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Tensor output = outputs.get(i);
      if (output.requiresGrad()) {
        dependent.add(output);
        flows.add(vectors == null ? null : vectors.get(i));
      } else if (strict) {
        throw independent(number + i, "any input");
      }
    }
    List<Tensor> found =
        dependent.isEmpty()
            ? new ArrayList<>(Collections.nCopies(inputs.size(), (Tensor) null))
            : new ArrayList<>(Autograd.grad(dependent, inputs, flows, true, createGraph, true));
    for (int j = 0; j < found.size(); j++) {
      if (found.get(j) == null) {
        if (strict) {
          throw independent(number, "input " + j);
        }
        found.set(j, Tensor.zerosLike(inputs.get(j).detach()));
      }
    }
    return found;
  }

  private static AutogradException independent(int output, String of) {
    return new AutogradException(
        "strict: output " + output + " of the function does not depend on " + of);
  }

  private static List<Tensor> kept(Scope scope, List<Tensor> tensors, boolean createGraph) {
    return tensors.stream()
        .map(tensor -> scope.keep(createGraph ? tensor.alias() : tensor.detach()))
        .toList();
  }
}
