package io.kindling.op.optim;

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
  public int leastInputs() {
    return 2;
  }

  @Override
  public int mostInputs() {
    return 3;
  }

  @Override
  public void floats(float[][] values, int count) {
    if (values.length == 2) {
      step(values[0], values[1], count);
    } else {
      step(values[0], values[1], values[2], count);
    }
  }

  private void step(float[] p, float[] g, int count) {
    float rate = (float) learningRate;
    float sign = maximize ? -1 : 1;
    float decay = (float) weightDecay;
    for (int i = 0; i < count; i++) {
      p[i] -= rate * (sign * g[i] + decay * p[i]);
    }
  }

  private void step(float[] p, float[] g, float[] buffer, int count) {
    float rate = (float) learningRate;
    float sign = maximize ? -1 : 1;
    float decay = (float) weightDecay;
    float keep = first ? 0 : (float) momentum;
    float take = first ? 1 : (float) (1 - dampening);
    float ahead = nesterov ? (float) momentum : 1;
    float straight = nesterov ? 1 : 0;
    for (int i = 0; i < count; i++) {
      float d = sign * g[i] + decay * p[i];
      float v = keep * buffer[i] + take * d;
      buffer[i] = v;
      p[i] -= rate * (straight * d + ahead * v);
    }
  }

  @Override
  public void doubles(double[][] values, int count) {
    if (values.length == 2) {
      step(values[0], values[1], count);
    } else {
      step(values[0], values[1], values[2], count);
    }
  }

  private void step(double[] p, double[] g, int count) {
    double rate = learningRate;
    double sign = maximize ? -1 : 1;
    double decay = weightDecay;
    for (int i = 0; i < count; i++) {
      p[i] -= rate * (sign * g[i] + decay * p[i]);
    }
  }

  private void step(double[] p, double[] g, double[] buffer, int count) {
    double rate = learningRate;
    double sign = maximize ? -1 : 1;
    double decay = weightDecay;
    double keep = first ? 0 : momentum;
    double take = first ? 1 : (1 - dampening);
    double ahead = nesterov ? momentum : 1;
    double straight = nesterov ? 1 : 0;
    for (int i = 0; i < count; i++) {
      double d = sign * g[i] + decay * p[i];
      double v = keep * buffer[i] + take * d;
      buffer[i] = v;
      p[i] -= rate * (straight * d + ahead * v);
    }
  }
}
