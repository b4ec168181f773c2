package io.kindling.spark.model;

import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.nn.Module;
import io.kindling.spark.feed.FeatureColumn;
import io.kindling.spark.resource.TaskResources;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Predicts the rows of a partition, a batch at a time.
 *
 * <p>A row's raw scores come from kernels whose order of addition may depend on the size of the
 * batch, so they are equal only within float32 rounding when the row meets other neighbours; the
 * same partitions give the same bits.
 */
final class ClassificationFunction implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Enough to keep the kernels busy, little enough to stay in cache for usual networks. */
  private static final int BATCH = 256;

  /** What the model's parts are called, and which columns it makes. */
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

  /**
   * @param network what to predict with; its weights are not kept
   * @param weights the weights, where tasks find them
   */
  ClassificationFunction(
      TrainedNetwork network,
      Broadcast<byte[]> weights,
      FeatureColumn features,
      Outputs outputs,
      String device) {
    this.digest = network.digest();
    this.description = network.withWeights(new byte[0]);
    this.weights = weights;
    this.features = features;
    this.outputs = outputs;
    this.device = device;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    TaskContext context = TaskContext.get();
    TaskResources.device(device);
    LoadedNetworks.Lease lease =
        LoadedNetworks.ofThisJvm()
            .acquire(digest, () -> description.withWeights(weights.value()).load());
    TaskCompletionListener release = task -> lease.close();
    context.addTaskCompletionListener(release);
    return new Predictions(rows, lease.network(), context);
  }

  private final class Predictions implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Module network;
    private final TaskContext context;
    private final float[] one = new float[features.width()];
    private final Deque<Row> ready = new ArrayDeque<>();
    private long index;

    Predictions(Iterator<Row> rows, Module network, TaskContext context) {
      this.rows = rows;
      this.network = network;
      this.context = context;
    }

    @Override
    public boolean hasNext() {
      if (ready.isEmpty() && rows.hasNext()) {
        predict();
      }
      return !ready.isEmpty();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    private void predict() {
      Row[] batch = new Row[BATCH];
      float[] values = new float[BATCH * one.length];
      int count = 0;
      while (count < BATCH && rows.hasNext()) {
        batch[count] = rows.next();
        features.read(batch[count], context.partitionId(), index++, one);
        System.arraycopy(one, 0, values, count * one.length, one.length);
        count++;
      }
      float[] scores = forward(Arrays.copyOf(values, count * one.length), count);
      int classes = scores.length / count;
      for (int i = 0; i < count; i++) {
        ready.add(extend(batch[i], Arrays.copyOfRange(scores, i * classes, (i + 1) * classes)));
      }
    }

    private float[] forward(float[] values, int count) {
      long[] sample = features.inputShape();
      long[] shape = new long[sample.length + 1];
      shape[0] = count;
      System.arraycopy(sample, 0, shape, 1, sample.length);
      try (Scope scope = Scope.open();
          var off = Autograd.noGrad();
          var threads = TaskResources.useThreads(context)) {
        Tensor input = Tensor.of(values, shape);
        // Convolutions run fastest with channels last; their outputs follow their input.
        Tensor fastest = shape.length == 4 ? input.contiguous(MemoryFormat.CHANNELS_LAST) : input;
        return network.forward(fastest).toFloatArray();
      }
    }

    private Row extend(Row row, float[] scores) {
      Object[] values = new Object[row.length() + outputs.count()];
      for (int i = 0; i < row.length(); i++) {
        values[i] = row.get(i);
      }
      int next = row.length();
      if (outputs.raw()) {
        values[next++] = Vectors.dense(toDoubles(scores));
      }
      if (outputs.probability()) {
        values[next++] = Vectors.dense(softmax(scores));
      }
      if (outputs.prediction()) {
        values[next] = (double) largest(scores);
      }
      return RowFactory.create(values);
    }
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
