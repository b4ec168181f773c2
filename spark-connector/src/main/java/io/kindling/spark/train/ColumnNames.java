package io.kindling.spark.train;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The columns that training reads.
 *
 * @param features vectors, arrays of numbers or numbers
 * @param label class numbers from 0
 * @param validation boolean, true for rows that are measured and not learned; null for none
 */
public record ColumnNames(String features, String label, String validation) {
  /**
   * The dataset with these columns only, in a fixed order. Whoever looks at its rows before
   * training does so on this object: Spark plans it once, and what it has shuffled for one job
   * serves the next.
   */
  public Dataset<Row> select(Dataset<?> dataset) {
    return dataset.select(
        all().stream()
            .map(name -> functions.col("`" + name.replace("`", "``") + "`"))
            .toArray(Column[]::new));
  }

  private List<String> all() {
    return validation == null ? List.of(features, label) : List.of(features, label, validation);
  }
}
