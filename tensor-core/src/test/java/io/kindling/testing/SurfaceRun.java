package io.kindling.testing;

import io.kindling.KindlingException;
import io.kindling.amp.Autocast;
import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Runs a surface case and compares what comes out with what PyTorch gave. */
public final class SurfaceRun {
  private final SurfaceCase golden;
  private final SurfaceMethod method;

  /** Null, for float64 cases that are run again in float32, that type. */
  private final DType floating;

  private final List<Object> arguments;
  private final List<Tensor> leaves;
  private List<Object> outputs;

  private SurfaceRun(SurfaceCase golden, SurfaceMethod method, DType floating) {
    this.golden = golden;
    this.method = method;
    this.floating = floating;
    this.leaves = golden.hasGradients() ? new ArrayList<>() : null;
    this.arguments = golden.made(floating, leaves);
  }

  /** Fails if the case's method does anything else than PyTorch's function did. */
  public static void check(SurfaceCase golden, SurfaceMethod method) throws Throwable {
    try (Scope scope = Scope.open()) {
      new SurfaceRun(golden, method, null).check();
    }
    if (golden.hasGradients() && golden.region() == null) {
      // oneDNN has no float64
      try (Scope scope = Scope.open()) {
        new SurfaceRun(golden, method, DType.FLOAT32).check();
      }
    }
  }

  private void check() throws Throwable {
    if (golden.isRefused()) {
      checkRefused();
      return;
    }
    try (Autocast region = region()) {
      outputs = golden.hasTarget() ? List.of(callWithTarget()) : flat(method.call(arguments));
    }
    if (golden.isAbsolute()) {
      outputs.replaceAll(output -> ((Tensor) output).abs());
    }
    List<Object> expected = golden.outputs();
    if (outputs.size() != expected.size()) {
      throw new AssertionError(outputs.size() + " results, expected " + expected.size());
    }
    for (int i = 0; i < expected.size(); i++) {
      compare("result " + i, outputs.get(i), expected.get(i));
    }
    if (golden.hasGradients()) {
      checkGradients();
    }
  }

  private Autocast region() {
    DType type = golden.region();
    return type == null ? Autocast.enabled(false) : Autocast.enable(type);
  }

  private Tensor callWithTarget() throws Throwable {
    Tensor target = golden.target(arguments, floating);
    try {
      if (Tensor.out(target, () -> (Tensor) called()) != target) {
        throw new AssertionError("the result is not the tensor that was given for it");
      }
    } catch (UndeclaredThrowableException e) {
      throw e.getCause();
    }
    return target;
  }

