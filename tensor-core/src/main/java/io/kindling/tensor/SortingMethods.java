package io.kindling.tensor;

import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.index.Sort;
import io.kindling.op.index.TopK;

/** Elements of a dimension in order. */
interface SortingMethods {
  /** The k largest values of a dimension, or the smallest, in order. */
  default ValuesAndIndices topk(long k, int dim, boolean largest) {
    return ValuesAndIndices.of(Dispatch.runAll(new TopK(k, dim, largest), self()));
  }

  default ValuesAndIndices topk(long k) {
    return topk(k, -1, true);
  }

  /** The values of a dimension in order; equal ones keep theirs. */
  default ValuesAndIndices sort(int dim, boolean descending) {
    return ValuesAndIndices.of(Dispatch.runAll(new Sort(dim, descending), self()));
  }

  default ValuesAndIndices sort() {
    return sort(-1, false);
  }

  /** The places from which {@link #sort(int, boolean)} takes the values. */
  default Tensor argsort(int dim, boolean descending) {
    return Scope.tidy(() -> self().detach().sort(dim, descending).indices());
  }

  default Tensor argsort() {
    return argsort(-1, false);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
