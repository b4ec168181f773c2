package io.kindling.backend.cpu.onednn;

import io.kindling.op.reduce.Mean;
import io.kindling.op.reduce.Reduction;
import io.kindling.op.reduce.Sum;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;
import java.util.BitSet;

/**
 * Sums and means of large dense tensors of float32 and bfloat16 over everything, and over the
 * leading dimensions in memory: the rows of a matrix, the pixels of channels-last images.
 */
final class OneDnnSum<O extends Reduction> implements OneDnnKernel<O> {
  /** Below this many elements Java is as fast. */
  static final int FEWEST = 1 << 15;

  /** Of columns that add up to one number. */
  private static final int COLUMNS = 64;

  private final Class<O> op;

  private OneDnnSum(Class<O> op) {
    this.op = op;
  }

  static OneDnnSum<Sum> sum() {
    return new OneDnnSum<>(Sum.class);
  }

  static OneDnnSum<Mean> mean() {
    return new OneDnnSum<>(Mean.class);
  }

  @Override
  public Class<O> op() {
    return op;
  }

  @Override
  public boolean supports(O op, Tensor[] inputs, Tensor[] outputs) {
    Tensor x = inputs[0];
    Tensor y = outputs[0];
    return x.numel() >= FEWEST
        && Preparation.hasType(x.dtype())
        && Operand.isReadable(x, x.dtype())
        && x.layout().isDense()
        && Operand.isWritable(y, x.dtype(), x)
        && y.isContiguous()
        && columns(op, x.layout()) > 0;
  }

  /**
   * How many sums there are, 1 for everything, if those of one sum lie that far from each other in
   * memory; otherwise 0.
   */
  private static int columns(Reduction op, Layout layout) {
    BitSet reduced = op.reduced(layout.shape());
    long columns = 1;
    for (int dim = layout.rank() - 1; dim >= 0; dim--) {
      if (!reduced.get(dim)) {
        if (layout.size(dim) > 1 && layout.stride(dim) != columns) {
          return 0;
        }
        columns *= layout.size(dim);
      }
    }
    for (int dim = 0; dim < layout.rank(); dim++) {
      if (reduced.get(dim) && layout.size(dim) > 1 && layout.stride(dim) < columns) {
        return 0;
      }
    }
    return columns <= RowSums.MOST_COLUMNS ? (int) columns : 0;
  }

  @Override
  public Prepared.Call prepare(O op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    DType dtype = inputs[0].dtype();
    long count = inputs[0].numel();
    int columns = columns(op, inputs[0].layout());
    if (columns > 1) {
      RowSums sums = RowSums.of(dtype, count / columns, columns, preparation);
      return sums == null
          ? null
          : (in, out) -> {
            double[] totals = sums.run(in[0].address());
            for (int i = 0; i < columns; i++) {
              totals[i] = op.finish(totals[i], count / columns);
            }
            RowSums.store(totals, out[0]);
          };
    }
    RowSums sums = RowSums.of(dtype, count / COLUMNS, COLUMNS, preparation);
    return sums == null ? null : (in, out) -> all(op, sums, in[0], out[0]);
  }

  private static void all(Reduction op, RowSums sums, Tensor x, Tensor out) {
    double sum = 0;
    for (double column : sums.run(x.address())) {
      sum += column;
    }
    for (long i = x.numel() / COLUMNS * COLUMNS; i < x.numel(); i++) {
      sum += x.dtype().readDouble(x.address() + i * x.dtype().bytes());
    }
    out.dtype().writeDouble(out.address(), op.finish(sum, x.numel()));
  }
}
