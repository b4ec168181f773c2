package io.kindling.data.loader;

import io.kindling.tensor.Tensor;
import java.util.List;

/**
 * Makes the tensors of a batch from its samples. Called on the loader's worker threads, several at
 * once, inside a scope that closes every intermediate tensor.
 */
@FunctionalInterface
public interface Collate<T> {
  List<Tensor> collate(List<T> samples);

  /**
   * Stacks samples that are a tensor, or a list of tensors, along a new first dimension; what a
   * loader does unless told otherwise.
   */
  static <T> Collate<T> stack() {
    return new StackCollate<>();
  }
}
