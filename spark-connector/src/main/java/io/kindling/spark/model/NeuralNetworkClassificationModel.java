package io.kindling.spark.model;

import io.kindling.spark.catalyst.Predict;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.model.ClassPredictor.Outputs;
import io.kindling.spark.param.ClassificationSchema;
import io.kindling.spark.param.NetworkParamSet;
import io.kindling.spark.param.NetworkParams;
import io.kindling.spark.persist.ModelReader;
import io.kindling.spark.persist.ModelWriter;
import io.kindling.spark.train.EpochResult;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A trained classifier. {@link #transform} adds up to three columns: {@code rawPredictionCol}
 * (vector of the network's outputs), {@code probabilityCol} (vector, their softmax) and {@code
 * predictionCol} (double, the number of the largest); a column whose name is set to the empty
 * string is left out. It works on batch and streaming DataFrames.
 *
 * <p>The weights travel to each executor once, as a broadcast, and all its tasks share one network.
 */
public final class NeuralNetworkClassificationModel extends Model<NeuralNetworkClassificationModel>
    implements NetworkParams, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final NetworkParamSet paramSet;
  private final TrainedNetwork network;
  private final List<EpochResult> history;

  /** What tasks read the weights from, and the application it lives in. */
  private transient Broadcast<byte[]> shipped;

  private transient String shippedIn;

  /** A model without weights, as Spark makes one to look at its Params. */
  public NeuralNetworkClassificationModel(String uid) {
    this(uid, null, List.of());
  }

  /**
   * @param network the trained network
   * @param history one entry an epoch; empty for a loaded model
   */
  public NeuralNetworkClassificationModel(
      String uid, TrainedNetwork network, List<EpochResult> history) {
    this.uid = uid;
    this.network = network;
    this.history = List.copyOf(history);
    this.paramSet = NetworkParamSet.declare(this);
    paramSet.setDefaults(this);
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public NetworkParamSet paramSet() {
    return paramSet;
  }

  /** How many classes the network tells apart. */
  public int numClasses() {
    return trained().numClasses();
  }

  /** The network and its weights. */
  public TrainedNetwork trained() {
    if (network == null) {
      throw new IllegalStateException(
          "model " + uid + " has no weights; get one from fit() or load()");
    }
    return network;
  }

  /** Whether training left a history: a loaded model has none. */
  public boolean hasHistory() {
    return !history.isEmpty();
  }

  /** How training went, one entry an epoch. */
  public List<EpochResult> history() {
    return history;
  }

  public NeuralNetworkClassificationModel setFeaturesCol(String value) {
    set(featuresCol(), value);
    return this;
  }

  public NeuralNetworkClassificationModel setPredictionCol(String value) {
    set(predictionCol(), value);
    return this;
  }

  public NeuralNetworkClassificationModel setProbabilityCol(String value) {
    set(probabilityCol(), value);
    return this;
  }

  public NeuralNetworkClassificationModel setRawPredictionCol(String value) {
    set(rawPredictionCol(), value);
    return this;
  }

  public NeuralNetworkClassificationModel setDevice(String value) {
    set(device(), value);
    return this;
  }

  public NeuralNetworkClassificationModel setPrecision(String value) {
    set(precision(), value);
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return ClassificationSchema.forPrediction(this, schema);
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType input = dataset.schema();
    StructType output = transformSchema(input);
    Outputs outputs =
        new Outputs(
            !getRawPredictionCol().isEmpty(),
            !getProbabilityCol().isEmpty(),
            !getPredictionCol().isEmpty());
    if (outputs.count() == 0) {
      return dataset.toDF();
    }
    FeatureColumn features = FeatureColumn.of(input, getFeaturesCol(), trained().inputShape());
    ClassPredictor predictor =
        new ClassPredictor(
            trained(),
            ship(dataset.sparkSession().sparkContext()),
            features,
            outputs,
            getDevice(),
            getPrecision());
    List<StructField> added = Arrays.asList(output.fields()).subList(input.size(), output.size());
    return Predict.columns(dataset.toDF(), predictor, input.fieldIndex(getFeaturesCol()), added);
  }

  private synchronized Broadcast<byte[]> ship(SparkContext context) {
    if (shipped == null || !context.applicationId().equals(shippedIn)) {
      shipped = JavaSparkContext.fromSparkContext(context).broadcast(trained().weights());
      shippedIn = context.applicationId();
    }
    return shipped;
  }

  @Override
  public NeuralNetworkClassificationModel copy(ParamMap extra) {
    NeuralNetworkClassificationModel copy =
        copyValues(new NeuralNetworkClassificationModel(uid, network, history), extra);
    return copy.setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new ModelWriter(this, trained());
  }

  /** A reader of saved models. */
  public static MLReader<NeuralNetworkClassificationModel> read() {
    return new ModelReader<>(
        NeuralNetworkClassificationModel.class,
        (uid, network) -> new NeuralNetworkClassificationModel(uid, network, List.of()));
  }

  /** Loads a saved model from any Hadoop path. */
  public static NeuralNetworkClassificationModel load(String path) {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "NeuralNetworkClassificationModel: uid="
        + uid
        + (network == null ? "" : ", numClasses=" + numClasses());
  }
}
