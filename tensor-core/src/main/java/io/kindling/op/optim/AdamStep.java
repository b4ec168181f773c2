package io.kindling.op.optim;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;

/**
 * One step of {@link io.kindling.optim.Adam} or {@link io.kindling.optim.AdamW}. State: the running
 * means of the gradient and of its square, and with AMSGrad the largest of the latter.
 *
 * @param decoupled whether weight decay shrinks the parameter instead of joining the gradient
 * @param step counted from 1, for the correction of the means' start at zero
 */
public record AdamStep(
    double learningRate,
    double beta1,
    double beta2,
    double eps,
    double weightDecay,
    boolean decoupled,
    boolean maximize,
    long step)
    implements UpdateOp {
  @Override
  public int leastInputs() {
    return 4;
  }

  @Override
  public int mostInputs() {
    return 5;
  }

  @Override
  public void floats(long[] inputs, int count) {
    if (inputs.length == 4) {
      floats(inputs[0], inputs[1], inputs[2], inputs[3], count);
    } else {
      floats(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], count);
    }
  }

  private void floats(long p, long g, long m, long v, int count) {
    float sign = maximize ? -1 : 1;
    float shrink = (float) shrink();
    float decay = (float) decay();
    float takeMean = (float) (1 - beta1);
    float keepSquare = (float) beta2;
    float takeSquare = (float) (1 - beta2);
    float rate = (float) rate();
    float root = (float) root();
    float floor = (float) eps;
    for (int i = 0; i < count; i++) {
      float x = getFloat(p + 4L * i);
      float d = sign * getFloat(g + 4L * i) + decay * x;
      float mean = getFloat(m + 4L * i);
      mean += takeMean * (d - mean);
      float square = keepSquare * getFloat(v + 4L * i) + takeSquare * d * d;
      putFloat(m + 4L * i, mean);
      putFloat(v + 4L * i, square);
      putFloat(p + 4L * i, shrink * x - rate * mean / ((float) Math.sqrt(square) / root + floor));
    }
  }

  private void floats(long p, long g, long m, long v, long most, int count) {
    float sign = maximize ? -1 : 1;
    float shrink = (float) shrink();
    float decay = (float) decay();
    float takeMean = (float) (1 - beta1);
    float keepSquare = (float) beta2;
    float takeSquare = (float) (1 - beta2);
    float rate = (float) rate();
    float root = (float) root();
    float floor = (float) eps;
    for (int i = 0; i < count; i++) {
      float x = getFloat(p + 4L * i);
      float d = sign * getFloat(g + 4L * i) + decay * x;
      float mean = getFloat(m + 4L * i);
      mean += takeMean * (d - mean);
      float square = keepSquare * getFloat(v + 4L * i) + takeSquare * d * d;
      float largest = Math.max(getFloat(most + 4L * i), square);
      putFloat(m + 4L * i, mean);
      putFloat(v + 4L * i, square);
      putFloat(most + 4L * i, largest);
      putFloat(p + 4L * i, shrink * x - rate * mean / ((float) Math.sqrt(largest) / root + floor));
    }
  }

  @Override
  public void doubles(long[] inputs, int count) {
    long p = inputs[0];
    long g = inputs[1];
    long m = inputs[2];
    long v = inputs[3];
    // Without AMSGrad the largest square is the present one.
    long most = inputs.length > 4 ? inputs[4] : v;
    double sign = maximize ? -1 : 1;
    double shrink = shrink();
    double decay = decay();
    double rate = rate();
    double root = root();
    for (int i = 0; i < count; i++) {
      double x = getDouble(p + 8L * i);
      double d = sign * getDouble(g + 8L * i) + decay * x;
      double mean = getDouble(m + 8L * i);
      mean += (1 - beta1) * (d - mean);
      double square = beta2 * getDouble(v + 8L * i) + (1 - beta2) * d * d;
      putDouble(m + 8L * i, mean);
      putDouble(v + 8L * i, square);
      double largest = Math.max(getDouble(most + 8L * i), square);
      putDouble(most + 8L * i, largest);
      putDouble(p + 8L * i, shrink * x - rate * mean / (Math.sqrt(largest) / root + eps));
    }
  }

  private double shrink() {
    return decoupled ? 1 - learningRate * weightDecay : 1;
  }

  private double decay() {
    return decoupled ? 0 : weightDecay;
  }

  private double rate() {
    return learningRate / (1 - Math.pow(beta1, step));
  }

  private double root() {
    return Math.sqrt(1 - Math.pow(beta2, step));
  }
}
