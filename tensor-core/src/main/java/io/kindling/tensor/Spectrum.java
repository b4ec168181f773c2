package io.kindling.tensor;

import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.op.Op;
import java.util.List;

/**
 * Fourier transforms of parts of a signal, as products with a matrix of sines and cosines. That
 * costs more than a fast transform by the factor {@code n / log n}, but runs on the backends'
 * matrix kernels, and has its gradients of all orders from them.
 *
 * @param size how many values of the signal a part has
 * @param hop how many values lie between the starts of two parts
 * @param onesided whether frequencies beyond the half, which mirror the others, are left out
 */
record Spectrum(String name, int size, int hop, boolean normalized, boolean onesided) {
  /** {@code (B, L)} to {@code (B, frequencies, parts, 2)}. */
  Tensor of(Tensor signal, Tensor window) {
    Tensor parts = signal.unfold(1, size, hop).mul(window);
    double scale = normalized ? 1 / Math.sqrt(size) : 1;
    Tensor angles = angles(signal.device());
    Tensor real = parts.matmul(angles.cos().mul(scale).to(parts.dtype()));
    Tensor imaginary = parts.matmul(angles.sin().mul(-scale).to(parts.dtype()));
    return Tensor.stack(List.of(real, imaginary), 3).transpose(1, 2);
  }

  /**
   * The parts {@code (B, parts, size)} of a spectrum {@code (B, frequencies, parts, 2)}; of two
   * sides, the second is taken to mirror the first.
   */
  Tensor parts(Tensor spectrum) {
    long half = size / 2 + 1;
    Tensor angles = angles(spectrum.device()).narrow(1, 0, half).t();
    double scale = normalized ? 1 / Math.sqrt(size) : 1.0 / size;
    Tensor weight = Tensor.full(new long[] {half, 1}, scale, DType.FLOAT64);
    weight.narrow(0, 1, (size - 1) / 2).mul_(2); // each for its mirrored one too
    Tensor side = spectrum.narrow(1, 0, half);
    Tensor real = side.select(-1, 0).transpose(1, 2);
    Tensor imaginary = side.select(-1, 1).transpose(1, 2);
    DType type = spectrum.dtype();
    Tensor cosines = real.matmul(angles.cos().mul(weight).to(type));
    return cosines.sub(imaginary.matmul(angles.sin().mul(weight).to(type)));
  }

  /** Adds up parts {@code (B, parts, size)} where they lie in a signal {@code (B, L)}. */
  Tensor overlapped(Tensor parts) {
    long count = parts.size(1);
    Tensor places =
        Tensor.arange(count).mul((long) hop).unsqueeze(1).add(Tensor.arange(size)).flatten();
    long[] shape = {parts.size(0), size + hop * (count - 1)};
    return Tensor.zeros(shape, parts.dtype()).indexAdd(1, places, parts.flatten(1, 2));
  }

  long frequencies() {
    return onesided ? size / 2 + 1 : size;
  }

  /** {@code (size, frequencies)}; reduced as integers, so that large ones are exact. */
  private Tensor angles(Device device) {
    Tensor products =
        Tensor.arange(size).unsqueeze(1).mul(Tensor.arange(frequencies())).remainder((long) size);
    return products.toDouble().mul(2 * Math.PI / size).to(device);
  }

  /** The window in the middle of a part, or one of ones. */
  Tensor window(Tensor given, Integer length, DType type) {
    int width = length == null ? size : length;
    if (width <= 0 || width > size) {
      throw new ShapeException(
          name + ": expected a window of 1 to " + size + " values, got length " + width);
    }
    if (given != null && !given.shape().equals(Shape.of(width))) {
      throw new ShapeException(
          name + ": expected a window of shape [" + width + "], got " + given.shape());
    }
    Tensor values = given == null ? Tensor.ones(new long[] {width}, type) : given;
    int before = (size - width) / 2;
    Tensor none = Tensor.zeros(new long[] {before}, values.dtype());
    Tensor rest = Tensor.zeros(new long[] {size - width - before}, values.dtype());
    return Tensor.cat(List.of(none, values, rest));
  }

  void check(Tensor x) {
    Op.checkType(name, x, DType.FLOAT32, DType.FLOAT64);
    if (size <= 0 || hop <= 0) {
      throw new ShapeException(
          name + ": expected a positive nFft and hopLength, got " + size + " and " + hop);
    }
  }

  /** A signal {@code (B, L)} with {@code size / 2} more values on both sides. */
  Tensor padded(Tensor signal, String mode) {
    long pad = size / 2;
    long length = signal.size(1);
    return switch (mode) {
      case "constant" -> {
        Tensor zeros = Tensor.zeros(new long[] {signal.size(0), pad}, signal.dtype());
        yield Tensor.cat(List.of(zeros, signal, zeros), 1);
      }
      case "reflect" -> {
        checkLength(pad < length, signal);
        Tensor before = signal.narrow(1, 1, pad).flip(1);
        yield Tensor.cat(
            List.of(before, signal, signal.narrow(1, length - 1 - pad, pad).flip(1)), 1);
      }
      case "replicate" -> {
        checkLength(length > 0, signal);
        Tensor before = signal.narrow(1, 0, 1).expand(-1, pad);
        yield Tensor.cat(
            List.of(before, signal, signal.narrow(1, length - 1, 1).expand(-1, pad)), 1);
      }
      case "circular" -> {
        checkLength(pad <= length, signal);
        Tensor before = signal.narrow(1, length - pad, pad);
        yield Tensor.cat(List.of(before, signal, signal.narrow(1, 0, pad)), 1);
      }
      default ->
          throw new KindlingException(
              name
                  + ": expected the padding constant, reflect, replicate or circular, got '"
                  + mode
                  + "'");
    };
  }

  private void checkLength(boolean enough, Tensor signal) {
    if (!enough) {
      throw new ShapeException(
          name
              + ": a signal of "
              + signal.size(1)
              + " values cannot be padded by "
              + size / 2
              + " of its own; use the padding constant, or center = false");
    }
  }
}
