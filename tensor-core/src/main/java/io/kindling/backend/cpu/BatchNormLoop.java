package io.kindling.backend.cpu;

import io.kindling.memory.OffHeap;
import io.kindling.op.norm.BatchNorm;
import io.kindling.op.norm.BatchNormBackward;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** Batch normalisation in double precision, one channel of the whole batch at a time. */
public final class BatchNormLoop {
  private final Walk walk;
  private final Layout[] layouts;
  private final Tensor[] tensors;
  private final int count;

  /** The tensors {@code (N, C, ...)} are read and written in the same order of elements. */
  private BatchNormLoop(Tensor... tensors) {
    this.tensors = tensors;
    Shape rest = tensors[0].shape().without(1);
    this.layouts = new Layout[tensors.length];
    for (int i = 0; i < layouts.length; i++) {
      long[] strides = tensors[i].layout().select(1, 0).strides();
      layouts[i] = Layout.strided(rest, strides, 0);
    }
    this.walk = Walk.over(rest, layouts);
    this.count = ArrayLength.of(rest.numel());
  }

  public static void forward(BatchNorm op, Tensor[] inputs, Tensor[] outputs) {
    if (inputs[0].numel() == 0) {
      copyStatistics(op, inputs, outputs);
      return;
    }
    BatchNormLoop loop = new BatchNormLoop(inputs[0], outputs[0]);
    double[] values = new double[loop.count];
    for (int c = 0; c < inputs[0].size(1); c++) {
      loop.load(0, c, values);
      double mean = op.training() ? mean(values) : at(inputs[3], c);
      double var = op.training() ? variance(values, mean) : at(inputs[4], c);
      double invStd = 1 / Math.sqrt(var + op.eps());
      double weight = at(inputs[1], c);
      double bias = at(inputs[2], c);
      for (int i = 0; i < values.length; i++) {
        values[i] = (values[i] - mean) * invStd * weight + bias;
      }
      loop.store(1, c, values);
      put(outputs[1], c, mean);
      put(outputs[2], c, invStd);
    }
  }

  /** An empty batch in evaluation. */
  private static void copyStatistics(BatchNorm op, Tensor[] inputs, Tensor[] outputs) {
    for (int c = 0; c < inputs[0].size(1); c++) {
      put(outputs[1], c, at(inputs[3], c));
      put(outputs[2], c, 1 / Math.sqrt(at(inputs[4], c) + op.eps()));
    }
  }

  public static void backward(BatchNormBackward op, Tensor[] inputs, Tensor[] outputs) {
    if (inputs[1].numel() == 0) {
      for (int i = 1; i < 3; i++) {
        OffHeap.zero(outputs[i].address(), outputs[i].numel() * outputs[i].dtype().bytes());
      }
      return;
    }
    BatchNormLoop loop = new BatchNormLoop(inputs[0], inputs[1], outputs[0]);
    double[] g = new double[loop.count];
    double[] z = new double[loop.count];
    for (int c = 0; c < inputs[1].size(1); c++) {
      loop.load(0, c, g);
      loop.load(1, c, z);
      double mean = at(inputs[3], c);
      double invStd = at(inputs[4], c);
      double sum = 0;
      double sumWithZ = 0;
      for (int i = 0; i < g.length; i++) {
        z[i] = (z[i] - mean) * invStd;
        sum += g[i];
        sumWithZ += g[i] * z[i];
      }
      double scale = at(inputs[2], c) * invStd;
      double shift = op.training() ? sum / g.length : 0;
      double slope = op.training() ? sumWithZ / g.length : 0;
      for (int i = 0; i < g.length; i++) {
        g[i] = scale * (g[i] - shift - z[i] * slope);
      }
      loop.store(2, c, g);
      put(outputs[1], c, sumWithZ);
      put(outputs[2], c, sum);
    }
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double variance(double[] values, double mean) {
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum / values.length;
  }

  private static double at(Tensor vector, int i) {
    return vector
        .dtype()
        .readDouble(vector.address() + i * vector.stride(0) * vector.dtype().bytes());
  }

  private static void put(Tensor vector, int i, double value) {
    vector
        .dtype()
        .writeDouble(vector.address() + i * vector.stride(0) * vector.dtype().bytes(), value);
  }

  private void load(int operand, long channel, double[] values) {
    move(operand, channel, values, true);
  }

  private void store(int operand, long channel, double[] values) {
    move(operand, channel, values, false);
  }

  private void move(int operand, long channel, double[] values, boolean load) {
    Tensor tensor = tensors[operand];
    long bytes = tensor.dtype().bytes();
    long base = tensor.address() + channel * tensor.stride(1) * bytes;
    long[] index = new long[walk.sizes.length];
    long[] offsets = new long[tensors.length];
    int length = (int) walk.rowLength();
    long stride = walk.rowStride(operand);
    for (int at = 0; at < count; at += length) {
      long address = base + offsets[operand] * bytes;
      if (load) {
        Blocks.load(tensor.dtype(), address, stride, values, at, length);
      } else {
        Blocks.store(values, at, tensor.dtype(), address, stride, length);
      }
      walk.advance(index, offsets);
    }
  }
}
