package io.kindling.data;

import java.util.List;

/** Datasets one after the other, PyTorch's {@code ConcatDataset}. */
public final class ConcatDataset<T> implements Dataset<T> {
  private final List<Dataset<T>> datasets;

  /** {@code ends[i]} is the index after the last sample of dataset i. */
  private final long[] ends;

  public ConcatDataset(List<? extends Dataset<T>> datasets) {
    this.datasets = List.copyOf(datasets);
    this.ends = new long[datasets.size()];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += datasets.get(i).size();
      ends[i] = end;
    }
  }

  @Override
  public long size() {
    return ends.length == 0 ? 0 : ends[ends.length - 1];
  }

  @Override
  public T get(long index) {
    Dataset.checkIndex("ConcatDataset", index, size());
    int part = 0;
    while (index >= ends[part]) {
      part++;
    }
    return datasets.get(part).get(part == 0 ? index : index - ends[part - 1]);
  }
}
