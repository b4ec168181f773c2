package io.kindling.autograd;

import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares gradients with central differences, as PyTorch's {@code torch.autograd.gradcheck} and
 * {@code gradgradcheck}.
 *
 * <p>Each input that requires a gradient is moved by {@code eps} in each of its elements, which
 * gives a column of the numerical Jacobian; a backward pass from each element of an output gives a
 * row of the analytical one. All elements of both must satisfy {@code |analytical - numerical| <=
 * atol + rtol * |numerical|}. The defaults need float64.
 */
public final class GradCheck {
  private static final Logger LOG = LoggerFactory.getLogger(GradCheck.class);

  /** How exact, and what happens on a failure. */
  public record Options(
      double eps, double atol, double rtol, double nondetTol, boolean raiseException) {
    /** PyTorch's: eps 1e-6, atol 1e-5, rtol 1e-3, nondetTol 0, failures raise. */
    public static final Options DEFAULTS = new Options(1e-6, 1e-5, 1e-3, 0, true);

    /** How far inputs are moved. */
    public Options eps(double value) {
      return new Options(value, atol, rtol, nondetTol, raiseException);
    }

    public Options atol(double value) {
      return new Options(eps, value, rtol, nondetTol, raiseException);
    }

    public Options rtol(double value) {
      return new Options(eps, atol, value, nondetTol, raiseException);
    }

    /** How far two backward passes with the same inputs may be apart. */
    public Options nondetTol(double value) {
      return new Options(eps, atol, rtol, value, raiseException);
    }

    /** Whether a failed check throws; otherwise it returns false. */
    public Options raiseException(boolean value) {
      return new Options(eps, atol, rtol, nondetTol, value);
    }
  }

  private final Function<List<Tensor>, List<Tensor>> function;
  private final List<Tensor> inputs;
  private final Options options;

  private GradCheck(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, Options options) {
    this.function = function;
    this.inputs = inputs;
    this.options = options;
  }

  /** As {@link #gradcheck(Function, List, Options)}, of one tensor, with PyTorch's tolerances. */
  public static boolean gradcheck(Function<Tensor, Tensor> function, Tensor input) {
    return gradcheck(in -> List.of(function.apply(in.get(0))), List.of(input));
  }

  /** As {@link #gradcheck(Function, List, Options)}, with PyTorch's tolerances. */
  public static boolean gradcheck(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs) {
    return gradcheck(function, inputs, Options.DEFAULTS);
  }

  /**
   * Checks the gradient of each floating-point output with respect to each input that requires one.
   * The inputs are changed during the check and are as before after it.
   *
   * @return true; false after a failure if {@code options} say so
   * @throws AutogradException naming output and input, with both Jacobians
   */
  public static boolean gradcheck(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, Options options) {
    try (Scope scope = Scope.open();
        InferenceMode off = Autograd.inferenceMode(false)) {
      GradCheck check = new GradCheck(function, inputs, options);
      check.checkInputs();
      String failure = check.failure();
      if (failure != null && options.raiseException()) {
        throw new AutogradException("gradcheck: " + failure);
      }
      return failure == null;
    }
  }

  /** As {@link #gradgradcheck(Function, List, Options)}, of one tensor. */
  public static boolean gradgradcheck(Function<Tensor, Tensor> function, Tensor input) {
    return gradgradcheck(in -> List.of(function.apply(in.get(0))), List.of(input));
  }

  /** As {@link #gradgradcheck(Function, List, Options)}, with PyTorch's tolerances. */
  public static boolean gradgradcheck(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs) {
    return gradgradcheck(function, inputs, Options.DEFAULTS);
  }

  /**
   * Checks the gradients of the gradients: those of a backward pass, as a function of the inputs
   * and of what flows into the outputs, which is drawn between -1 and 1, the same each time.
   */
  public static boolean gradgradcheck(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, Options options) {
    try (Scope scope = Scope.open();
        InferenceMode off = Autograd.inferenceMode(false)) {
      List<Tensor> all = new ArrayList<>(inputs);
      Generator generator = new Generator(0);
      for (Tensor output : differentiable(function.apply(inputs))) {
        Tensor flow = Tensor.rand(generator, output.shape().toArray()).to(output.dtype());
        all.add(flow.mul(2).sub(1).requiresGrad_());
      }
      int count = inputs.size();
      return gradcheck(
          in -> gradients(function, in.subList(0, count), in.subList(count, in.size())),
          all,
          options);
    }
  }

  private static List<Tensor> gradients(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs, List<Tensor> flows) {
    List<Tensor> outputs = differentiable(function.apply(inputs));
    List<Tensor> wanted = inputs.stream().filter(Tensor::requiresGrad).toList();
    List<Tensor> found = new ArrayList<>(Autograd.grad(outputs, wanted, flows, true, true, true));
    found.removeIf(gradient -> gradient == null);
    return found;
  }

  private static List<Tensor> differentiable(List<Tensor> outputs) {
    return outputs.stream().filter(Tensor::requiresGrad).toList();
  }

