package io.kindling.op.elementwise;

import io.kindling.tensor.DType;
import io.kindling.tensor.Promotion;
import io.kindling.tensor.Tensor;

/**
 * Two inputs compared; the result is boolean. The loops write 1 or 0 in the type they calculate in;
 * float32 is compared by its bits.
 */
public interface ComparisonOp extends BinaryOp {
  @Override
  default DType result(Tensor[] inputs) {
    return DType.BOOL;
  }

  @Override
  default DType compute(Tensor[] inputs, DType result) {
    DType compute = Promotion.of(inputs).compute();
    boolean booleans = inputs[0].dtype() == DType.BOOL || inputs[1].dtype() == DType.BOOL;
    return compute == DType.FLOAT32 && result == DType.BOOL && !booleans ? DType.INT32 : compute;
  }

  @Override
  void longs(long[] a, long[] b, long[] out, int count);

  @Override
  void bits(int[] a, int[] b, int[] out, int count);

  @Override
  default boolean hasBooleans() {
    return true;
  }

  /** See {@link ElementwiseOp#booleans}. */
  void booleans(long[] a, long[] b, long[] out, int count);

  @Override
  default void booleans(long[][] in, long[] out, int count) {
    booleans(in[0], in[1], out, count);
  }
}
