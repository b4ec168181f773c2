package io.kindling.data;

import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Samples that are read by index, PyTorch's map-style {@code Dataset}.
 *
 * @param <T> a sample: a {@link Tensor}, a list of them (inputs, target), or anything that a {@code
 *     Collate} makes tensors of
 */
public interface Dataset<T> {
  /** How many samples there are. */
  long size();

  /**
   * The sample at an index from 0 to {@code size() - 1}. Its tensors belong to the current scope. A
   * loader's workers call this from several threads at once.
   */
  T get(long index);

  /**
   * The samples at these indices as one batch, each tensor with a new first dimension, for datasets
   * that can copy many rows faster than one by one. Empty, as here, means that the loader calls
   * {@link #get} for each and stacks.
   */
  default Optional<List<Tensor>> gather(long[] indices) {
    return Optional.empty();
  }

  /**
   * Parts of these lengths that share no sample, dealt by chance, as PyTorch's {@code
   * random_split}. The same seed gives the same parts.
   *
   * @throws DataException if the lengths do not add up to {@link #size}
   */
  default List<Subset<T>> randomSplit(long seed, long... lengths) {
    long total = Arrays.stream(lengths).sum();
    if (total != size() || Arrays.stream(lengths).anyMatch(length -> length < 0)) {
      throw new DataException(
          "randomSplit: the lengths "
              + Arrays.toString(lengths)
              + " add up to "
              + total
              + ", the dataset has "
              + size()
              + " samples; give lengths that use each once");
    }
    long[] order = Permutation.of(size(), seed, 0, 0);
    List<Subset<T>> parts = new ArrayList<>();
    int from = 0;
    for (long length : lengths) {
      parts.add(new Subset<>(this, Arrays.copyOfRange(order, from, from + (int) length)));
      from += (int) length;
    }
    return parts;
  }

  /** Fails with what to do when an index is out of range; for implementations of {@link #get}. */
  static void checkIndex(String dataset, long index, long size) {
    if (index < 0 || index >= size) {
      throw new DataException(
          dataset + ": index " + index + " is out of range; expected one from 0 to " + (size - 1));
    }
  }
}
