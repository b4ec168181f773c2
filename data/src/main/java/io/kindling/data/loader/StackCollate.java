package io.kindling.data.loader;

import io.kindling.data.DataException;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** See {@link Collate#stack}. */
final class StackCollate<T> implements Collate<T> {
  @Override
  public List<Tensor> collate(List<T> samples) {
    int width = parts(samples.get(0), 0).size();
    List<Tensor> stacked = new ArrayList<>();
    for (int part = 0; part < width; part++) {
      List<Tensor> column = new ArrayList<>();
      for (int i = 0; i < samples.size(); i++) {
        List<?> parts = parts(samples.get(i), i);
        if (parts.size() != width || !(parts.get(part) instanceof Tensor tensor)) {
          throw refused(samples.get(i), i);
        }
        column.add(tensor);
      }
      stacked.add(Tensor.stack(column, 0));
    }
    return stacked;
  }

  private static List<?> parts(Object sample, int index) {
    if (sample instanceof Tensor tensor) {
      return List.of(tensor);
    }
    if (sample instanceof List<?> list) {
      return list;
    }
    throw refused(sample, index);
  }

  private static DataException refused(Object sample, int index) {
    return new DataException(
        "collate: sample "
            + index
            + " of the batch is "
            + (sample instanceof List<?> list
                ? "a list of " + list.size()
                : sample == null ? "null" : "a " + sample.getClass().getName())
            + "; only tensors, or lists of as many tensors each, can be stacked. Give the loader a"
            + " collate function for other samples");
  }
}
