package io.kindling.testing;

import io.kindling.memory.Storage;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tensor of a surface case, as {@code src/test/python/surface} writes it down.
 *
 * @param shared whether it shares memory with the first argument
 * @param layout how it lies in memory
 * @param period after how many numbers they repeat
 * @param at the place of its first number
 */
record SurfaceTensor(
    boolean shared, DType dtype, Layout layout, int period, int at, Values numbers) {
  private static final Pattern FORM =
      Pattern.compile("(&?)(\\w+)\\[([\\d,]*)\\](?:\\(([\\d,]*)\\))?(?:%(\\d+))?@(\\d+)");

  static SurfaceTensor parse(String text, Map<DType, Values> numbers) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new AssertionError("'" + text + "' is no tensor of a surface case");
    }
    DType dtype = DType.parse(form.group(2));
    Shape shape = Shape.of(integers(form.group(3)));
    return new SurfaceTensor(
        !form.group(1).isEmpty(),
        dtype,
        form.group(4) == null
            ? Layout.contiguous(shape)
            : Layout.strided(shape, integers(form.group(4)), 0),
        form.group(5) == null ? Integer.MAX_VALUE : Integer.parseInt(form.group(5)),
        Integer.parseInt(form.group(6)),
        numbers.get(dtype));
  }

  private static long[] integers(String text) {
    return text.isEmpty()
        ? new long[0]
        : Arrays.stream(text.split(",")).mapToLong(Long::parseLong).toArray();
  }

  /** A new tensor in this layout, of another floating type if one is given. */
  Tensor tensor(DType floating) {
    DType type = floating != null && dtype.isFloatingPoint() ? floating : dtype;
    int count = (int) layout.end();
    try (Tensor flat = Tensor.empty(Shape.of(count), type, Device.CPU)) {
      for (int i = 0; i < count; i++) {
        long address = flat.address() + (long) i * type.bytes();
        if (type.isFloatingPoint()) {
          type.writeDouble(address, numbers.doubles()[at + i % period]);
        } else {
          type.writeLong(address, numbers.longs()[at + i % period]);
        }
      }
      Storage storage = flat.storage();
      storage.retain();
      return new Tensor(storage, new Spec(layout, type), Device.CPU);
    }
  }

  /** The values in row-major order. */
  Values values() {
    int count = (int) layout.shape().numel();
    double[] doubles = dtype.isFloatingPoint() ? new double[count] : null;
    long[] longs = dtype.isFloatingPoint() ? null : new long[count];
    long[] index = new long[layout.rank()];
    for (int i = 0; i < count; i++) {
      long position = 0;
      for (int d = 0; d < index.length; d++) {
        position += index[d] * layout.stride(d);
      }
      int from = at + (int) (position % period);
      if (doubles != null) {
        doubles[i] = numbers.doubles()[from];
      } else {
        longs[i] = numbers.longs()[from];
      }
      for (int d = index.length - 1; d >= 0 && ++index[d] == layout.size(d); d--) {
        index[d] = 0;
      }
    }
    return new Values(layout.shape(), dtype, doubles, longs);
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(layout.shape().toArray()).replace(" ", "");
  }
}
