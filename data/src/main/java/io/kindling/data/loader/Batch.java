package io.kindling.data.loader;

import io.kindling.memory.Scope;
import io.kindling.memory.ScopedHandle;
import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * What a loader hands out: the tensors that the samples were collated into, such as inputs {@code
 * (n, ...)} and targets {@code (n)}. They live until the batch is closed, by its holder or by the
 * scope that was current when it was taken; {@link Tensor#alias} keeps one longer.
 */
public final class Batch extends ScopedHandle {
  private final List<Tensor> tensors;

  /** Takes over the tensors, which are in no scope. */
  Batch(List<Tensor> tensors) {
    this.tensors = tensors;
    enterScope();
  }

  /** The tensor at a position, as the samples have them: 0 is usually the input. */
  public Tensor get(int position) {
    return tensors.get(position);
  }

  /** How many tensors there are. */
  public int size() {
    return tensors.size();
  }

  public List<Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    leaveScope();
    tensors.forEach(Tensor::close);
  }

  /** Other handles on the same tensors, in no scope. */
  static List<Tensor> own(List<Tensor> tensors) {
    return tensors.stream().map(tensor -> Scope.detach(tensor.alias())).toList();
  }
}
