package io.kindling.op.optim;

import static io.kindling.memory.OffHeap.getDouble;
import static io.kindling.memory.OffHeap.getFloat;
import static io.kindling.memory.OffHeap.putDouble;
import static io.kindling.memory.OffHeap.putFloat;

/**
 * One step of {@link io.kindling.optim.SGD}. State: the momentum's buffer, or none.
 *
 * @param first whether the buffer holds nothing yet
 */
public record SgdStep(
    double learningRate,
    double momentum,
    double dampening,
    double weightDecay,
    boolean nesterov,
    boolean maximize,
    boolean first)
    implements UpdateOp {
  @Override
  public void floats(long[] inputs, long count) {
    long p = inputs[0];
    long g = inputs[1];
    float rate = (float) learningRate;
    float sign = maximize ? -1 : 1;
    float decay = (float) weightDecay;
    if (inputs.length == 2) {
      for (long i = 0; i < count; i++) {
        float x = getFloat(p + 4 * i);
        putFloat(p + 4 * i, x - rate * (sign * getFloat(g + 4 * i) + decay * x));
      }
      return;
    }
    long b = inputs[2];
    float keep = first ? 0 : (float) momentum;
    float take = first ? 1 : (float) (1 - dampening);
    float ahead = nesterov ? (float) momentum : 1;
    float straight = nesterov ? 1 : 0;
    for (long i = 0; i < count; i++) {
      float x = getFloat(p + 4 * i);
      float d = sign * getFloat(g + 4 * i) + decay * x;
      float v = keep * getFloat(b + 4 * i) + take * d;
      putFloat(b + 4 * i, v);
      putFloat(p + 4 * i, x - rate * (straight * d + ahead * v));
    }
  }

  @Override
  public void doubles(long[] inputs, long count) {
    long p = inputs[0];
    long g = inputs[1];
    double sign = maximize ? -1 : 1;
    if (inputs.length == 2) {
      for (long i = 0; i < count; i++) {
        double x = getDouble(p + 8 * i);
        double d = sign * getDouble(g + 8 * i) + weightDecay * x;
        putDouble(p + 8 * i, x - learningRate * d);
      }
      return;
    }
    long b = inputs[2];
    double keep = first ? 0 : momentum;
    double take = first ? 1 : 1 - dampening;
    double ahead = nesterov ? momentum : 1;
    double straight = nesterov ? 1 : 0;
    for (long i = 0; i < count; i++) {
      double x = getDouble(p + 8 * i);
      double d = sign * getDouble(g + 8 * i) + weightDecay * x;
      double v = keep * getDouble(b + 8 * i) + take * d;
      putDouble(b + 8 * i, v);
      putDouble(p + 8 * i, x - learningRate * (straight * d + ahead * v));
    }
  }
}
