package io.kindling.backend.cpu;

import io.kindling.op.conv.Conv2d;

/**
 * Textbook formulas over row-major arrays, one loop a dimension and nothing clever: what the
 * plain-Java kernels are compared with.
 */
final class NaiveLoops {
  private NaiveLoops() {}

  static double[] matmul(double[] a, double[] b, int m, int k, int n) {
    double[] out = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int l = 0; l < k; l++) {
          out[i * n + j] += a[i * k + l] * b[l * n + j];
        }
      }
    }
    return out;
  }

  /** Called with an element of the output, of the input and of the weight that meet. */
  interface Meeting {
    void at(int out, int x, int weight);
  }

  /**
   * Each term of a convolution.
   *
   * @param x the input's shape
   * @param w the weight's shape
   * @param o the output's shape
   */
  static void convolve(Conv2d conv, long[] x, long[] w, long[] o, Meeting meeting) {
    for (int n = 0; n < o[0]; n++) {
      for (int f = 0; f < o[1]; f++) {
        for (int c = 0; c < w[1]; c++) {
          for (int oy = 0; oy < o[2]; oy++) {
            for (int ox = 0; ox < o[3]; ox++) {
              for (int ky = 0; ky < w[2]; ky++) {
                for (int kx = 0; kx < w[3]; kx++) {
                  int y = oy * conv.strideH() - conv.padH() + ky * conv.dilationH();
                  int z = ox * conv.strideW() - conv.padW() + kx * conv.dilationW();
                  if (y < 0 || y >= x[2] || z < 0 || z >= x[3]) {
                    continue;
                  }
                  int group = f / (int) (o[1] / conv.groups());
                  int channel = group * (int) w[1] + c;
                  meeting.at(at(o, n, f, oy, ox), at(x, n, channel, y, z), at(w, f, c, ky, kx));
                }
              }
            }
          }
        }
      }
    }
  }

  private static int at(long[] shape, int a, int b, int c, int d) {
    return (int) (((a * shape[1] + b) * shape[2] + c) * shape[3] + d);
  }

  /** Softmax of each row of {@code count} values. */
  static double[] softmax(double[] x, int count) {
    double[] out = new double[x.length];
    for (int row = 0; row < x.length; row += count) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += Math.exp(x[row + i]);
      }
      for (int i = 0; i < count; i++) {
        out[row + i] = Math.exp(x[row + i]) / sum;
      }
    }
    return out;
  }

  /** The largest value of each window of planes of {@code h x w}, without padding. */
  static double[] maxPool(double[] x, int h, int w, int kernel, int stride) {
    int oh = (h - kernel) / stride + 1;
    int ow = (w - kernel) / stride + 1;
    int planes = x.length / (h * w);
    double[] out = new double[planes * oh * ow];
    for (int p = 0; p < planes; p++) {
      for (int y = 0; y < oh; y++) {
        for (int z = 0; z < ow; z++) {
          double largest = Double.NEGATIVE_INFINITY;
          for (int i = 0; i < kernel; i++) {
            for (int j = 0; j < kernel; j++) {
              largest = Math.max(largest, x[(p * h + y * stride + i) * w + z * stride + j]);
            }
          }
          out[(p * oh + y) * ow + z] = largest;
        }
      }
    }
    return out;
  }

  /** {@code (n, c, rest)} normalised over n and rest, with weight 1 and bias 0. */
  static double[] batchNorm(double[] x, int n, int c, int rest, double eps) {
    double[] out = new double[x.length];
    for (int channel = 0; channel < c; channel++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < rest; j++) {
          double value = x[(i * c + channel) * rest + j];
          sum += value;
          squares += value * value;
        }
      }
      double mean = sum / (n * rest);
      double var = squares / (n * rest) - mean * mean;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < rest; j++) {
          int at = (i * c + channel) * rest + j;
          out[at] = (x[at] - mean) / Math.sqrt(var + eps);
        }
      }
    }
    return out;
  }

  /** The sums of a {@code (a, b, c)} array over its middle dimension. */
  static double[] sumMiddle(double[] x, int a, int b, int c) {
    double[] out = new double[a * c];
    for (int i = 0; i < a; i++) {
      for (int j = 0; j < b; j++) {
        for (int k = 0; k < c; k++) {
          out[i * c + k] += x[(i * b + j) * c + k];
        }
      }
    }
    return out;
  }

  static double[] subtract(double[] a, double[] b) {
    double[] out = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      out[i] = a[i] - b[i];
    }
    return out;
  }
}
