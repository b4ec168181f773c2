package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.index.IndexGet;
import io.kindling.op.index.IndexPut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code x[items]} as PyTorch and NumPy read it. Integers, ranges, ellipsis and new axes make a
 * view; then the index tensors, one for a dimension of the view (a mask for as many as it has), are
 * broadcast with each other and taken together. Their common dimensions stand where the first of
 * them stood if they are neighbours, and else in front.
 */
final class Indexing {
  /** The method that messages name. */
  private final String name;

  /** What is left of the tensor once all items but tensors are applied. */
  private final Tensor view;

  /** One a dimension of the view: an integer tensor, or null for the whole dimension. */
  private final List<Tensor> indices;

  private final List<Integer> indexed = new ArrayList<>();

  /** Whether leading dimensions of size 1 that values have too many are dropped. */
  private final boolean dropsOnes;

  private Indexing(String name, Tensor view, List<Tensor> indices, boolean dropsOnes) {
    this.dropsOnes = dropsOnes;
    this.name = name;
    if (indices.size() > view.dim()) {
      throw tooMany(name, view, indices.size());
    }
    this.view = view;
    this.indices = indices;
    for (int d = 0; d < indices.size(); d++) {
      if (indices.get(d) != null) {
        indexed.add(d);
      }
    }
    broadcast();
  }

  /** Indexing by items, each of which may be whatever {@link Tensor#get} takes. */
  static Indexing of(String name, Tensor x, Object... items) {
    Object[] typed = Arrays.stream(items).map(item -> typed(name, x, item)).toArray();
    int named = Arrays.stream(typed).mapToInt(Indexing::dimensions).sum();
    if (named > x.dim()) {
      throw tooMany(name, x, named);
    }
    Tensor view = x;
    List<Tensor> indices = new ArrayList<>();
    int open = x.dim() - named;
    for (Object item : typed) {
      int dim = indices.size();
      if (item instanceof Long number) {
        view = view.select(dim, number);
      } else if (item instanceof Tensor tensor && isPlace(tensor)) {
        view = view.select(dim, tensor.itemLong());
      } else if (item instanceof Tensor tensor) {
        view = tensor.dim() == 0 ? view.unsqueeze(dim) : view;
        add(name, indices, view, tensor.dim() == 0 ? tensor.unsqueeze(0) : tensor);
      } else if (((Index) item).kind == Index.Kind.ELLIPSIS) {
        while (open > 0) {
          indices.add(null);
          open--;
        }
      } else if (((Index) item).kind == Index.Kind.NEW_AXIS) {
        view = view.unsqueeze(dim);
        indices.add(null);
      } else {
        view = slice(name, view, dim, (Index) item);
        indices.add(null);
      }
    }
    return new Indexing(name, view, indices, true);
  }

  /** Indexing by tensors, one for each of the first dimensions; null for a whole dimension. */
  static Indexing of(String name, Tensor x, List<Tensor> tensors) {
    List<Tensor> indices = new ArrayList<>();
    for (Tensor tensor : tensors) {
      if (tensor == null) {
        indices.add(null);
      } else if (indices.size() >= x.dim()) {
        throw tooMany(name, x, tensors.size());
      } else {
        add(name, indices, x, tensor);
      }
    }
    return new Indexing(name, x, indices, false);
  }

  /** The tensor that is indexed: a view of it where there is no index tensor, else a copy. */
  Tensor get() {
    if (indexed.isEmpty()) {
      return view;
    }
    Tensor picked = Dispatch.run(new IndexGet(true), operands(front()));
    return fromFront(picked);
  }

  /** Writes values, which broadcast to the shape of what is indexed, or adds them. */
  void put(Tensor values, boolean accumulate) {
    if (indexed.isEmpty()) {
      Tensor fitted = fit(values, view.shape());
      view.copy_(accumulate ? view.add(fitted) : fitted);
      return;
    }
    Tensor fitted = toFront(fit(values, shape()));
    Dispatch.runInPlace(new IndexPut(accumulate, true), operands(front(), fitted));
  }

  private Tensor[] operands(Tensor... first) {
    Tensor[] operands = Arrays.copyOf(first, first.length + indexed.size());
    for (int i = 0; i < indexed.size(); i++) {
      operands[first.length + i] = indices.get(indexed.get(i));
    }
    return operands;
  }

  /** The view with the indexed dimensions first. */
  private Tensor front() {
    int[] order = new int[view.dim()];
    int next = 0;
    for (int dim : indexed) {
      order[next++] = dim;
    }
    for (int d = 0; d < view.dim(); d++) {
      if (!indexed.contains(d)) {
        order[next++] = d;
      }
    }
    for (int d = 0; d < order.length; d++) {
      if (order[d] != d) {
        return view.permute(order);
      }
    }
    return view;
  }

  /** Where the common dimensions of the index tensors stand in the result. */
  private int place() {
    int first = indexed.get(0);
    return indexed.get(indexed.size() - 1) - first == indexed.size() - 1 ? first : 0;
  }

  private int common() {
    return indices.get(indexed.get(0)).dim();
  }

