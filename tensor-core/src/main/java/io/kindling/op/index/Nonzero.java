package io.kindling.op.index;

import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** The positions {@code (count, dimensions)}, as int64, of the elements that are not 0. */
public record Nonzero() implements Op {
  /** Gets the index of an element that is not 0; the array is reused. */
  @FunctionalInterface
  private interface Found {
    void at(long[] index);
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    // The size of the result depends on values, which are in reach on the CPU.
    long[] count = new long[1];
    forEach(inputs[0], index -> count[0]++);
    return Op.one(Spec.of(Shape.of(count[0], inputs[0].dim()), DType.INT64));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor out = outputs[0];
    Layout layout = out.layout();
    DType dtype = out.dtype();
    long[] row = new long[1];
    forEach(
        inputs[0],
        index -> {
          // Another thread may have written to the input since it was counted.
          if (row[0] < out.size(0)) {
            for (int d = 0; d < index.length; d++) {
              long position = layout.offset() + row[0] * layout.stride(0) + d * layout.stride(1);
              dtype.writeLong(out.storage().address() + position * dtype.bytes(), index[d]);
            }
            row[0]++;
          }
        });
  }

  private static void forEach(Tensor x, Found body) {
    Layout layout = x.layout();
    DType dtype = x.dtype();
    int rank = x.dim();
    long[] index = new long[rank];
    for (long i = 0, count = x.numel(); i < count; i++) {
      long position = layout.offset();
      for (int d = 0; d < rank; d++) {
        position += index[d] * layout.stride(d);
      }
      if (dtype.readDouble(x.storage().address() + position * dtype.bytes()) != 0) {
        body.at(index);
      }
      for (int d = rank - 1; d >= 0 && ++index[d] == layout.size(d); d--) {
        index[d] = 0;
      }
    }
  }
}
