package io.kindling.op.optim;

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
  public void floats(float[][] values, int count) {
    float[] mean = values[2];
    float[] square = values[3];
    means(values[0], values[1], mean, square, count);
    if (values.length > 4) {
      larger(values[4], square, count);
      square = values[4];
    }
    move(values[0], mean, square, count);
  }

  private void means(float[] p, float[] g, float[] mean, float[] square, int count) {
    float sign = maximize ? -1 : 1;
    float decay = (float) decay();
    float takeMean = (float) (1 - beta1);
    float keepSquare = (float) beta2;
    float takeSquare = (float) (1 - beta2);
    for (int i = 0; i < count; i++) {
      float d = sign * g[i] + decay * p[i];
      mean[i] += takeMean * (d - mean[i]);
      square[i] = keepSquare * square[i] + takeSquare * d * d;
    }
  }

  private static void larger(float[] most, float[] square, int count) {
    for (int i = 0; i < count; i++) {
      most[i] = Math.max(most[i], square[i]);
    }
  }

  private void move(float[] p, float[] mean, float[] square, int count) {
    float shrink = (float) shrink();
    float rate = (float) (rate() * root());
    float floor = (float) (eps * root());
    for (int i = 0; i < count; i++) {
      p[i] = shrink * p[i] - rate * mean[i] / ((float) Math.sqrt(square[i]) + floor);
    }
  }

  @Override
  public void doubles(double[][] values, int count) {
    double[] mean = values[2];
    double[] square = values[3];
    means(values[0], values[1], mean, square, count);
    if (values.length > 4) {
      larger(values[4], square, count);
      square = values[4];
    }
    move(values[0], mean, square, count);
  }

  private void means(double[] p, double[] g, double[] mean, double[] square, int count) {
    double sign = maximize ? -1 : 1;
    double decay = decay();
    double takeMean = (1 - beta1);
    double keepSquare = beta2;
    double takeSquare = (1 - beta2);
    for (int i = 0; i < count; i++) {
      double d = sign * g[i] + decay * p[i];
      mean[i] += takeMean * (d - mean[i]);
      square[i] = keepSquare * square[i] + takeSquare * d * d;
    }
  }

  private static void larger(double[] most, double[] square, int count) {
    for (int i = 0; i < count; i++) {
      most[i] = Math.max(most[i], square[i]);
    }
  }

  private void move(double[] p, double[] mean, double[] square, int count) {
    double shrink = shrink();
    double rate = rate() * root();
    double floor = eps * root();
    for (int i = 0; i < count; i++) {
      p[i] = shrink * p[i] - rate * mean[i] / (Math.sqrt(square[i]) + floor);
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

  /** Rate and floor are multiplied by it, so that no element is divided twice. */
  private double root() {
    return Math.sqrt(1 - Math.pow(beta2, step));
  }
}