  private void checkInputs() {
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      if (input.requiresGrad()) {
        input.storage().checkWritable("gradcheck");
        if (input.layout().mayOverlap()) {
          throw new AutogradException(
              "gradcheck: elements of input "
                  + i
                  + " ("
                  + input.layout()
                  + ") share memory and cannot be moved one by one; clone() it first");
        }
        if (input.dtype() != DType.FLOAT64) {
          LOG.warn("gradcheck: input {} is {}; differences need float64", i, input.dtype());
        }
      }
    }
    if (inputs.stream().noneMatch(Tensor::requiresGrad)) {
      throw new AutogradException(
          "gradcheck: none of the inputs requires a gradient; call requiresGrad_() on one");
    }
  }

  /** What is wrong, or null. */
  private String failure() {
    List<Tensor> outputs = function.apply(inputs);
    for (int i = 0; i < inputs.size(); i++) {
      if (inputs.get(i).requiresGrad()) {
        double[][][] numerical = numerical(inputs.get(i));
        for (int o = 0; o < outputs.size(); o++) {
          String failure = compare(outputs.get(o), o, i, numerical[o]);
          if (failure != null) {
            return failure;
          }
        }
      }
    }
    return null;
  }

  private String compare(Tensor output, int o, int i, double[][] numerical) {
    if (!output.dtype().isFloatingPoint()) {
      return null;
    }
    if (!output.requiresGrad()) {
      return isZero(numerical)
          ? null
          : "output "
              + o
              + " does not require a gradient but depends on input "
              + i
              + ", numerical:\n"
              + print(numerical);
    }
    double[][] analytical = analytical(output, inputs.get(i));
    double[][] again = analytical(output, inputs.get(i));
    int[] worst = worst(analytical, numerical, options.atol(), options.rtol());
    if (worst != null) {
      return "Jacobian mismatch for output "
          + o
          + " with respect to input "
          + i
          + ", worst at input element "
          + worst[0]
          + " and output element "
          + worst[1]
          + " ("
          + numerical[worst[0]][worst[1]]
          + " against "
          + analytical[worst[0]][worst[1]]
          + "),\nnumerical:\n"
          + print(numerical)
          + "\nanalytical:\n"
          + print(analytical);
    }
    if (worst(again, analytical, options.nondetTol(), 0) != null) {
      return "backward is not reentrant: with the same input and gradient two passes from output "
          + o
          + " to input "
          + i
          + " differ by more than nondetTol = "
          + options.nondetTol()
          + ",\nfirst:\n"
          + print(analytical)
          + "\nsecond:\n"
          + print(again);
    }
    return null;
  }

  /** By differences: of each output, a row an element of the input, a column one of the output. */
  private double[][][] numerical(Tensor input) {
    int numel = Math.toIntExact(input.numel());
    double[][][] rows = new double[function.apply(inputs).size()][numel][];
    for (int i = 0; i < numel; i++) {
      long address = address(input, i);
      double before = input.dtype().readDouble(address);
      // Past the version counter, as through PyTorch's x.data: nothing saved outlives the check.
      input.dtype().writeDouble(address, before + options.eps());
      List<double[]> above = values();
      input.dtype().writeDouble(address, before - options.eps());
      List<double[]> below = values();
      input.dtype().writeDouble(address, before);
      for (int o = 0; o < rows.length; o++) {
        rows[o][i] = difference(above.get(o), below.get(o));
      }
    }
    return rows;
  }

  private double[] difference(double[] above, double[] below) {
    double[] slope = new double[above.length];
    for (int k = 0; k < slope.length; k++) {
      slope[k] = (above[k] - below[k]) / (2 * options.eps());
    }
    return slope;
  }

  /** Recording stays on: the function may ask for gradients itself. */
  private List<double[]> values() {
    try (Scope scope = Scope.open()) {
      return function.apply(inputs).stream().map(Tensor::toDoubleArray).toList();
    }
  }

  /** By backward passes, in the form of {@link #numerical}. */
  private static double[][] analytical(Tensor output, Tensor input) {
    int columns = Math.toIntExact(output.numel());
    double[][] rows = new double[Math.toIntExact(input.numel())][columns];
    for (int k = 0; k < columns; k++) {
      try (Scope scope = Scope.open()) {
        Tensor flow = Tensor.zeros(output.shape(), output.dtype(), output.device());
        flow.dtype().writeDouble(address(flow, k), 1);
        Tensor gradient =
            Autograd.grad(List.of(output), List.of(input), List.of(flow), true, false, true).get(0);
        if (gradient != null) {
          double[] values = gradient.toDoubleArray();
          for (int i = 0; i < rows.length; i++) {
            rows[i][k] = values[i];
          }
        }
      }
    }
    return rows;
  }

  /** Where an element is, counted row by row. */
  private static long address(Tensor tensor, long element) {
    long place = 0;
    long rest = element;
    for (int d = tensor.dim() - 1; d >= 0; d--) {
      place += rest % tensor.size(d) * tensor.stride(d);
      rest /= tensor.size(d);
    }
    return tensor.address() + place * tensor.dtype().bytes();
  }

  private static boolean isZero(double[][] rows) {
    return worst(rows, new double[rows.length][rows.length == 0 ? 0 : rows[0].length], 0, 0)
        == null;
  }

  /** The element that is furthest beyond the tolerance, or null if none is. */
  private static int[] worst(double[][] found, double[][] expected, double atol, double rtol) {
    int[] worst = null;
    double excess = 0;
    for (int i = 0; i < found.length; i++) {
      for (int k = 0; k < found[i].length; k++) {
        double apart = Math.abs(found[i][k] - expected[i][k]);
        double beyond = apart - (atol + rtol * Math.abs(expected[i][k]));
        if (!(beyond <= excess)) { // NaN as well
          worst = new int[] {i, k};
          excess = Double.isNaN(beyond) ? Double.POSITIVE_INFINITY : beyond;
        }
      }
    }
    return worst;
  }

  private static String print(double[][] rows) {
    try (Scope scope = Scope.open()) {
      double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
      return Tensor.of(flat, rows.length, rows.length == 0 ? 0 : rows[0].length).toString();
    }
  }
}
