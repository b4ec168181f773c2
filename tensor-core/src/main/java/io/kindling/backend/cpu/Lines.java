package io.kindling.backend.cpu;

import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;

/** Visits the lines along one dimension of tensors that differ in that dimension at most. */
public final class Lines {
  private Lines() {}

  /** Gets the address of each tensor's first element of a line; the array is reused. */
  @FunctionalInterface
  public interface Body {
    void line(long[] addresses);
  }

  /** The bytes from one element of a line to the next; a scalar is a line of one element. */
  public static long step(Tensor tensor, int dim) {
    return tensor.dim() == 0 ? 0 : tensor.stride(dim) * tensor.dtype().bytes();
  }

  /** How many elements a line has. */
  public static int length(Tensor tensor, int dim) {
    return tensor.dim() == 0 ? 1 : ArrayLength.of(tensor.size(dim));
  }

  /** Visits each line; none if a tensor is empty. */
  public static void forEach(int dim, Body body, Tensor... tensors) {
    Layout[] firsts = new Layout[tensors.length];
    for (int k = 0; k < tensors.length; k++) {
      if (tensors[k].numel() == 0) {
        return;
      }
      Layout layout = tensors[k].layout();
      firsts[k] = layout.rank() == 0 ? layout : layout.select(dim, 0);
    }
    int rank = firsts[0].rank();
    long[] index = new long[rank];
    long[] addresses = new long[tensors.length];
    for (long i = 0, count = firsts[0].shape().numel(); i < count; i++) {
      for (int k = 0; k < tensors.length; k++) {
        long position = firsts[k].offset();
        for (int d = 0; d < rank; d++) {
          position += index[d] * firsts[k].stride(d);
        }
        addresses[k] = tensors[k].storage().address() + position * tensors[k].dtype().bytes();
      }
      body.line(addresses);
      for (int d = rank - 1; d >= 0 && ++index[d] == firsts[0].size(d); d--) {
        index[d] = 0;
      }
    }
  }
}
