package io.kindling.jobs.report;

import java.io.PrintWriter;
import java.util.Locale;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.mllib.evaluation.MulticlassMetrics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Accuracy, precision, recall and F1 of predictions, for each class and weighted, with the
 * confusions.
 */
public final class ClassificationReport {
  private static final int CLASSES_SHOWN = 20;

  private final MulticlassMetrics metrics;

  /** Evaluates a prediction column against a label column. */
  public ClassificationReport(Dataset<Row> predictions, String predictionCol, String labelCol) {
    this.metrics =
        new MulticlassMetrics(
            predictions.select(
                functions.col(predictionCol).cast("double"),
                functions.col(labelCol).cast("double")));
  }

  /** Whether there was a prediction. */
  public boolean isEmpty() {
    return metrics.labels().length == 0;
  }

  /** The part of right predictions; NaN if there are none at all. */
  public double accuracy() {
    return metrics.accuracy();
  }

  public void print(PrintWriter out) {
    double[] labels = metrics.labels();
    if (labels.length <= CLASSES_SHOWN) {
      printConfusions(out, labels);
    }
    out.printf("%10s  %9s  %9s  %9s%n", "class", "precision", "recall", "F1");
    for (double label : labels) {
      if (labels.length <= CLASSES_SHOWN) {
        row(
            out,
            name(label),
            metrics.precision(label),
            metrics.recall(label),
            metrics.fMeasure(label));
      }
    }
    row(
        out,
        "weighted",
        metrics.weightedPrecision(),
        metrics.weightedRecall(),
        metrics.weightedFMeasure());
  }

  private void printConfusions(PrintWriter out, double[] labels) {
    Matrix counts = metrics.confusionMatrix().asML();
    out.println("confusion matrix (a row for each true class, a column for each predicted one)");
    out.printf("%10s", "");
    for (double label : labels) {
      out.printf(" %5s", name(label));
    }
    out.println();
    for (int i = 0; i < labels.length; i++) {
      out.printf("%10s", name(labels[i]));
      for (int j = 0; j < labels.length; j++) {
        long count = (long) counts.apply(i, j);
        out.printf(" %5s", count == 0 ? "." : Long.toString(count));
      }
      out.println();
    }
  }

  private static void row(PrintWriter out, String name, double... values) {
    out.printf(Locale.ROOT, "%10s  %9.4f  %9.4f  %9.4f%n", name, values[0], values[1], values[2]);
  }

  private static String name(double label) {
    return label == Math.rint(label) ? Long.toString((long) label) : Double.toString(label);
  }
}
