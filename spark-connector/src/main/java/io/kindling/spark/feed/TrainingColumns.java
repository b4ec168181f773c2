package io.kindling.spark.feed;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.StructType;

/** The columns that training reads: features, label and, if there is one, the validation flag. */
public final class TrainingColumns implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int NONE = -1;

  private final FeatureColumn features;
  private final LabelColumn label;
  private final String validation;
  private final int validationOrdinal;

  private TrainingColumns(
      FeatureColumn features, LabelColumn label, String validation, int validationOrdinal) {
    this.features = features;
    this.label = label;
    this.validation = validation;
    this.validationOrdinal = validationOrdinal;
  }

  /**
   * Columns of rows of {@code schema}.
   *
   * @param validation the name of a boolean column that is true in rows held back from training;
   *     may be null, and then none is
   */
  public static TrainingColumns of(
      StructType schema, FeatureColumn features, LabelColumn label, String validation) {
    if (validation == null) {
      return new TrainingColumns(features, label, null, NONE);
    }
    int ordinal = Columns.ordinal(schema, validation);
    if (!(schema.fields()[ordinal].dataType() instanceof BooleanType)) {
      throw new FeedException(
          "column '"
              + validation
              + "' has type "
              + schema.fields()[ordinal].dataType().simpleString()
              + ", and the validation indicator is boolean");
    }
    return new TrainingColumns(features, label, validation, ordinal);
  }

  public FeatureColumn features() {
    return features;
  }

  public LabelColumn label() {
    return label;
  }

  /**
   * Reads and checks one row.
   *
   * @param target takes the features, and is what the result holds
   */
  public FeedRow read(InternalRow row, int partition, long index, float[] target) {
    features.read(row, partition, index, target);
    return new FeedRow(
        target,
        label.read(row, partition, index),
        isValidation(row, partition, index),
        partition,
        index);
  }

  /** Reads and checks a partition's rows as they are asked for, all into the same array. */
  public Iterator<FeedRow> read(int partition, Iterator<InternalRow> rows) {
    float[] target = new float[features.width()];
    return new Iterator<>() {
      private long index;

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public FeedRow next() {
        return read(rows.next(), partition, index++, target);
      }
    };
  }

  private boolean isValidation(InternalRow row, int partition, long index) {
    if (validationOrdinal == NONE) {
      return false;
    }
    if (row.isNullAt(validationOrdinal)) {
      throw RefusedRowException.at(
          validation,
          partition,
          index,
          "the validation indicator is null",
          "set it to true or false in every row");
    }
    return row.getBoolean(validationOrdinal);
  }
}
