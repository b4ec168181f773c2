package io.kindling.spark.estimator;

import io.kindling.spark.model.NeuralNetworkClassificationModel;
import io.kindling.spark.model.TrainedNetwork;
import io.kindling.spark.param.ClassificationSchema;
import io.kindling.spark.param.NetworkParamSet;
import io.kindling.spark.param.NetworkParams;
import io.kindling.spark.persist.EstimatorReader;
import io.kindling.spark.persist.EstimatorWriter;
import io.kindling.spark.resource.ClusterSlots;
import io.kindling.spark.train.BarrierTraining;
import io.kindling.spark.train.ColumnNames;
import io.kindling.spark.train.TrainingConfig;
import io.kindling.spark.train.TrainingResult;
import java.util.Arrays;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Trains a neural network to tell classes apart.
 *
 * <pre>{@code
 * NeuralNetworkClassificationModel model =
 *     new NeuralNetworkClassifier()
 *         .setNetwork("{\"layers\": [{\"type\": \"Linear\", \"outFeatures\": 10}]}")
 *         .setNumWorkers(2)
 *         .fit(rows);
 * }</pre>
 *
 * <p>Features are a column of vectors, of arrays of numbers, or of numbers, without nulls, NaN or
 * infinities; labels are 0, 1, ..., K-1, where K is the width of the network's output. The network
 * ends without softmax: training minimises the cross entropy of its raw outputs.
 *
 * <p>{@code numWorkers} tasks of one barrier stage keep the rows on local disk and all-reduce their
 * gradients after every step. A dataset of {@code numWorkers} partitions is learned where it is, a
 * partition a task, which is fastest; the rows of others are dealt to the tasks in turn. The same
 * seed, number of workers, and rows in the same partitions and order give the same weights bit for
 * bit. Where rows of a kind lie together and the network has batch normalisation, call {@code
 * repartition} first.
 */
public final class NeuralNetworkClassifier extends Estimator<NeuralNetworkClassificationModel>
    implements NetworkParams, MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final NetworkParamSet paramSet;

  public NeuralNetworkClassifier() {
    this(Identifiable$.MODULE$.randomUID("nnClassifier"));
  }

  public NeuralNetworkClassifier(String uid) {
    this.uid = uid;
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

  /** Sets the network's JSON: {@code {"layers": [...]}} or {@code {"class": ..., "args": ...}}. */
  public NeuralNetworkClassifier setNetwork(String value) {
    set(network(), value);
    return this;
  }

  /** Sets the shape of one row's features: {@code setInputShape(1, 28, 28)} for grey images. */
  public NeuralNetworkClassifier setInputShape(int... value) {
    set(inputShape(), value);
    return this;
  }

  public NeuralNetworkClassifier setFeaturesCol(String value) {
    set(featuresCol(), value);
    return this;
  }

  public NeuralNetworkClassifier setLabelCol(String value) {
    set(labelCol(), value);
    return this;
  }

  public NeuralNetworkClassifier setPredictionCol(String value) {
    set(predictionCol(), value);
    return this;
  }

  public NeuralNetworkClassifier setProbabilityCol(String value) {
    set(probabilityCol(), value);
    return this;
  }

  public NeuralNetworkClassifier setRawPredictionCol(String value) {
    set(rawPredictionCol(), value);
    return this;
  }

  public NeuralNetworkClassifier setValidationIndicatorCol(String value) {
    set(validationIndicatorCol(), value);
    return this;
  }

  public NeuralNetworkClassifier setBatchSize(int value) {
    set(batchSize(), value);
    return this;
  }

  public NeuralNetworkClassifier setMaxEpochs(int value) {
    set(maxEpochs(), value);
    return this;
  }

  public NeuralNetworkClassifier setLearningRate(double value) {
    set(learningRate(), value);
    return this;
  }

  public NeuralNetworkClassifier setOptimizer(String value) {
    set(optimizer(), value);
    return this;
  }

  public NeuralNetworkClassifier setWeightDecay(double value) {
    set(weightDecay(), value);
    return this;
  }

  public NeuralNetworkClassifier setSeed(long value) {
    set(seed(), value);
    return this;
  }

  public NeuralNetworkClassifier setNumWorkers(int value) {
    set(numWorkers(), value);
    return this;
  }

  public NeuralNetworkClassifier setDevice(String value) {
    set(device(), value);
    return this;
  }

  /** Sets {@code float32} or {@code bfloat16}, with which only weights and losses are float32. */
  public NeuralNetworkClassifier setPrecision(String value) {
    set(precision(), value);
    return this;
  }

  /**
   * The schema with the model's columns.
   *
   * @throws io.kindling.KindlingException for whatever is wrong with Params and columns and shows
   *     without a row: the network too, where they say the shape of its input
   */
  @Override
  public StructType transformSchema(StructType schema) {
    StructType output = ClassificationSchema.forTraining(this, schema);
    NetworkTraits.check(
        this, ClassificationSchema.inputShape(this, schema), schema.apply(getLabelCol()));
    return output;
  }

  @Override
  public NeuralNetworkClassificationModel fit(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    transformSchema(schema);
    ClusterSlots.require(dataset.sparkSession().sparkContext(), getNumWorkers());
    String validation = isDefined(validationIndicatorCol()) ? getValidationIndicatorCol() : null;
    ColumnNames columns = new ColumnNames(getFeaturesCol(), getLabelCol(), validation);
    Dataset<Row> rows = columns.select(dataset);
    long[] shape =
        ClassificationSchema.inputShape(this, schema)
            .orElseGet(() -> InputShape.infer(rows, getFeaturesCol()));
    NetworkTraits traits = NetworkTraits.of(this, shape, schema.apply(getLabelCol()));

    TrainingConfig config =
        new TrainingConfig(
            getNetwork(),
            shape,
            traits.classes(),
            getBatchSize(),
            getMaxEpochs(),
            getLearningRate(),
            getOptimizer(),
            getWeightDecay(),
            getSeed(),
            getNumWorkers(),
            getDevice(),
            getPrecision(),
            traits.inputType());
    TrainingResult result = BarrierTraining.run(rows, columns, config);

    TrainedNetwork trained =
        new TrainedNetwork(getNetwork(), shape, traits.classes(), result.weights());
    NeuralNetworkClassificationModel model =
        copyValues(
            new NeuralNetworkClassificationModel(uid, trained, result.history()), ParamMap.empty());
    model.set(model.inputShape(), Arrays.stream(shape).mapToInt(Math::toIntExact).toArray());
    return model.setParent(this);
  }

  @Override
  public NeuralNetworkClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public MLWriter write() {
    return new EstimatorWriter(this);
  }

  /** A reader of saved estimators. */
  public static MLReader<NeuralNetworkClassifier> read() {
    return new EstimatorReader<>(NeuralNetworkClassifier.class, NeuralNetworkClassifier::new);
  }

  /** Loads a saved estimator from any Hadoop path. */
  public static NeuralNetworkClassifier load(String path) {
    return read().load(path);
  }
}
