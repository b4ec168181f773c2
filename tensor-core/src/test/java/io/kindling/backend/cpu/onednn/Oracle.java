package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.backend.Backend;
import io.kindling.backend.Backends;
import io.kindling.memory.OffHeap;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.Random;

/** Runs one op through oneDNN and through its own kernel, and compares element by element. */
final class Oracle {
  /** The unit roundoff of float32: one rounding is off by at most this share of the result. */
  static final double FLOAT32 = 0x1p-24;

  /** The unit roundoff of bfloat16. */
  static final double BFLOAT16 = 0x1p-8;

  private Oracle() {}

  /** The types that oneDNN calculates in on this processor. */
  static List<DType> types() {
    return OneDnn.hasBfloat16() ? List.of(DType.FLOAT32, DType.BFLOAT16) : List.of(DType.FLOAT32);
  }

  static Backend backend() {
    return Backends.of(Device.Type.CPU).stream()
        .filter(backend -> backend instanceof OneDnnBackend)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no oneDNN: " + Backends.unavailable()));
  }

  /** The outputs of oneDNN's kernel; fails if the call would go elsewhere. */
  static Tensor[] oneDnn(Op op, Tensor... inputs) {
    Tensor[] outputs = allocate(op, inputs);
    Backend.Kernel kernel = backend().kernel(op, inputs, outputs);
    assertThat(kernel).as("oneDNN's kernel for %s of %s", op, inputs[0].layout()).isNotNull();
    kernel.run(op, inputs, outputs);
    return outputs;
  }

  static Tensor[] reference(Op op, Tensor... inputs) {
    Tensor[] outputs = allocate(op, inputs);
    op.reference(inputs, outputs);
    return outputs;
  }

  static boolean supports(Op op, Tensor... inputs) {
    return backend().kernel(op, inputs, allocate(op, inputs)) != null;
  }

  private static Tensor[] allocate(Op op, Tensor... inputs) {
    Spec[] specs = op.infer(inputs);
    Tensor[] outputs = new Tensor[specs.length];
    for (int i = 0; i < specs.length; i++) {
      outputs[i] = Tensor.allocate(specs[i], Device.CPU);
      if (outputs[i].dtype().isFloatingPoint()) {
        outputs[i].fill_(Double.NaN); // so that an element that is not written shows
      }
    }
    return outputs;
  }

  /**
   * Compares the outputs of sums of products with the oracle, whose sums are in double. A sum of
   * {@code length} products in any order of float32 operations is off by at most {@code length * u
   * / (1 - length * u)} times the sum of the products' absolute values (Higham, Accuracy and
   * Stability of Numerical Algorithms, section 3.1), which the op of the absolute inputs gives; one
   * more rounding each stores the results in their type.
   */
  static void checkSumOfProducts(long length, Op op, Tensor... inputs) {
    Tensor[] magnitudes = new Tensor[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      magnitudes[i] = inputs[i].maximum(inputs[i].neg());
    }
    Tensor[] bounds = reference(op, magnitudes);
    Tensor[] exact = reference(op, inputs);
    Tensor[] results = oneDnn(op, inputs);
    double growth = length * FLOAT32 / (1 - length * FLOAT32);
    double store = 2 * (inputs[0].dtype() == DType.BFLOAT16 ? BFLOAT16 : FLOAT32);
    for (int output = 0; output < results.length; output++) {
      double[] bound = bounds[output].toDoubleArray();
      double[] expected = exact[output].toDoubleArray();
      double[] found = results[output].toDoubleArray();
      for (int i = 0; i < expected.length; i++) {
        double allowed = growth * bound[i] * (1 + store) + store * Math.abs(expected[i]);
        assertThat(Math.abs(found[i] - expected[i]))
            .as(
                "%s of %s, output %d, element %d: %s for %s",
                op, inputs[0].layout(), output, i, found[i], expected[i])
            .isLessThanOrEqualTo(allowed);
      }
    }
  }

  /** Compares element by element; the bound broadcasts to the tensors' shape. */
  static void checkWithin(String what, Tensor expected, Tensor found, Tensor bound) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    double[] wanted = expected.toDoubleArray();
    double[] got = found.toDoubleArray();
    Tensor flat = bound.numel() == expected.numel() ? bound : bound.expand(found.shape().toArray());
    double[] allowed = flat.toDoubleArray();
    for (int i = 0; i < wanted.length; i++) {
      assertThat(Math.abs(got[i] - wanted[i]))
          .as("%s, element %d: %s for %s", what, i, got[i], wanted[i])
          .isLessThanOrEqualTo(allowed[i]);
    }
  }

  /** Numbers between -1 and 1, the same for the same seed. */
  static Tensor random(long seed, long... shape) {
    Tensor tensor = Tensor.empty(Shape.of(shape), DType.FLOAT32, Device.CPU);
    Random random = new Random(seed);
    for (long i = 0; i < tensor.numel(); i++) {
      OffHeap.putFloat(tensor.address() + 4 * i, 2 * random.nextFloat() - 1);
    }
    return tensor;
  }
}
