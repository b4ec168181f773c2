package io.kindling.spark.feed;

import io.kindling.tensor.Tensor;

/**
 * Gathered rows, in the current scope.
 *
 * @param features {@code (n, inputShape...)}, in the type that they are kept in
 * @param labels {@code (n)}, int64
 */
public record LabeledRows(Tensor features, Tensor labels) implements AutoCloseable {
  @Override
  public void close() {
    features.close();
    labels.close();
  }
}
