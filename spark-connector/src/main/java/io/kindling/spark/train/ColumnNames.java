package io.kindling.spark.train;

import java.io.Serializable;
import java.util.List;

/**
 * The columns that training reads.
 *
 * @param features vectors, arrays of numbers or numbers
 * @param label class numbers from 0
 * @param validation boolean, true for rows that are measured and not learned; null for none
 */
public record ColumnNames(String features, String label, String validation)
    implements Serializable {
  /** Where each stands in {@link #all}. */
  static final int FEATURES = 0;

  static final int LABEL = 1;
  static final int VALIDATION = 2;

  /** The columns there are, in a fixed order. */
  List<String> all() {
    return validation == null ? List.of(features, label) : List.of(features, label, validation);
  }
}
