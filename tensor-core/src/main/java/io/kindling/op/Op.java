package io.kindling.op;

import io.kindling.AutogradException;
import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/** An operation on tensors: shape rule, plain-Java kernel, gradient. See the package's manual. */
public interface Op {
  /** The name that messages and graphs show; PyTorch's where PyTorch has the operation. */
  default String name() {
    return OpNames.of(getClass());
  }

  /**
   * The shape rule: checks the inputs and says what the outputs look like. Kernels reach into raw
   * memory, so it checks whatever they rely on: how many inputs there are, ranks, sizes, types and
   * attributes. (Values, such as an index, are the kernel's to check, each before it is used.)
   *
   * @throws io.kindling.ShapeException or io.kindling.DTypeException naming the op and what it got
   */
  Spec[] infer(Tensor[] inputs);

  /**
   * The plain-Java kernel on the CPU: reads {@code inputs} in whatever layout they have and writes
   * every element of {@code outputs}, which are allocated as {@link #infer} said or are the target
   * of an in-place call. It is the oracle that faster kernels are compared with, and the fallback
   * without them.
   */
  void reference(Tensor[] inputs, Tensor[] outputs);

  /**
   * Whether {@link #gradient} reads this input.
   *
   * @param needed which inputs want a gradient
   */
  default boolean savesInput(int index, boolean[] needed) {
    return false;
  }

  /** Whether {@link #gradient} reads this output. */
  default boolean savesOutput(int index) {
    return false;
  }

  /** Whether a gradient flows back through this output; integers never carry one. */
  default boolean differentiable(int output, DType dtype) {
    return dtype.isFloatingPoint();
  }

  /** The types that the inputs are cast to under {@link io.kindling.amp.Autocast}. */
  default CastPolicy castPolicy() {
    return CastPolicy.NONE;
  }

  /** The device of the outputs of an operation without inputs. */
  default Device device() {
    return Device.CPU;
  }

  /**
   * Gradients of the inputs, given those of the outputs. Written with tensor operations. An entry
   * may be null where no gradient flows. Entries may have the output's shape where an input was
   * broadcast and any floating type: the engine sums and casts them to the input's.
   *
   * @param gradients one an output; null where nothing flowed into it
   */
  default Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    throw new AutogradException(
        name() + " has no gradient; detach() its input, or run it under Autograd.noGrad()");
  }

  /**
   * Whether the kernel may be given a first output of any layout and type, which may also be an
   * input of the same layout: then an in-place call runs without a copy. The others are only given
   * fresh outputs, exactly as {@link #infer} said.
   */
  default boolean runsInPlace() {
    return false;
  }

  /**
   * Fails unless there are {@code least} to {@code most} inputs; the first line of a shape rule.
   *
   * @throws ShapeException naming the operation and both numbers
   */
  static void checkCount(String name, Tensor[] inputs, int least, int most) {
    if (inputs.length < least || inputs.length > most) {
      throw new ShapeException(
          name
              + ": expected "
              + (least == most
                  ? least
                  : most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most)
              + (most == 1 ? " input" : " inputs")
              + ", got "
              + inputs.length);
    }
  }

  /** As {@link #checkCount(String, Tensor[], int, int)}, for a fixed number of inputs. */
  static void checkCount(String name, Tensor[] inputs, int count) {
    checkCount(name, inputs, count, count);
  }

  /**
   * Fails unless the tensor has one of the given types.
   *
   * @throws DTypeException naming the operation, these types and what it got
   */
  static void checkType(String name, Tensor tensor, DType... allowed) {
    for (DType type : allowed) {
      if (tensor.dtype() == type) {
        return;
      }
    }
    throw new DTypeException(
        name
            + ": expected "
            + Arrays.toString(allowed)
            + ", got "
            + tensor.dtype()
            + "; convert with to()");
  }

  /** For the common case of one output. */
  static Spec[] one(Spec spec) {
    return new Spec[] {spec};
  }
}
