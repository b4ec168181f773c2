package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.index.Cat;
import java.util.ArrayList;
import java.util.List;

/** Copies and views of a tensor with its elements in other places, made of simpler operations. */
final class Rearrangement {
  private Rearrangement() {}

  /** Parts of a dimension of the given sizes, which must add up to its own. */
  static List<Tensor> split(Tensor x, int dim, long[] sizes) {
    long total = 0;
    for (long size : sizes) {
      total += size;
    }
    if (total != x.size(dim)) {
      throw new ShapeException(
          "split: parts of sizes "
              + java.util.Arrays.toString(sizes)
              + " do not fill dimension "
              + dim
              + " of "
              + x.shape());
    }
    List<Tensor> parts = new ArrayList<>();
    long start = 0;
    for (long size : sizes) {
      parts.add(x.narrow(dim, start, size));
      start += size;
    }
    return parts;
  }

  /** Parts of a dimension of {@code size} elements; the last may have fewer. */
  static List<Tensor> split(Tensor x, int dim, long size) {
    long whole = x.size(dim);
    if (size < 1 && whole > 0) {
      throw new ShapeException("split: expected a size >= 1, got " + size);
    }
    List<Tensor> parts = new ArrayList<>();
    long start = 0;
    do {
      parts.add(x.narrow(dim, start, Math.min(size, whole - start)));
      start += size;
    } while (start < whole);
    return parts;
  }

  static List<Tensor> tensorSplit(Tensor x, long sections, int dim) {
    if (sections < 1 || x.dim() == 0) {
      throw new ShapeException(
          "tensorSplit: expected at least one part and one dimension, got "
              + sections
              + " parts of "
              + x.shape());
    }
    long size = x.size(dim);
    long[] places = new long[(int) Math.min(sections - 1, Integer.MAX_VALUE - 8)];
    for (int i = 0; i < places.length; i++) {
      places[i] = (i + 1) * (size / sections) + Math.min(i + 1, size % sections);
    }
    return tensorSplit(x, places, dim);
  }

  static List<Tensor> tensorSplit(Tensor x, long[] places, int dim) {
    List<Tensor> parts = new ArrayList<>();
    for (int i = 0; i <= places.length; i++) {
      Index part =
          Index.range(i == 0 ? 0 : places[i - 1], i == places.length ? Long.MAX_VALUE : places[i]);
      long size = x.size(dim);
      parts.add(x.slice(dim, part.first(size), part.last(size), 1));
    }
    return parts;
  }

  /** Each element of a dimension as often as its number says. */
  static Tensor repeatInterleave(Tensor x, long[] times, int dim) {
    long size = x.size(dim);
    if (times.length != 1 && times.length != size) {
      throw new ShapeException(
          "repeatInterleave: expected one number or "
              + size
              + " for dimension "
              + dim
              + " of "
              + x.shape()
              + ", got "
              + times.length);
    }
    long total = 0;
    for (int i = 0; i < size; i++) {
      long count = times[times.length == 1 ? 0 : i];
      if (count < 0) {
        throw new ShapeException("repeatInterleave: an element cannot come " + count + " times");
      }
      total = Math.addExact(total, count);
    }
    long[] places = new long[io.kindling.backend.cpu.ArrayLength.of(total)];
    int next = 0;
    for (int i = 0; i < size; i++) {
      for (long k = times[times.length == 1 ? 0 : i]; k > 0; k--) {
        places[next++] = i;
      }
    }
    return x.indexSelect(dim, Tensor.of(places));
  }

  static Tensor rot90(Tensor x, long times, int first, int second) {
    if (x.dim() < 2 || x.shape().dim(first) == x.shape().dim(second)) {
      throw new ShapeException(
          "rot90: expected two different dimensions of "
              + x.shape()
              + ", got "
              + first
              + " and "
              + second);
    }
    return switch (Math.floorMod(times, 4)) {
      case 0 -> x.clone();
      case 1 -> flip(x, new int[] {second}).transpose(first, second);
      case 2 -> flip(x, new int[] {first, second});
      default -> flip(x, new int[] {first}).transpose(first, second);
    };
  }

  static Tensor diagEmbed(Tensor x, long offset, int first, int second) {
    int rank = x.dim() + 1;
    int rows = Shape.wrap(first, rank);
    int columns = Shape.wrap(second, rank);
    if (x.dim() == 0 || rows == columns) {
      throw new ShapeException(
          "diagEmbed: expected a dimension and two different places, got "
              + x.shape()
              + ", "
              + first
              + " and "
              + second);
    }
    long size = Math.addExact(x.size(-1), Math.abs(offset));
    long[] sizes = new long[rank];
    int next = 0;
    for (int d = 0; d < rank; d++) {
      sizes[d] = d == rows || d == columns ? size : x.size(next++);
    }
    Tensor whole = Tensor.zeros(Shape.of(sizes), x.dtype(), x.device());
    whole.diagonal(offset, rows, columns).copy_(x);
    return whole;
  }

