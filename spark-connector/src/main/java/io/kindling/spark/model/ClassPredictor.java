package io.kindling.spark.model;

import io.kindling.amp.Autocast;
import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.nn.Module;
import io.kindling.spark.catalyst.RowPredictor;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.resource.ExecutorMemory;
import io.kindling.spark.resource.Precision;
import io.kindling.spark.resource.TaskResources;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Predicts the rows of a partition, a batch at a time.
 *
 * <p>A row's raw scores come from kernels whose order of addition may depend on the size of the
 * batch, so they are equal only within float32 rounding when the row meets other neighbours; the
 * same partitions give the same bits.
 */
final class ClassPredictor implements RowPredictor {
  private static final long serialVersionUID = 1L;

  /** Enough to keep the kernels busy, little enough to stay in cache for usual networks. */
  private static final int MOST_ROWS = 256;

  private static final long MOST_BYTES = 16 << 20;

  /** Which columns there will be, in this order. */
  record Outputs(boolean raw, boolean probability, boolean prediction) implements Serializable {
    int count() {
      return (raw ? 1 : 0) + (probability ? 1 : 0) + (prediction ? 1 : 0);
    }
  }

  private final String digest;
  private final TrainedNetwork description;
  private final Broadcast<byte[]> weights;
  private final FeatureColumn features;
  private final Outputs outputs;
  private final String device;
  private final String precision;

  /**
   * @param network what to predict with; its weights are not kept
   * @param weights the weights, where tasks find them
   */
  ClassPredictor(
      TrainedNetwork network,
      Broadcast<byte[]> weights,
      FeatureColumn features,
      Outputs outputs,
      String device,
      String precision) {
    this.digest = network.digest();
    this.description = network.withWeights(new byte[0]);
    this.weights = weights;
    this.features = features;
    this.outputs = outputs;
    this.device = device;
    this.precision = precision;
  }

  @Override
  public Iterator<Predicted> predict(Iterator<InternalRow> rows, int ordinal, int partition) {
    TaskContext context = TaskContext.get();
    ExecutorMemory.limit();
    Precision types = Precision.of(precision, TaskResources.device(device));
    LoadedNetworks.Lease lease =
        LoadedNetworks.ofThisJvm()
            .acquire(digest, () -> description.withWeights(weights.value()).load());
    TaskCompletionListener release = task -> lease.close();
    context.addTaskCompletionListener(release);
    return new Predictions(rows, features.at(ordinal), partition, lease.network(), types, context);
  }

  /** Equal for the same network, input and columns: such predictions are the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ClassPredictor that
        && digest.equals(that.digest)
        && features.equals(that.features)
        && outputs.equals(that.outputs)
        && device.equals(that.device)
        && precision.equals(that.precision);
  }

  @Override
  public int hashCode() {
    return Objects.hash(digest, features, outputs, device, precision);
  }

  @Override
  public String toString() {
    return "classes of " + features + " by network " + digest.substring(0, 8);
  }

  /** Takes in a batch of rows, then hands them out one by one with what was predicted. */
  private final class Predictions implements Iterator<Predicted> {
    private final Iterator<InternalRow> rows;
    private final FeatureColumn column;
    private final int partition;
    private final Module network;
    private final Precision types;
    private final TaskContext context;
    private final InternalRow[] batch;
    private final float[] one;
    private final float[] values;
    private final UserDefinedType<Vector> vector = vectorType();
    private final GenericInternalRow added = new GenericInternalRow(outputs.count());
    private float[] scores;
    private int count;
    private int next;
    private long index;

    Predictions(
        Iterator<InternalRow> rows,
        FeatureColumn column,
        int partition,
        Module network,
        Precision types,
        TaskContext context) {
      this.rows = rows;
      this.column = column;
      this.partition = partition;
      this.network = network;
      this.types = types;
      this.context = context;
      int width = column.width();
      this.batch =
          new InternalRow[(int) Math.max(1, Math.min(MOST_ROWS, MOST_BYTES / Float.BYTES / width))];
      this.one = new float[width];
      this.values = new float[batch.length * width];
    }

    @Override
    public boolean hasNext() {
      if (next == count && rows.hasNext()) {
        predict();
      }
      return next < count;
    }

    @Override
    public Predicted next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      int classes = scores.length / count;
      add(Arrays.copyOfRange(scores, next * classes, (next + 1) * classes));
      return new Predicted(batch[next++], added);
    }

    private void predict() {
      count = 0;
      next = 0;
      while (count < batch.length && rows.hasNext()) {
        InternalRow row = rows.next();
        column.read(row, partition, index++, one);
        System.arraycopy(one, 0, values, count * one.length, one.length);
        batch[count++] = row.copy();
      }
      scores = forward();
    }

    private float[] forward() {
      long[] sample = column.inputShape();
      long[] shape = new long[sample.length + 1];
      shape[0] = count;
      System.arraycopy(sample, 0, shape, 1, sample.length);
      boolean full = count == batch.length;
      try (Scope scope = Scope.open();
          var off = Autograd.noGrad();
          var threads = TaskResources.useThreads(context);
          Autocast region = types.region()) {
        Tensor input = Tensor.of(full ? values : Arrays.copyOf(values, count * one.length), shape);
        // Convolutions run fastest with channels last; their outputs follow their input.
        Tensor fastest = shape.length == 4 ? input.contiguous(MemoryFormat.CHANNELS_LAST) : input;
        return network.forward(fastest).toFloatArray();
      }
    }

    private void add(float[] row) {
      int place = 0;
      if (outputs.raw()) {
        added.update(place++, vector.serialize(Vectors.dense(toDoubles(row))));
      }
      if (outputs.probability()) {
        added.update(place++, vector.serialize(Vectors.dense(softmax(row))));
      }
      if (outputs.prediction()) {
        added.update(place, (double) largest(row));
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static UserDefinedType<Vector> vectorType() {
    return (UserDefinedType<Vector>) SQLDataTypes.VectorType();
  }

  private static double[] toDoubles(float[] scores) {
    double[] values = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      values[i] = scores[i];
    }
    return values;
  }

  private static double[] softmax(float[] scores) {
    double largest = scores[largest(scores)];
    double[] values = new double[scores.length];
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      values[i] = Math.exp(scores[i] - largest);
      sum += values[i];
    }
    for (int i = 0; i < scores.length; i++) {
      values[i] /= sum;
    }
    return values;
  }

  private static int largest(float[] scores) {
    int largest = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
