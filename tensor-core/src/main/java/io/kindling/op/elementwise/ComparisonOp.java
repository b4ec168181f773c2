package io.kindling.op.elementwise;

import io.kindling.tensor.DType;
import io.kindling.tensor.Promotion;
import io.kindling.tensor.Tensor;

/**
 * Two inputs compared; the result is boolean. The loops write 1 or 0 in the type they calculate in.
 */
public interface ComparisonOp extends BinaryOp {
  @Override
  default DType result(Tensor[] inputs) {
    return DType.BOOL;
  }

  @Override
  default DType compute(Tensor[] inputs, DType result) {
    return Promotion.of(inputs).compute();
  }

  @Override
  void longs(long[] a, long[] b, long[] out, int count);
}