  /** A copy of the tensor with a view of it replaced. */
  static Tensor replaced(
      String name, Tensor x, Tensor source, java.util.function.UnaryOperator<Tensor> view) {
    Tensor copy = x.clone();
    Tensor part = view.apply(copy);
    if (!part.shape().equals(source.shape())) {
      throw new ShapeException(
          name + ": expected values of shape " + part.shape() + ", got " + source.shape());
    }
    part.copy_(source);
    return copy;
  }

  /** The dimensions {@code from} moved to the places {@code to}; the others keep their order. */
  static Tensor movedim(Tensor x, int[] from, int[] to) {
    if (from.length != to.length) {
      throw new ShapeException(
          "movedim: " + from.length + " dimensions cannot move to " + to.length + " places");
    }
    int rank = x.dim();
    int[] order = new int[rank];
    boolean[] placed = new boolean[rank];
    boolean[] moved = new boolean[rank];
    for (int i = 0; i < from.length; i++) {
      int source = x.shape().dim(from[i]);
      int target = x.shape().dim(to[i]);
      if (rank == 0) {
        continue;
      }
      if (moved[source] || placed[target]) {
        throw new ShapeException("movedim: a dimension of " + x.shape() + " is named twice");
      }
      order[target] = source;
      placed[target] = true;
      moved[source] = true;
    }
    int next = 0;
    for (int i = 0; i < rank; i++) {
      if (!placed[i]) {
        while (moved[next]) {
          next++;
        }
        order[i] = next++;
      }
    }
    return x.permute(order);
  }

  /** The tensor repeated {@code times[i]} times along each dimension, new ones first. */
  static Tensor repeat(Tensor x, long[] times) {
    int added = times.length - x.dim();
    if (added < 0) {
      throw new ShapeException(
          "repeat: expected a number for each dimension of "
              + x.shape()
              + ", got "
              + java.util.Arrays.toString(times));
    }
    long[] cut = new long[2 * times.length];
    long[] spread = new long[2 * times.length];
    long[] joined = new long[times.length];
    for (int i = 0; i < times.length; i++) {
      long size = i < added ? 1 : x.size(i - added);
      cut[2 * i] = 1;
      cut[2 * i + 1] = size;
      spread[2 * i] = times[i];
      spread[2 * i + 1] = size;
      joined[i] = Shape.of(times[i], size).numel();
    }
    // The copy comes before the last view: a result never shares memory with the tensor.
    return x.reshape(cut).expand(spread).clone().contiguous().view(joined);
  }

  static Tensor flip(Tensor x, int[] dims) {
    Tensor flipped = x;
    boolean[] seen = new boolean[Math.max(x.dim(), 1)];
    for (int dim : dims) {
      int at = x.shape().dim(dim);
      if (seen[at]) {
        throw new ShapeException("flip: dimension " + at + " of " + x.shape() + " is named twice");
      }
      seen[at] = true;
      if (x.dim() > 0) {
        Tensor backwards = Tensor.arange(x.size(at)).neg().add(x.size(at) - 1);
        flipped = flipped.indexSelect(at, backwards);
      }
    }
    return flipped == x ? x.clone() : flipped;
  }

  /** The elements of a dimension moved on, the last ones to the front. */
  static Tensor roll(Tensor x, long shift, int dim) {
    if (x.numel() == 0) {
      return x.clone();
    }
    long size = x.size(dim);
    long start = Math.floorMod(-shift, size);
    if (start == 0) {
      return x.clone();
    }
    Tensor[] parts = {x.narrow(dim, start, size - start), x.narrow(dim, 0, start)};
    return Dispatch.composed(
        "roll", CastPolicy.NONE, in -> Dispatch.run(new Cat(x.shape().dim(dim)), in), parts);
  }

  /** The matrices of the last two dimensions with zeros above the diagonal, or below. */
  static Tensor triangle(Tensor x, long diagonal, boolean upper) {
    if (x.dim() < 2) {
      throw new ShapeException(
          (upper ? "triu" : "tril") + ": expected at least two dimensions, got " + x.shape());
    }
    Tensor rows = Tensor.arange(x.size(-2)).unsqueeze(1);
    Tensor offsets = Tensor.arange(x.size(-1)).sub(rows);
    return x.maskedFill(upper ? offsets.lt(diagonal) : offsets.gt(diagonal), 0);
  }

  /** A matrix with these values on a diagonal. */
  static Tensor onDiagonal(Tensor values, long diagonal) {
    long size = Math.addExact(values.numel(), Math.abs(diagonal));
    long first = diagonal >= 0 ? diagonal : -diagonal * size;
    Tensor places = Tensor.arange(values.numel()).mul(size + 1).add(first);
    Tensor flat = Tensor.zeros(Shape.of(size * size), values.dtype(), values.device());
    return flat.scatter(0, places, values).view(size, size);
  }
}
