package io.kindling.backend.cpu;

import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** Visits together the matrices, vectors and numbers that batches consist of. */
public final class MatrixLoop {
  private MatrixLoop() {}

  /** Gets what lies at one place of the batch; a vector is a matrix of one column. */
  @FunctionalInterface
  public interface Body {
    void at(String place, Matrix[] matrices);
  }

  /**
   * Tensors with the same leading dimensions, which may also be 1 or missing and then repeat.
   *
   * @param inner how many dimensions the parts have: 2 for matrices, 1 for vectors, 0 for numbers
   */
  public record Parts(Tensor tensor, int inner) {
    public static Parts matrices(Tensor tensor) {
      return new Parts(tensor, 2);
    }

    public static Parts vectors(Tensor tensor) {
      return new Parts(tensor, 1);
    }

    public static Parts numbers(Tensor tensor) {
      return new Parts(tensor, 0);
    }

    private Matrix at(long[] index) {
      Layout layout = tensor.layout();
      int leading = layout.rank() - inner;
      long position = layout.offset();
      for (int d = 0; d < leading; d++) {
        long place = index[index.length - leading + d];
        position += (layout.size(d) == 1 ? 0 : place) * layout.stride(d);
      }
      long bytes = tensor.dtype().bytes();
      return new Matrix(
          tensor.dtype(),
          tensor.storage().address() + position * bytes,
          inner == 0 ? 1 : ArrayLength.of(layout.size(leading)),
          inner < 2 ? 1 : ArrayLength.of(layout.size(leading + 1)),
          inner == 0 ? 0 : layout.stride(leading) * bytes,
          inner < 2 ? 0 : layout.stride(leading + 1) * bytes);
    }
  }

  /** Visits every place of a batch. */
  public static void forEach(Shape batch, Body body, Parts... parts) {
    long[] index = new long[batch.rank()];
    Matrix[] matrices = new Matrix[parts.length];
    for (long i = 0, count = batch.numel(); i < count; i++) {
      for (int k = 0; k < parts.length; k++) {
        matrices[k] = parts[k].at(index);
      }
      body.at(place(index), matrices);
      for (int d = index.length - 1; d >= 0 && ++index[d] == batch.size(d); d--) {
        index[d] = 0;
      }
    }
  }

  /** What messages call a matrix: nothing where there is only one. */
  private static String place(long[] index) {
    return index.length == 0 ? "" : " (at " + java.util.Arrays.toString(index) + " of the batch)";
  }
}
