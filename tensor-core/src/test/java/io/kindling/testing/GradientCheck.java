package io.kindling.testing;

import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Compares a function's gradients with central differences, in float64, along with the gradients of
 * its gradients where asked.
 */
public final class GradientCheck {
  private static final double STEP = 1e-6;
  private static final double TOLERANCE = 1e-5;

  private GradientCheck() {}

  /** Checks the gradient with respect to each float64 input that requires one. */
  public static void check(Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {
    try (Scope scope = Scope.open()) {
      Tensor output = function.apply(inputs);
      Tensor weights = weights(output);
      List<Tensor> wanted = inputs.stream().filter(Tensor::requiresGrad).toList();
      List<Tensor> gradients =
          Autograd.grad(List.of(output), wanted, List.of(weights), false, false, true);
      for (int i = 0; i < wanted.size(); i++) {
        compare(function, inputs, wanted.get(i), gradients.get(i), weights, i);
      }
    }
  }

  /** As {@link #check}, and then once more for the gradient itself as a function of the inputs. */
  public static void checkTwice(Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {
    check(function, inputs);
    List<Tensor> wanted = inputs.stream().filter(Tensor::requiresGrad).toList();
    check(
        again -> {
          Tensor output = function.apply(again);
          List<Tensor> gradients =
              Autograd.grad(List.of(output), wanted, List.of(weights(output)), true, true, true);
          List<Tensor> parts = new ArrayList<>();
          for (Tensor gradient : gradients) {
            if (gradient != null) {
              parts.add(gradient.mul(weights(gradient)).sum());
            }
          }
          Tensor sum = wanted.get(0).sum().mul(0);
          for (Tensor part : parts) {
            sum = sum.add(part);
          }
          return sum;
        },
        inputs);
  }

  private static void compare(
      Function<List<Tensor>, Tensor> function,
      List<Tensor> inputs,
      Tensor input,
      Tensor gradient,
      Tensor weights,
      int number) {
    double[] found = gradient == null ? new double[(int) input.numel()] : gradient.toDoubleArray();
    for (int i = 0; i < input.numel(); i++) {
      double expected =
          (at(function, inputs, input, i, STEP, weights)
                  - at(function, inputs, input, i, -STEP, weights))
              / (2 * STEP);
      if (!(Math.abs(expected - found[i]) <= TOLERANCE * (1 + Math.abs(expected)))) {
        throw new AssertionError(
            "gradient of input "
                + number
                + " at element "
                + i
                + ": differences say "
                + expected
                + ", backward says "
                + found[i]);
      }
    }
  }

  private static double at(
      Function<List<Tensor>, Tensor> function,
      List<Tensor> inputs,
      Tensor input,
      int element,
      double step,
      Tensor weights) {
    try (Scope scope = Scope.open()) {
      double[] values = input.toDoubleArray();
      double before = values[element];
      values[element] = before + step;
      try (var off = Autograd.noGrad()) {
        input.copy_(Tensor.of(values).view(input.shape().toArray()));
      }
      double result;
      // Functions that call Autograd.grad need recording on.
      result = function.apply(inputs).detach().mul(weights.detach()).sum().item();
      values[element] = before;
      try (var off = Autograd.noGrad()) {
        input.copy_(Tensor.of(values).view(input.shape().toArray()));
      }
      return result;
    }
  }

  /** Different for each output element, so that gradients of elements are not confused. */
  private static Tensor weights(Tensor output) {
    double[] values = new double[(int) output.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.cos(1 + 0.7 * i);
    }
    return Tensor.of(values).view(output.shape().toArray());
  }
}
