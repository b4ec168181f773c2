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
  public void floats(long[] inputs, long count) {
    long p = inputs[0];
    long g = inputs[1];
    long m = inputs[2];
    long v = inputs[3];
    // Without AMSGrad the "largest" is the mean itself.
    long most = inputs.length > 4 ? inputs[4] : v;
    float sign = maximize ? -1 : 1;
    float shrink = decoupled ? (float) (1 - learningRate * weightDecay) : 1;
    float decay = decoupled ? 0 : (float) weightDecay;
    float takeMean = (float) (1 - beta1);
    float keepSquare = (float) beta2;
    float takeSquare = (float) (1 - beta2);
    float rate = (float) (learningRate / (1 - Math.pow(beta1, step)));
    float root = (float) Math.sqrt(1 - Math.pow(beta2, step));
    float floor = (float) eps;
    for (long at = 0; at < 4 * count; at += 4) {
      float x = getFloat(p + at);
      float d = sign * getFloat(g + at) + decay * x;
      float mean = getFloat(m + at);
      mean += takeMean * (d - mean);
      float square = keepSquare * getFloat(v + at) + takeSquare * d * d;
      putFloat(m + at, mean);
      putFloat(v + at, square);
      float largest = Math.max(getFloat(most + at), square);
      putFloat(most + at, largest);
      float divisor = (float) Math.sqrt(largest) / root + floor;
      putFloat(p + at, shrink * x - rate * mean / divisor);
    }
  }

  @Override
  public void doubles(long[] inputs, long count) {
    long p = inputs[0];
    long g = inputs[1];
    long m = inputs[2];
    long v = inputs[3];
    long most = inputs.length > 4 ? inputs[4] : v;
    double sign = maximize ? -1 : 1;
    double shrink = decoupled ? 1 - learningRate * weightDecay : 1;
    double decay = decoupled ? 0 : weightDecay;
    double rate = learningRate / (1 - Math.pow(beta1, step));
    double root = Math.sqrt(1 - Math.pow(beta2, step));
    for (long at = 0; at < 8 * count; at += 8) {
      double x = getDouble(p + at);
      double d = sign * getDouble(g + at) + decay * x;
      double mean = getDouble(m + at);
      mean += (1 - beta1) * (d - mean);
      double square = beta2 * getDouble(v + at) + (1 - beta2) * d * d;
      putDouble(m + at, mean);
      putDouble(v + at, square);
      double largest = Math.max(getDouble(most + at), square);
      putDouble(most + at, largest);
      putDouble(p + at, shrink * x - rate * mean / (Math.sqrt(largest) / root + eps));
    }
  }
}
