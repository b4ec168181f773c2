package io.kindling.backend.cpu;

import io.kindling.op.conv.Conv2d;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;

/**
 * Convolutions and their gradients as matrix products, in double precision: the values that a tile
 * of output positions reads are laid out as a matrix of {@code C/groups * kH * kW} rows, which the
 * filters then multiply.
 */
public final class ConvLoop {
  private final Conv2d conv;
  private final int height;
  private final int width;
  private final int kernelHeight;
  private final int kernelWidth;
  private final int outWidth;
  private final int channels;
  private final int filters;
  private final int plane;
  private final int positions;
  private final int depth;
  private final long images;

  private ConvLoop(Conv2d conv, Shape x, Shape weight, Shape out) {
    this.conv = conv;
    this.images = x.size(0);
    this.height = ArrayLength.of(x.size(2));
    this.width = ArrayLength.of(x.size(3));
    this.kernelHeight = ArrayLength.of(weight.size(2));
    this.kernelWidth = ArrayLength.of(weight.size(3));
    this.outWidth = ArrayLength.of(out.size(3));
    this.channels = ArrayLength.of(weight.size(1));
    this.filters = ArrayLength.of(weight.size(0)) / conv.groups();
    this.plane = ArrayLength.of(height, width);
    this.positions = ArrayLength.of(out.size(2), out.size(3));
    this.depth = ArrayLength.of(weight.size(1), weight.size(2), weight.size(3));
  }

  /** {@code out = x * weight + bias}; {@code bias} may be null. */
  public static void forward(Conv2d conv, Tensor x, Tensor weight, Tensor bias, Tensor out) {
    ConvLoop loop = new ConvLoop(conv, x.shape(), weight.shape(), out.shape());
    double[] biases = bias == null ? new double[(int) weight.size(0)] : Blocks.vector(bias);
    loop.forward(x, Planes.loadAll(weight), biases, out);
  }

  /** The gradient of the input, from the output's. */
  public static void inputGrad(Conv2d conv, Tensor gradient, Tensor weight, Tensor out) {
    ConvLoop loop = new ConvLoop(conv, out.shape(), weight.shape(), gradient.shape());
    loop.inputGrad(gradient, Planes.loadAll(weight), out);
  }

  /** The gradients of the weight and, unless {@code bias} is null, the bias, from the output's. */
  public static void weightGrad(Conv2d conv, Tensor gradient, Tensor x, Tensor out, Tensor bias) {
    ConvLoop loop = new ConvLoop(conv, x.shape(), out.shape(), gradient.shape());
    double[] sums = new double[ArrayLength.of(out.numel())];
    loop.weightGrad(gradient, x, sums);
    Planes.storeAll(out, sums);
    if (bias != null) {
      loop.biasGrad(gradient, bias);
    }
  }

  private void forward(Tensor x, double[] weight, double[] bias, Tensor out) {
    int tile = Products.tile(depth, positions);
    double[] image = new double[ArrayLength.of(channels, plane)];
    double[] columns = new double[ArrayLength.of(depth, tile)];
    double[] sums = new double[tile];
    for (long n = 0; n < images; n++) {
      for (int group = 0; group < conv.groups(); group++) {
        loadImage(x, n, group, image);
        for (int from = 0; from < positions; from += tile) {
          int count = Math.min(tile, positions - from);
          gather(image, from, count, columns, count, 1);
          for (int o = group * filters; o < (group + 1) * filters; o++) {
            Arrays.fill(sums, 0, count, bias[o]);
            Products.add(weight, o * depth, 1, depth, columns, count, sums, 0);
            Planes.store(out, n, o, from, count, sums, 0);
          }
        }
      }
    }
  }

