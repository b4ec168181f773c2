package io.kindling.jobs;

import io.kindling.jobs.conf.TableOptions;
import io.kindling.spark.model.NeuralNetworkClassificationModel;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Applies a saved model or pipeline to a table and writes the rows with their predictions. */
@Command(name = "predict", description = "Apply a saved model or pipeline to a table.")
final class PredictJob extends Job {
  @Mixin TableOptions table;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "PATH",
      description = "A saved model, or a saved pipeline that contains one.")
  String model;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "PATH",
      description = "Where to write the predictions, as Parquet.")
  String output;

  @Option(names = "--overwrite", description = "Replace what is at --output.")
  boolean overwrite;

  @Override
  void run(SparkSession spark) throws Exception {
    OutputPath.require(
        spark,
        "--output",
        output,
        overwrite,
        Map.of("--model", model, TableOptions.DATA, table.data()));
    Dataset<Row> predictions = load(spark).transform(table.read(spark));
    predictions
        .write()
        .mode(overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
        .parquet(output);
    out().println(spark.read().parquet(output).count() + " predictions written to " + output);
  }

  /** A pipeline's directory has its stages below it. */
  private Transformer load(SparkSession spark) {
    Path path = new Path(model);
    boolean pipeline;
    boolean saved;
    try {
      FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      saved = files.exists(new Path(path, "metadata"));
      pipeline = files.exists(new Path(path, "stages"));
    } catch (IOException e) {
      throw new JobException("--model: cannot reach " + model + ": " + e.getMessage(), e);
    }
    if (!saved) {
      throw new JobException(
          "--model: " + model + " holds no saved model (there is no metadata directory in it)");
    }
    return pipeline ? PipelineModel.load(model) : NeuralNetworkClassificationModel.load(model);
  }
}