  private Tensor fromFront(Tensor picked) {
    return place() == 0 ? picked : picked.movedim(counted(0, common()), counted(place(), common()));
  }

  private Tensor toFront(Tensor values) {
    return place() == 0 ? values : values.movedim(counted(place(), common()), counted(0, common()));
  }

  private static int[] counted(int start, int count) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, i -> start + i);
    return numbers;
  }

  /** The shape of what is indexed. */
  private Shape shape() {
    List<Long> sizes = new ArrayList<>();
    for (int d = 0; d < view.dim(); d++) {
      if (!indexed.contains(d)) {
        sizes.add(view.size(d));
      }
    }
    Shape common = indices.get(indexed.get(0)).shape();
    for (int d = common.rank() - 1; d >= 0; d--) {
      sizes.add(place(), common.size(d));
    }
    return Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
  }

  /** Values expanded to a shape. */
  private Tensor fit(Tensor values, Shape shape) {
    Tensor fitted = values;
    while (dropsOnes && fitted.dim() > shape.rank() && fitted.size(0) == 1) {
      fitted = fitted.squeeze(0);
    }
    Shape both = Shape.broadcast(fitted.shape(), shape);
    if (both == null || !both.equals(shape)) {
      throw new ShapeException(
          name
              + ": values of shape "
              + values.shape()
              + " do not broadcast to what is indexed, "
              + shape);
    }
    return fitted.expand(shape.toArray());
  }

  /** Brings the index tensors to one shape. */
  private void broadcast() {
    Shape common = Shape.SCALAR;
    for (int dim : indexed) {
      Shape shape = indices.get(dim).shape();
      Shape both = Shape.broadcast(common, shape);
      if (both == null) {
        throw new ShapeException(
            name + ": index tensors of shapes " + common + " and " + shape + " do not broadcast");
      }
      common = both;
    }
    for (int dim : indexed) {
      indices.set(dim, indices.get(dim).expand(common.toArray()));
    }
  }

  /** Adds an index tensor for the next dimension, or those that a mask stands for. */
  private static void add(String name, List<Tensor> indices, Tensor view, Tensor tensor) {
    DType dtype = tensor.dtype();
    if (dtype == DType.INT64 || dtype == DType.INT32) {
      indices.add(tensor);
      return;
    }
    if (dtype != DType.BOOL && dtype != DType.UINT8) {
      throw new DTypeException(
          name
              + ": expected index tensors of type int64, int32 or bool, got "
              + dtype
              + "; convert it with to()");
    }
    int start = indices.size();
    for (int d = 0; d < tensor.dim(); d++) {
      if (start + d >= view.dim() || tensor.size(d) != view.size(start + d)) {
        throw new ShapeException(
            name
                + ": a mask of shape "
                + tensor.shape()
                + " does not fit the tensor "
                + view.shape()
                + " at dimension "
                + start);
      }
    }
    indices.addAll(tensor.nonzero().unbind(1));
  }

  private static Tensor slice(String name, Tensor view, int dim, Index range) {
    if (range.step < 1) {
      throw new ShapeException(name + ": the step of " + range + " must be at least 1; use flip()");
    }
    long size = view.size(dim);
    long first = range.first(size);
    long last = range.last(size);
    return first == 0 && last == size && range.step == 1
        ? view
        : view.slice(dim, first, last, range.step);
  }

  /** An item as Long, Index or Tensor. */
  private static Object typed(String name, Tensor x, Object item) {
    if (item instanceof Index || item instanceof Tensor) {
      return item;
    } else if (item instanceof Integer || item instanceof Long || item instanceof Short) {
      return ((Number) item).longValue();
    } else if (item instanceof Boolean flag) {
      return Tensor.full(flag ? 1 : 0, DType.BOOL);
    } else if (item instanceof long[] places) {
      return Tensor.of(places);
    } else if (item instanceof int[] places) {
      return Tensor.of(places);
    } else if (item instanceof boolean[] mask) {
      return Tensor.of(mask);
    }
    throw new ShapeException(
        name
            + ": expected integers, tensors, arrays of integers or booleans, and what Index has, got "
            + (item == null ? "null; use newAxis()" : item.getClass().getSimpleName())
            + " for a tensor of shape "
            + x.shape());
  }

  /** How many dimensions of the tensor an item speaks of. */
  private static int dimensions(Object item) {
    if (item instanceof Tensor tensor) {
      return tensor.dtype() == DType.BOOL || tensor.dtype() == DType.UINT8 ? tensor.dim() : 1;
    }
    return item instanceof Index index && index.kind != Index.Kind.RANGE ? 0 : 1;
  }

  /** Whether a tensor stands for an integer. */
  private static boolean isPlace(Tensor tensor) {
    return tensor.dim() == 0
        && tensor.dtype().kind() == DType.Kind.INTEGRAL
        && tensor.dtype() != DType.UINT8;
  }

  private static ShapeException tooMany(String name, Tensor x, int count) {
    return new ShapeException(
        name + ": " + count + " indices are too many for a tensor of shape " + x.shape());
  }
}
