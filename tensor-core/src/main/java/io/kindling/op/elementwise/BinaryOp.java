package io.kindling.op.elementwise;

import io.kindling.DTypeException;
import io.kindling.backend.cpu.ElementwiseLoop;
import io.kindling.tensor.DType;
import io.kindling.tensor.Promotion;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** Two inputs that broadcast to each other. */
public interface BinaryOp extends ElementwiseOp {
  void floats(float[] a, float[] b, float[] out, int count);

  void doubles(double[] a, double[] b, double[] out, int count);

  default void longs(long[] a, long[] b, long[] out, int count) {
    throw notForIntegers();
  }

  default void bits(int[] a, int[] b, int[] out, int count) {
    throw new DTypeException(name() + " calculates in no int32; name another type in compute()");
  }

  @Override
  default int inputCount() {
    return 2;
  }

  /** The type that the inputs promote to, for an operation that booleans have not. */
  default DType promotedNumber(Tensor[] inputs) {
    DType promoted = ElementwiseOp.super.result(inputs);
    if (promoted == DType.BOOL) {
      throw new DTypeException(
          name() + " is not defined for bool and bool; convert one of them with to()");
    }
    return promoted;
  }

  /**
   * As in PyTorch, integers are converted to the type that both promote to before anything else: a
   * scalar of a wider type than the tensor beside it keeps its low bits.
   */
  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    DType common = Promotion.of(inputs);
    boolean whole = compute(inputs, outputs[0].dtype()) == DType.INT64;
    Tensor[] converted = inputs;
    for (int i = 0; i < 2; i++) {
      Tensor input = inputs[i];
      if (whole
          && common.kind() == DType.Kind.INTEGRAL
          && input.dim() == 0
          && !input.isNumber()
          && input.dtype() != common) {
        converted = converted.clone();
        converted[i] = Tensor.empty(Shape.SCALAR, common, input.device());
        common.writeLong(converted[i].address(), input.dtype().readLong(input.address()));
      }
    }
    try {
      ElementwiseLoop.run(this, converted, outputs[0]);
    } finally {
      for (int i = 0; i < 2; i++) {
        if (converted[i] != inputs[i]) {
          converted[i].close();
        }
      }
    }
  }

  @Override
  default void floats(float[][] in, float[] out, int count) {
    floats(in[0], in[1], out, count);
  }

  @Override
  default void doubles(double[][] in, double[] out, int count) {
    doubles(in[0], in[1], out, count);
  }

  @Override
  default void longs(long[][] in, long[] out, int count) {
    longs(in[0], in[1], out, count);
  }

  @Override
  default void bits(int[][] in, int[] out, int count) {
    bits(in[0], in[1], out, count);
  }
}
