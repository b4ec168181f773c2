package io.kindling.jobs.conf;

import io.kindling.jobs.JobException;
import org.apache.spark.SparkClassNotFoundException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Where rows come from. */
public final class TableOptions {
  /** The option that names the rows. */
  public static final String DATA = "--data";

  @Option(
      names = DATA,
      required = true,
      paramLabel = "PATH",
      description = "The rows, on any Hadoop file system.")
  String data;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "parquet",
      description = "parquet, orc, json, csv or libsvm (default: ${DEFAULT-VALUE}).")
  String format;

  @Option(
      names = "--select",
      paramLabel = "SQL",
      description =
          "A query over the rows, which are called data, to compute columns with, such as \"select"
              + " *, transform(pixels, p -> p / 16) as features from data\".")
  String select;

  /** Where the rows are. */
  public String data() {
    return data;
  }

  /**
   * The rows.
   *
   * @throws JobException if they cannot be read or the query is wrong
   */
  public Dataset<Row> read(SparkSession spark) {
    Dataset<Row> rows = null;
    try {
      rows =
          spark.read().format(format).option("header", true).option("inferSchema", true).load(data);
      if (select == null) {
        return rows;
      }
      rows.createOrReplaceTempView("data");
      return spark.sql(select);
    } catch (Exception e) {
      // Spark's Scala code throws checked exceptions without declaring them.
      throw new JobException(
          rows == null ? unreadable(e) : "--select: " + select + ": " + JobException.reason(e), e);
    }
  }

  private String unreadable(Exception failure) {
    return failure instanceof SparkClassNotFoundException
        ? "--format: Spark knows no '"
            + format
            + "' here; use parquet, orc, json, csv or libsvm, or add the jar that has it"
        : DATA + ": cannot read " + data + " as " + format + ": " + JobException.reason(failure);
  }
}
