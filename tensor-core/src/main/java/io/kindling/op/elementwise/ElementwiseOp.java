package io.kindling.op.elementwise;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.ElementwiseLoop;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Promotion;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * Output element {@code i} depends on element {@code i} of each input after broadcasting. The loops
 * get arrays with the next elements of each operand, at most a few thousand.
 *
 * <p>They are arrays because the compiler turns loops over arrays into vector instructions and
 * loops over raw memory never. It does so for {@code + - * /}, {@code Math.abs}, {@code sqrt},
 * {@code min} and {@code max}, not for a choice between two floats: {@code c ? a : b} becomes a
 * branch, at 4 ns an element where a processor cannot foretell it.
 */
public interface ElementwiseOp extends Op {
  /** How many inputs there are. */
  int inputCount();

  /** The type of the result. The default promotes as PyTorch's arithmetic does. */
  default DType result(Tensor[] inputs) {
    return Promotion.of(inputs);
  }

  /** The type the loops calculate in. */
  default DType compute(Tensor[] inputs, DType result) {
    return result.compute();
  }

  void floats(float[][] in, float[] out, int count);

  void doubles(double[][] in, double[] out, int count);

  /** Integers and booleans, as longs. */
  default void longs(long[][] in, long[] out, int count) {
    throw notForIntegers();
  }

  /**
   * On the bits of float32, booleans being 0 and 1 on both sides, for ops whose {@link #compute} is
   * int32: a choice made of bits needs no branch.
   */
  default void bits(int[][] in, int[] out, int count) {
    throw new DTypeException(name() + " calculates in no int32; name another type in compute()");
  }

  /** Whether {@link #packed} does on bfloat16 what the loops over floats do. */
  default boolean hasPacked() {
    return false;
  }

  /**
   * On bfloat16, four to a long, the first in the lowest bits: for ops that need no arithmetic on
   * their inputs' values and so no conversion.
   *
   * @param count how many longs there are; what lies beyond the last element is not kept
   */
  default void packed(long[][] in, long[] out, int count) {
    throw new DTypeException(name() + " has no loop over packed bfloat16; see hasPacked()");
  }

  /** Whether {@link #booleans} does what the other loops do where inputs and output are bool. */
  default boolean hasBooleans() {
    return false;
  }

  /**
   * On booleans, eight to a long, a byte each, 0 or 1.
   *
   * @param count how many longs there are; what lies beyond the last element is not kept
   */
  default void booleans(long[][] in, long[] out, int count) {
    throw new DTypeException(name() + " has no loop over packed booleans; see hasBooleans()");
  }

  /** What {@link #longs} throws unless it is overridden. */
  default DTypeException notForIntegers() {
    return new DTypeException(name() + " is not defined for integers; convert with to() first");
  }

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, inputCount());
    Shape shape = inputs[0].shape();
    Tensor order = inputs[0];
    for (int i = 1; i < inputs.length; i++) {
      Shape both = Shape.broadcast(shape, inputs[i].shape());
      if (both == null) {
        throw new ShapeException(
            name()
                + ": shapes "
                + inputs[0].shape()
                + " and "
                + inputs[i].shape()
                + " do not broadcast; sizes must be equal or 1, compared from the last dimension");
      }
      if (!shape.equals(both)) {
        order = inputs[i];
        shape = both;
      }
    }
    return Op.one(new Spec(order.layout().denseLike(shape), result(inputs)));
  }

  @Override
  default boolean runsInPlace() {
    return true;
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    ElementwiseLoop.run(this, inputs, outputs[0]);
  }
}
