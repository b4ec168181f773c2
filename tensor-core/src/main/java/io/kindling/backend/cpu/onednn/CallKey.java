package io.kindling.backend.cpu.onednn;

import io.kindling.op.MatmulPrecision;
import io.kindling.op.Op;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * What a prepared call depends on: the op with its attributes, the number of threads, the precision
 * of products, and type, shape and strides of each tensor; addresses and offsets are not part of
 * it.
 */
final class CallKey {
  private final Op op;
  private final long[] values;
  private final int hash;

  CallKey(Op op, int threads, MatmulPrecision precision, Tensor[] inputs, Tensor[] outputs) {
    int length = 2;
    for (Tensor tensor : inputs) {
      length += 1 + 2 * tensor.dim();
    }
    for (Tensor tensor : outputs) {
      length += 1 + 2 * tensor.dim();
    }
    this.op = op;
    this.values = new long[length];
    values[0] = threads;
    values[1] = precision.ordinal();
    int at = 2;
    for (Tensor tensor : inputs) {
      at = add(tensor, at);
    }
    for (Tensor tensor : outputs) {
      at = add(tensor, at);
    }
    this.hash = 31 * op.hashCode() + Arrays.hashCode(values);
  }

  private int add(Tensor tensor, int from) {
    Layout layout = tensor.layout();
    int rank = layout.rank();
    int at = from;
    values[at++] = rank * 100L + tensor.dtype().ordinal();
    for (int dim = 0; dim < rank; dim++) {
      values[at++] = layout.size(dim);
      values[at++] = layout.stride(dim);
    }
    return at;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CallKey key
        && hash == key.hash
        && Arrays.equals(values, key.values)
        && op.equals(key.op);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
