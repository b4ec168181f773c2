package io.kindling.op.elementwise;

import io.kindling.backend.cpu.CopyLoop;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;

/**
 * A copy in another type or order: {@code clone}, {@code contiguous} and {@code to}.
 *
 * @param dtype the type of the copy
 * @param format its order in memory, or null for the input's if that is dense
 */
public record Copy(DType dtype, MemoryFormat format) implements ElementwiseOp {
  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public DType result(Tensor[] inputs) {
    return dtype;
  }

  @Override
  public DType compute(Tensor[] inputs, DType result) {
    return computeFor(inputs[0].dtype(), result);
  }

  /** A type that loses nothing on the way from one to the other. */
  static DType computeFor(DType from, DType to) {
    if (from.isFloatingPoint()) {
      return from.compute();
    }
    if (!to.isFloatingPoint()) {
      return DType.INT64;
    }
    return from.bytes() <= 2 ? to.compute() : DType.FLOAT64; // 24 bits hold all of 16
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Layout input = inputs[0].layout();
    Layout layout =
        format == null ? input.denseLike(input.shape()) : Layout.of(input.shape(), format);
    return Op.one(new Spec(layout, dtype));
  }

  @Override
  public void floats(float[][] in, float[] out, int count) {
    System.arraycopy(in[0], 0, out, 0, count);
  }

  @Override
  public void doubles(double[][] in, double[] out, int count) {
    System.arraycopy(in[0], 0, out, 0, count);
  }

  @Override
  public void longs(long[][] in, long[] out, int count) {
    System.arraycopy(in[0], 0, out, 0, count);
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    if (!CopyLoop.run(inputs[0], outputs[0])) {
      ElementwiseOp.super.reference(inputs, outputs);
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {gradients[0]};
  }
}
