package io.kindling.spark.param;

import io.kindling.spark.resource.Precision;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import scala.Function1;

/** The Params of one estimator or model: what each is called, means and allows. */
public final class NetworkParamSet implements Serializable {
  private static final long serialVersionUID = 1L;

  static final List<String> OPTIMIZERS = List.of("sgd", "adam", "adamw");
  static final List<String> DEVICES = List.of("auto", "cpu", "cuda");

  final Param<String> network;
  final IntArrayParam inputShape;
  final Param<String> featuresCol;
  final Param<String> labelCol;
  final Param<String> predictionCol;
  final Param<String> probabilityCol;
  final Param<String> rawPredictionCol;
  final Param<String> validationIndicatorCol;
  final IntParam batchSize;
  final IntParam maxEpochs;
  final DoubleParam learningRate;
  final Param<String> optimizer;
  final DoubleParam weightDecay;
  final LongParam seed;
  final IntParam numWorkers;
  final Param<String> device;
  final Param<String> precision;

  /** Declares the Params of {@code parent}; {@link #setDefaults} follows. */
  public static NetworkParamSet declare(NetworkParams parent) {
    return new NetworkParamSet(parent);
  }

  private NetworkParamSet(NetworkParams parent) {
    network =
        new Param<>(
            parent,
            "network",
            "the network as JSON: {\"layers\": [{\"type\": \"Linear\", \"outFeatures\": 10}, ...]}"
                + " or {\"class\": \"com.acme.Net\", \"args\": {...}}",
            check("network", "a network's JSON", text -> !text.isBlank()));
    inputShape =
        new IntArrayParam(
            parent,
            "inputShape",
            "the shape of one row's features, [channels, height, width] for an image; by default"
                + " the length of the features vector",
            check(
                "inputShape",
                "one size or more, each of at least 1, with a product below 2^31",
                NetworkParamSet::isShape));
    featuresCol =
        column(parent, "featuresCol", "column of vectors, arrays of numbers or numbers to learn");
    labelCol = column(parent, "labelCol", "column of class numbers 0, 1, ..., K-1");
    predictionCol = output(parent, "predictionCol", "column for the number of the likeliest class");
    probabilityCol = output(parent, "probabilityCol", "column for the classes' probabilities");
    rawPredictionCol =
        output(parent, "rawPredictionCol", "column for the network's output, before softmax");
    validationIndicatorCol =
        column(
            parent,
            "validationIndicatorCol",
            "boolean column; rows where it is true are not learned but measured after each epoch");
    batchSize =
        new IntParam(
            parent,
            "batchSize",
            "rows of one training step, of all workers together",
            atLeastOne("batchSize"));
    maxEpochs =
        new IntParam(
            parent,
            "maxEpochs",
            "how often training goes through the rows",
            atLeastOne("maxEpochs"));
    learningRate =
        new DoubleParam(
            parent,
            "learningRate",
            "the optimizer's step size",
            check(
                "learningRate",
                "a finite number above 0",
                rate -> (double) rate > 0 && (double) rate <= Double.MAX_VALUE));
    optimizer =
        new Param<>(
            parent,
            "optimizer",
            "how weights follow their gradients, one of " + OPTIMIZERS,
            oneOf("optimizer", OPTIMIZERS));
    weightDecay =
        new DoubleParam(
            parent,
            "weightDecay",
            "how strongly weights are pulled to zero (L2; decoupled with adamw)",
            check(
                "weightDecay",
                "a finite number of at least 0",
                decay -> (double) decay >= 0 && (double) decay <= Double.MAX_VALUE));
    seed =
        new LongParam(
            parent,
            "seed",
            "seed of initial weights, order of rows and dropout; with the same rows in the same"
                + " partitions, workers and kernels it gives the same bits");
    numWorkers =
        new IntParam(
            parent,
            "numWorkers",
            "tasks that train together; the cluster must run so many at once, and a dataset of as"
                + " many partitions need not be shuffled",
            atLeastOne("numWorkers"));
    device =
        new Param<>(
            parent,
            "device",
            "where tensors are, one of "
                + DEVICES
                + "; auto is cuda where a task has a GPU, cpu elsewhere",
            oneOf("device", DEVICES));
    List<String> precisions = Precision.names();
    precision =
        new Param<>(
            parent,
            "precision",
            "in what type the network runs, one of "
                + precisions
                + "; with bfloat16 weights, losses and sums of gradients stay float32, and so does"
                + " all where the processor is not faster with it",
            oneOf("precision", precisions));
  }

  /**
   * Sets the defaults. To be called once {@link NetworkParams#paramSet} gives this set, as Spark
   * asks the parent for its Params.
   */
  public void setDefaults(NetworkParams parent) {
    parent.setDefault(featuresCol, "features");
    parent.setDefault(labelCol, "label");
    parent.setDefault(predictionCol, "prediction");
    parent.setDefault(probabilityCol, "probability");
    parent.setDefault(rawPredictionCol, "rawPrediction");
    parent.setDefault(batchSize, 128);
    parent.setDefault(maxEpochs, 10);
    parent.setDefault(learningRate, 1e-3);
    parent.setDefault(optimizer, "adam");
    parent.setDefault(weightDecay, 0.0);
    parent.setDefault(seed, 42L);
    parent.setDefault(numWorkers, 1);
    parent.setDefault(device, "auto");
    parent.setDefault(precision, Precision.FLOAT32.toString());
  }

  private static Param<String> column(NetworkParams parent, String name, String doc) {
    return new Param<>(parent, name, doc, check(name, "a column's name", text -> !text.isEmpty()));
  }

  private static Param<String> output(NetworkParams parent, String name, String doc) {
    return new Param<>(
        parent,
        name,
        doc + "; none if empty",
        check(name, "a column's name, or \"\" for no such column", text -> true));
  }

  private static boolean isShape(int[] sizes) {
    long elements = 1;
    for (int size : sizes) {
      if (size < 1) {
        return false;
      }
      elements = elements * size;
      if (elements > Integer.MAX_VALUE) {
        return false;
      }
    }
    return sizes.length > 0;
  }

  private static <T> Function1<T, Object> atLeastOne(String name) {
    return check(name, "a whole number of at least 1", (T number) -> (int) number >= 1);
  }

  private static Function1<String, Object> oneOf(String name, List<String> values) {
    return check(name, "one of " + String.join(", ", values), values::contains);
  }

  /**
   * A check that travels with its Param when an estimator is serialized. It says itself what is
   * wrong and what would be right; Spark, if told no more than false, says the former only.
   *
   * @param expected what the Param may be
   * @param holds whether it is; not asked about null, which is nothing that a Param may be
   */
  @SuppressWarnings("unchecked")
  private static <T> Function1<T, Object> check(
      String name, String expected, SerializablePredicate<T> holds) {
    return (Function1<T, Object> & Serializable)
        value -> {
          if (value == null || !holds.test(value)) {
            throw new ParamException(name + " is " + text(value) + ", expected " + expected);
          }
          return true;
        };
  }

  private static String text(Object value) {
    if (value instanceof int[] sizes) {
      return Arrays.toString(sizes);
    }
    return value instanceof String text ? "'" + text + "'" : String.valueOf(value);
  }

  private interface SerializablePredicate<T> extends Predicate<T>, Serializable {}
}
