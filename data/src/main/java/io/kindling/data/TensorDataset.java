package io.kindling.data;

import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Samples that are the rows of tensors {@code (N, ...)}, PyTorch's {@code TensorDataset}. Sample i
 * is the list of row i of each. The tensors stay the caller's and must live as long as the dataset
 * is used.
 */
public final class TensorDataset implements Dataset<List<Tensor>> {
  private final List<Tensor> tensors;

  /**
   * A dataset over tensors of one first size.
   *
   * @throws DataException if there is none, or if their first sizes differ
   */
  public TensorDataset(Tensor... tensors) {
    this.tensors = List.of(tensors);
    for (int i = 0; i < tensors.length; i++) {
      if (tensors[i].dim() == 0 || tensors[i].size(0) != tensors[0].size(0)) {
        throw new DataException(
            "TensorDataset: tensor "
                + i
                + " has shape "
                + tensors[i].shape()
                + ", tensor 0 has "
                + tensors[0].shape()
                + "; all need the same first size, the number of samples");
      }
    }
    if (tensors.length == 0) {
      throw new DataException("TensorDataset: expected at least one tensor");
    }
  }

  @Override
  public long size() {
    return tensors.get(0).size(0);
  }

  @Override
  public List<Tensor> get(long index) {
    Dataset.checkIndex("TensorDataset", index, size());
    return tensors.stream().map(tensor -> tensor.select(0, index)).toList();
  }

  /** All rows of a tensor in one indexSelect. */
  @Override
  public Optional<List<Tensor>> gather(long[] indices) {
    for (long index : indices) {
      Dataset.checkIndex("TensorDataset", index, size());
    }
    try (Tensor index = Tensor.of(indices)) {
      return Optional.of(tensors.stream().map(tensor -> tensor.indexSelect(0, index)).toList());
    }
  }
}