  private Object called() {
    try {
      return method.call(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new UndeclaredThrowableException(e);
    }
  }

  private void checkRefused() throws Throwable {
    try (Autocast region = region()) {
      if (golden.hasTarget()) {
        callWithTarget();
      } else {
        method.call(arguments);
      }
    } catch (KindlingException e) {
      String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      String name = SurfaceMethod.camel(golden.name()).replace("_", "").toLowerCase(Locale.ROOT);
      boolean named = message.replace("_", "").contains(name);
      if (!named && !(golden.hasTarget() && message.startsWith("out:"))) {
        throw new AssertionError("the refusal does not name the operation: " + e.getMessage(), e);
      }
      return;
    }
    throw new AssertionError("accepted what PyTorch refuses: " + golden.refusal());
  }

  private void compare(String what, Object found, Object expected) {
    if (expected instanceof SurfaceTensor written) {
      if (!(found instanceof Tensor tensor)) {
        throw new AssertionError(what + " is " + found + ", expected a tensor");
      }
      if (floating == null && tensor.dtype() != written.dtype()) {
        throw new AssertionError(what + " is " + tensor.dtype() + ", expected " + written.dtype());
      }
      closeness(written.dtype()).check(what, tensor, written.values());
      if (written.shared()) {
        checkShares(what, tensor, written);
      }
      return;
    }
    Object value =
        found instanceof Shape shape
            ? shape.toArray()
            : found instanceof Device device ? device.toString() : found;
    boolean same =
        value instanceof Double truth && expected instanceof Boolean flag
            ? truth == (flag ? 1 : 0)
            : value instanceof Number number && expected instanceof Number other
                ? Math.abs(number.doubleValue() - other.doubleValue())
                        <= 1e-6 * Math.abs(other.doubleValue())
                    || Double.compare(number.doubleValue(), other.doubleValue()) == 0
                : Objects.deepEquals(value, expected);
    if (!same) {
      throw new AssertionError(what + " is " + found + ", expected " + expected);
    }
  }

  private Closeness closeness(DType dtype) {
    // PyTorch calculates in the type of a wider target, Kindling before it converts.
    DType type = golden.hasTarget() && dtype == DType.FLOAT64 ? DType.FLOAT32 : floating;
    return Closeness.of(type != null && dtype.isFloatingPoint() ? type : dtype);
  }

  private void checkShares(String what, Tensor tensor, SurfaceTensor written) {
    if (tensor.storage() != ((Tensor) arguments.get(0)).storage()) {
      throw new AssertionError(what + " is a copy, expected it to share the input's memory");
    }
    long[] strides = written.layout().strides();
    for (int i = 0; i < strides.length; i++) {
      if (tensor.size(i) > 1 && tensor.stride(i) != strides[i]) {
        throw new AssertionError(
            what
                + " has strides "
                + Arrays.toString(tensor.layout().strides())
                + ", expected "
                + Arrays.toString(strides));
      }
    }
  }

  private void checkGradients() {
    boolean twice = floating == null && golden.hasSecondGradients();
    List<SurfaceTensor> flowing = golden.tensors("cotangents");
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> cotangents = new ArrayList<>();
    for (int i = 0; i < flowing.size(); i++) {
      if (flowing.get(i) != null) {
        Tensor cotangent = flowing.get(i).tensor(floating);
        cotangents.add(twice ? cotangent.requiresGrad_() : cotangent);
        roots.add((Tensor) outputs.get(i));
      }
    }
    // A result that no input could change has gradients as good as zeros.
    boolean constant = roots.stream().noneMatch(Tensor::requiresGrad);
    List<Tensor> first =
        constant
            ? new ArrayList<>(Collections.nCopies(leaves.size(), null))
            : Autograd.grad(roots, leaves, cotangents, twice, twice, true);
    compare("gradient", first, golden.tensors("gradients"));
    if (twice) {
      checkSecondGradients(first, cotangents);
    }
  }

  private void checkSecondGradients(List<Tensor> first, List<Tensor> cotangents) {
    List<SurfaceTensor> flows = golden.tensors("flows");
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> into = new ArrayList<>();
    for (int i = 0; i < flows.size(); i++) {
      if (flows.get(i) != null && first.get(i) != null && first.get(i).requiresGrad()) {
        roots.add(first.get(i));
        into.add(flows.get(i).tensor(null));
      }
    }
    List<Tensor> wanted = new ArrayList<>(leaves);
    wanted.addAll(cotangents);
    List<Tensor> second =
        roots.isEmpty()
            ? new ArrayList<>(Collections.nCopies(wanted.size(), null))
            : Autograd.grad(roots, wanted, into, false, false, true);
    compare("second gradient", second, golden.tensors("second"));
  }

  /** Compares gradients, of which one that is not there is as good as zeros. */
  private void compare(String what, List<Tensor> found, List<SurfaceTensor> expected) {
    for (int i = 0; i < expected.size(); i++) {
      Tensor gradient = found.get(i);
      SurfaceTensor written = expected.get(i);
      if (isNothing(gradient) && isNothing(written)) {
        continue;
      }
      if (gradient != null && written != null) {
        // Gradients are written as float64; those of a region come through its type.
        DType type = golden.region() == null ? written.dtype() : golden.region();
        closeness(type).check(what + " " + i, gradient, written.values());
      } else {
        throw new AssertionError(
            what + " " + i + (gradient == null ? " is missing" : " is more than PyTorch's none"));
      }
    }
  }

  private static boolean isNothing(Tensor gradient) {
    return gradient == null || isRounding(gradient.toDoubleArray());
  }

  private static boolean isNothing(SurfaceTensor gradient) {
    return gradient == null || isRounding(gradient.values().doubles());
  }

  /** Zeros, and what is left where numbers about 1 cancel. */
  private static boolean isRounding(double[] values) {
    return Arrays.stream(values).allMatch(value -> Math.abs(value) <= 1e-15);
  }

  private static List<Object> flat(Object result) throws ReflectiveOperationException {
    List<Object> parts = new ArrayList<>();
    if (result instanceof List<?> list) {
      parts.addAll(list);
    } else if (result instanceof Shape shape) {
      Arrays.stream(shape.toArray()).forEach(parts::add);
    } else if (result instanceof long[] numbers) {
      Arrays.stream(numbers).forEach(parts::add);
    } else if (result instanceof Object[] array) {
      parts.addAll(Arrays.asList(array));
    } else if (result instanceof Record composed && !(result instanceof Device)) {
      for (RecordComponent component : composed.getClass().getRecordComponents()) {
        parts.add(component.getAccessor().invoke(composed));
      }
    } else {
      parts.add(result);
    }
    return parts;
  }
}