  private void inputGrad(Tensor gradient, double[] weight, Tensor out) {
    int tile = Products.tile(filters, positions);
    double[] image = new double[ArrayLength.of(channels, plane)];
    double[] rows = new double[ArrayLength.of(filters, tile)];
    double[] sums = new double[tile];
    for (long n = 0; n < images; n++) {
      for (int group = 0; group < conv.groups(); group++) {
        Arrays.fill(image, 0);
        for (int from = 0; from < positions; from += tile) {
          int count = Math.min(tile, positions - from);
          for (int o = 0; o < filters; o++) {
            Planes.load(gradient, n, group * filters + o, from, count, rows, o * count);
          }
          for (int k = 0; k < depth; k++) {
            Arrays.fill(sums, 0, count, 0);
            Products.add(weight, group * filters * depth + k, depth, filters, rows, count, sums, 0);
            scatter(sums, k, from, count, image);
          }
        }
        for (int c = 0; c < channels; c++) {
          Planes.store(out, n, group * channels + c, 0, plane, image, c * plane);
        }
      }
    }
  }

  private void weightGrad(Tensor gradient, Tensor x, double[] weightSums) {
    int tile = Products.tile(depth, positions);
    double[] image = new double[ArrayLength.of(channels, plane)];
    double[] columns = new double[ArrayLength.of(depth, tile)];
    double[] factors = new double[tile];
    for (long n = 0; n < images; n++) {
      for (int group = 0; group < conv.groups(); group++) {
        loadImage(x, n, group, image);
        for (int from = 0; from < positions; from += tile) {
          int count = Math.min(tile, positions - from);
          gather(image, from, count, columns, 1, depth);
          for (int o = group * filters; o < (group + 1) * filters; o++) {
            Planes.load(gradient, n, o, from, count, factors, 0);
            Products.add(factors, 0, 1, count, columns, depth, weightSums, o * depth);
          }
        }
      }
    }
  }

  private void biasGrad(Tensor gradient, Tensor out) {
    double[] values = new double[positions];
    double[] sums = new double[ArrayLength.of(out.numel())];
    for (long n = 0; n < images; n++) {
      for (int o = 0; o < sums.length; o++) {
        Planes.load(gradient, n, o, 0, positions, values, 0);
        for (double value : values) {
          sums[o] += value;
        }
      }
    }
    Blocks.store(sums, 0, out.dtype(), out.address(), 1, sums.length);
  }

  private void loadImage(Tensor x, long n, int group, double[] image) {
    for (int c = 0; c < channels; c++) {
      Planes.load(x, n, group * channels + c, 0, plane, image, c * plane);
    }
  }

  /** {@code columns[k * kStep + p * pStep]} is what filter element k meets at position p. */
  private void gather(double[] image, int from, int count, double[] columns, int kStep, int pStep) {
    for (int k = 0; k < depth; k++) {
      int channel = k / (kernelHeight * kernelWidth) * plane;
      int top = verticalOffset(k);
      int left = horizontalOffset(k);
      int y = from / outWidth;
      int x = from % outWidth;
      for (int p = 0, at = k * kStep; p < count; p++, at += pStep) {
        int row = y * conv.strideH() + top;
        int column = x * conv.strideW() + left;
        boolean inside = row >= 0 && row < height && column >= 0 && column < width;
        columns[at] = inside ? image[channel + row * width + column] : 0;
        if (++x == outWidth) {
          x = 0;
          y++;
        }
      }
    }
  }

  /** Adds to each element of the image what filter element k brings it. */
  private void scatter(double[] values, int k, int from, int count, double[] image) {
    int channel = k / (kernelHeight * kernelWidth) * plane;
    int top = verticalOffset(k);
    int left = horizontalOffset(k);
    int y = from / outWidth;
    int x = from % outWidth;
    for (int p = 0; p < count; p++) {
      int row = y * conv.strideH() + top;
      int column = x * conv.strideW() + left;
      if (row >= 0 && row < height && column >= 0 && column < width) {
        image[channel + row * width + column] += values[p];
      }
      if (++x == outWidth) {
        x = 0;
        y++;
      }
    }
  }

  private int verticalOffset(int k) {
    return k / kernelWidth % kernelHeight * conv.dilationH() - conv.padH();
  }

  private int horizontalOffset(int k) {
    return k % kernelWidth * conv.dilationW() - conv.padW();
  }
}
