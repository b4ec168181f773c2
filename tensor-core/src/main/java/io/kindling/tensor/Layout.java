package io.kindling.tensor;

import io.kindling.ShapeException;
import java.util.Arrays;

/**
 * How a tensor's elements lie in its storage: element {@code (i, j, ...)} is at {@code offset + i *
 * stride(0) + j * stride(1) + ...}, all in elements. Immutable; every view is another layout of the
 * same storage.
 */
public final class Layout {
  private final Shape shape;
  private final long[] strides;
  private final long offset;
  private final boolean contiguous;
  // Contiguous in each stride, also where a size of 1 makes it meaningless, and from the start.
  private final boolean canonical;

  private Layout(Shape shape, long[] strides, long offset) {
    this.shape = shape;
    this.strides = strides;
    this.offset = offset;
    boolean adjacent = true;
    boolean exact = offset == 0;
    boolean empty = false;
    long expected = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      long size = shape.at(i);
      empty |= size == 0;
      if (strides[i] != expected) {
        exact = false;
        adjacent &= size == 1;
      }
      expected *= Math.max(size, 1);
    }
    this.contiguous = adjacent || empty;
    this.canonical = exact;
  }

  private Layout(Shape shape) {
    this.shape = shape;
    this.strides = Strides.contiguous(shape);
    this.offset = 0;
    this.contiguous = true;
    this.canonical = true;
  }

  /** Rows of the last dimension adjacent, from the storage's start. */
  public static Layout contiguous(Shape shape) {
    return new Layout(shape);
  }

  /** The given format for shapes of four dimensions; others are contiguous. */
  public static Layout of(Shape shape, MemoryFormat format) {
    return format == MemoryFormat.CHANNELS_LAST && shape.rank() == 4
        ? inOrder(shape, 0, 2, 3, 1)
        : contiguous(shape);
  }

  /**
   * Any strides that are not negative. Tensor checks that the storage holds every element.
   *
   * @throws ShapeException if there is not one stride a dimension, if a stride or the offset is
   *     negative, or if a position overflows
   */
  public static Layout strided(Shape shape, long[] strides, long offset) {
    boolean fits = strides.length == shape.rank() && offset >= 0;
    for (int i = 0; fits && i < strides.length; i++) {
      fits = strides[i] >= 0;
    }
    if (!fits || !Strides.isCountable(shape, strides, offset)) {
      throw new ShapeException(
          "strides "
              + Arrays.toString(strides)
              + " with offset "
              + offset
              + " do not fit shape "
              + shape
              + "; expected "
              + shape.rank()
              + " strides, none of them nor the offset negative, and positions below 2^62");
    }
    return new Layout(shape, strides.clone(), offset);
  }

  /**
   * A dense layout for {@code shape} whose dimensions lie in memory in the same order as this
   * layout's, as PyTorch's element-wise operations keep it.
   */
  public Layout denseLike(Shape other) {
    if (canonical && shape.equals(other)) {
      return this;
    }
    if (contiguous || other.rank() != shape.rank()) {
      return contiguous(other);
    }
    int[] order = Strides.order(shape, strides);
    // An expanded tensor has no order of its own.
    return order == null ? contiguous(other) : inOrder(other, order);
  }

  public Shape shape() {
    return shape;
  }

  public int rank() {
    return strides.length;
  }

  public long size(int dim) {
    return shape.size(dim);
  }

  public long stride(int dim) {
    return strides[shape.existing(dim)];
  }

  public long[] strides() {
    return strides.clone();
  }

  public long offset() {
    return offset;
  }

  /** The position of one element of four dimensions, in elements from the storage's start. */
  public long position(long n, long c, long h, long w) {
    return offset + n * strides[0] + c * strides[1] + h * strides[2] + w * strides[3];
  }

  public boolean isContiguous() {
    return contiguous;
  }

  public boolean isContiguous(MemoryFormat format) {
    if (format == MemoryFormat.CONTIGUOUS) {
      return contiguous;
    }
    return rank() == 4 && sameOrder(inOrder(shape, 0, 2, 3, 1));
  }

  /** Channels-last where only that reading fits, contiguous otherwise. */
  public MemoryFormat format() {
    return !contiguous && isContiguous(MemoryFormat.CHANNELS_LAST)
        ? MemoryFormat.CHANNELS_LAST
        : MemoryFormat.CONTIGUOUS;
  }

  /** Whether the elements fill one block of memory without gap or overlap, in whatever order. */
  public boolean isDense() {
    return contiguous || sameOrder(denseLike(shape));
  }

  /**
   * Whether both walk memory alike: equal strides wherever a dimension has more than one element.
   */
  public boolean sameOrder(Layout other) {
    if (!shape.equals(other.shape)) {
      return false;
    }
    for (int i = 0; i < strides.length; i++) {
      if (shape.at(i) > 1 && strides[i] != other.strides[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether every element lies at one position, as those of an expanded number do. */
  public boolean isOnePosition() {
    for (int i = 0; i < strides.length; i++) {
      if (strides[i] != 0 && shape.at(i) > 1) {
        return false;
      }
    }
    return true;
  }

  /**
   * One past the last element's position, in elements from the storage's start; 0 if there is none.
   */
  public long end() {
    if (shape.numel() == 0) {
      return 0;
    }
    if (contiguous) {
      return offset + shape.numel();
    }
    long last = offset;
    for (int i = 0; i < strides.length; i++) {
      last += (shape.at(i) - 1) * strides[i];
    }
    return last + 1;
  }

  /**
   * Whether two elements may lie at one position, as those of an expanded tensor do. False is
   * certain; true may be wrong only for dimensions that interleave, which no view of a dense tensor
   * has.
   */
  public boolean mayOverlap() {
    return !contiguous && shape.numel() > 1 && Strides.mayOverlap(shape, strides);
  }

  public Layout transpose(int a, int b) {
    int[] dims = new int[rank()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = i;
    }
    int first = Shape.wrap(a, rank());
    int second = Shape.wrap(b, rank());
    if (dims.length > 0) {
      dims[first] = second;
      dims[second] = first;
    }
    return permute(dims);
  }

  public Layout permute(int... dims) {
    if (dims.length != rank()) {
      throw new ShapeException(
          "permute needs each of the "
              + rank()
              + " dimensions of "
              + shape
              + " once, got "
              + Arrays.toString(dims));
    }
    long[] sizes = new long[rank()];
    long[] steps = new long[rank()];
    boolean[] seen = new boolean[rank()];
    for (int i = 0; i < dims.length; i++) {
      int dim = shape.dim(dims[i]);
      if (seen[dim]) {
        throw new ShapeException(
            "permute names dimension " + dim + " twice: " + Arrays.toString(dims));
      }
      seen[dim] = true;
      sizes[i] = shape.size(dim);
      steps[i] = strides[dim];
    }
    return new Layout(Shape.of(sizes), steps, offset);
  }

  /** Elements {@code start, start + step, ...} below {@code end} of one dimension. */
  public Layout slice(int dim, long start, long end, long step) {
    int at = shape.existing(dim);
    long size = shape.size(at);
    if (start < 0 || end < start || end > size || step < 1) {
      throw new ShapeException(
          "slice "
              + start
              + ":"
              + end
              + ":"
              + step
              + " does not fit dimension "
              + at
              + " of "
              + shape
              + "; expected 0 <= start <= end <= "
              + size
              + " and step >= 1");
    }
    long count = end == start ? 0 : (end - start - 1) / step + 1;
    long[] steps = strides.clone();
    if (count > 1) {
      steps[at] *= step; // of a single element the step may be any number
    }
    return new Layout(shape.with(at, count), steps, offset + start * strides[at]);
  }

  /** One element of a dimension, which disappears. */
  public Layout select(int dim, long index) {
    int at = shape.dim(dim);
    if (rank() == 0) {
      throw new ShapeException("a 0-dimensional tensor has no dimension to select from");
    }
    long size = shape.size(at);
    if (index < -size || index >= size) {
      throw new ShapeException(
          "index " + index + " is out of range for dimension " + at + " of " + shape);
    }
    long from = index < 0 ? index + size : index;
    return new Layout(shape.without(at), Strides.without(strides, at), offset + from * strides[at]);
  }

  public Layout unsqueeze(int dim) {
    int at = Shape.wrap(dim, rank() + 1);
    long[] sizes = new long[rank() + 1];
    long[] steps = new long[rank() + 1];
    for (int i = 0; i < sizes.length; i++) {
      int from = i < at ? i : i - 1;
      sizes[i] = i == at ? 1 : shape.size(from);
      steps[i] = i != at ? strides[from] : at < rank() ? shape.size(at) * strides[at] : 1;
    }
    return new Layout(Shape.of(sizes), steps, offset);
  }

  /** Without the dimension if its size is 1, else as it is. */
  public Layout squeeze(int dim) {
    int at = Shape.wrap(dim, rank());
    return rank() == 0 || shape.size(at) != 1
        ? this
        : new Layout(shape.without(at), Strides.without(strides, at), offset);
  }

  /** Dimensions of size 1, and new leading ones, repeat without memory; -1 keeps a size. */
  public Layout expand(long... sizes) {
    int added = sizes.length - rank();
    if (added < 0) {
      throw new ShapeException(
          "expand: " + Arrays.toString(sizes) + " has fewer dimensions than " + shape);
    }
    long[] to = sizes.clone();
    long[] steps = new long[sizes.length];
    for (int i = 0; i < to.length; i++) {
      long have = i < added ? 1 : shape.size(i - added);
      if (to[i] == -1 && i >= added) {
        to[i] = have;
      }
      if (to[i] == have) {
        steps[i] = i < added ? 0 : strides[i - added];
      } else if (have != 1) {
        throw new ShapeException(
            "expand: "
                + shape
                + " does not expand to "
                + Arrays.toString(sizes)
                + ": size "
                + have
                + " of dimension "
                + (i - added)
                + " is neither 1 nor "
                + to[i]);
      }
    }
    return new Layout(Shape.of(to), steps, offset);
  }

  /**
   * The same elements under another shape without moving any, or null where that is impossible and
   * a copy is needed.
   */
  public Layout view(Shape to) {
    if (to.numel() != shape.numel()) {
      throw new ShapeException(
          "view: shape "
              + to
              + " has "
              + to.numel()
              + " elements, the tensor "
              + shape
              + " has "
              + shape.numel());
    }
    long[] steps = contiguous ? Strides.contiguous(to) : Strides.reshaped(shape, strides, to);
    return steps == null ? null : new Layout(to, steps, offset);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof Layout layout
            && offset == layout.offset
            && shape.equals(layout.shape)
            && Arrays.equals(strides, layout.strides);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * shape.hashCode() + Arrays.hashCode(strides)) + Long.hashCode(offset);
  }

  @Override
  public String toString() {
    return shape + " strides " + Arrays.toString(strides) + " offset " + offset;
  }

  /** Dense, with the named dimensions from the slowest to the fastest. */
  private static Layout inOrder(Shape shape, int... dims) {
    return new Layout(shape, Strides.inOrder(shape, dims), 0);
  }
}
