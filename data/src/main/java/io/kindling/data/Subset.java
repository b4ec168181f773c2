package io.kindling.data;

import io.kindling.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Some samples of a dataset, in a given order, PyTorch's {@code Subset}. */
public final class Subset<T> implements Dataset<T> {
  private final Dataset<T> dataset;
  private final long[] indices;

  /** The samples of {@code dataset} at {@code indices}. */
  public Subset(Dataset<T> dataset, long[] indices) {
    for (long index : indices) {
      Dataset.checkIndex("Subset", index, dataset.size());
    }
    this.dataset = dataset;
    this.indices = indices.clone();
  }

  @Override
  public long size() {
    return indices.length;
  }

  @Override
  public T get(long index) {
    return dataset.get(at(index));
  }

  @Override
  public Optional<List<Tensor>> gather(long[] wanted) {
    return dataset.gather(Arrays.stream(wanted).map(this::at).toArray());
  }

  private long at(long index) {
    Dataset.checkIndex("Subset", index, indices.length);
    return indices[(int) index];
  }
}
