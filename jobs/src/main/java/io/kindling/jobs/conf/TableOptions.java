package io.kindling.jobs.conf;

import io.kindling.jobs.JobException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Option;

/** Where rows come from. */
public final class TableOptions {
  @Option(
      names = "--data",
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
          (rows == null ? "--data: cannot read " + data + " as " + format : "--select: " + select)
              + ": "
              + JobException.reason(e),
          e);
    }
  }
}
