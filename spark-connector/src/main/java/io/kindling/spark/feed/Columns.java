package io.kindling.spark.feed;

import java.util.Arrays;
import org.apache.spark.sql.types.StructType;

/** Finding columns. */
final class Columns {
  private Columns() {}

  /** The position of a column. */
  static int ordinal(StructType schema, String name) {
    int ordinal = Arrays.asList(schema.fieldNames()).indexOf(name);
    if (ordinal < 0) {
      throw new FeedException(
          "there is no column '"
              + name
              + "'; the columns are "
              + Arrays.toString(schema.fieldNames()));
    }
    return ordinal;
  }
}
