package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.index.IndexPut;
import java.util.List;

/** Writes to elements of one dimension, or of the flattened tensor, that an index names. */
final class IndexedDimension {
  private IndexedDimension() {}

  /** The tensor with a dimension first; a scalar as a vector. */
  private static Tensor first(Tensor x, int dim) {
    return x.dim() == 0 ? x.unsqueeze(0) : x.shape().dim(dim) == 0 ? x : x.movedim(dim, 0);
  }

  static Tensor put(
      String name, Tensor x, int dim, Tensor index, Tensor source, boolean accumulate) {
    checkVector(name, index);
    checkType(name, x, source);
    int at = x.shape().dim(dim);
    Tensor places = index.dim() == 0 ? index.unsqueeze(0) : index;
    Tensor target = first(x, at);
    boolean fits = source.dim() == x.dim() || (source.dim() <= 1 && x.dim() <= 1);
    Tensor values = fits ? first(source, at) : source;
    Shape expected = target.shape().with(0, places.numel());
    if (!values.shape().equals(expected)) {
      throw new ShapeException(
          name
              + ": a source of shape "
              + source.shape()
              + " does not fit "
              + places.numel()
              + " elements of dimension "
              + at
              + " of "
              + x.shape());
    }
    Dispatch.runInPlace(new IndexPut(accumulate, false), target, values, places);
    return x;
  }

  static Tensor fill(Tensor x, int dim, Tensor index, Tensor value) {
    checkVector("indexFill", index);
    if (value.dim() != 0) {
      throw new ShapeException(
          "indexFill: expected a value without dimensions, got " + value.shape());
    }
    Tensor target = first(x, dim);
    Tensor places = index.dim() == 0 ? index.unsqueeze(0) : index;
    long[] sizes = target.shape().with(0, places.numel()).toArray();
    Tensor values = value.to(x.dtype()).expand(sizes);
    Dispatch.runInPlace(new IndexPut(false, true), target, values, places);
    return x;
  }

  static Tensor takeAlong(Tensor x, Tensor indices, int dim) {
    if (x.dim() != indices.dim()) {
      throw new ShapeException(
          "takeAlongDim: "
              + x.shape()
              + " and indices "
              + indices.shape()
              + " differ in their number of dimensions");
    }
    if (x.dim() == 0) {
      return x.gather(dim, indices);
    }
    Shape others = Shape.broadcast(x.shape().with(dim, 1), indices.shape().with(dim, 1));
    if (others == null) {
      throw new ShapeException(
          "takeAlongDim: "
              + x.shape()
              + " and indices "
              + indices.shape()
              + " do not broadcast beside dimension "
              + dim);
    }
    return x.expand(others.with(dim, x.size(dim)).toArray())
        .gather(dim, indices.expand(others.with(dim, indices.size(dim)).toArray()));
  }

  static Tensor put(Tensor x, Tensor index, Tensor source, boolean accumulate) {
    checkType("put", x, source);
    if (index.numel() != source.numel()) {
      throw new ShapeException(
          "put: a source of "
              + source.shape()
              + " does not fit an index of "
              + index.shape()
              + "; expected as many elements");
    }
    boolean viewed = x.layout().view(Shape.of(x.numel())) != null;
    Tensor flat = viewed ? x.view(-1) : x.reshape(-1);
    Tensor places = index.reshape(-1);
    Dispatch.runInPlace(new IndexPut(accumulate, true), flat, source.reshape(-1), places);
    return viewed ? x : x.copy_(flat.view(x.shape().toArray()));
  }

  static Tensor maskedScatter(Tensor x, Tensor mask, Tensor source) {
    checkType("maskedScatter", x, source);
    Shape both = Shape.broadcast(x.shape(), mask.shape());
    if (both == null || !both.equals(x.shape())) {
      throw new ShapeException(
          "maskedScatter: mask " + mask.shape() + " does not broadcast to " + x.shape());
    }
    List<Tensor> places = mask.expand(both.toArray()).nonzero(true);
    long count = places.get(0).numel();
    if (source.numel() < count) {
      throw new ShapeException(
          "maskedScatter: a source of "
              + source.shape()
              + " has fewer elements than the mask's "
              + count
              + " true ones");
    }
    Tensor target = x.dim() == 0 ? x.unsqueeze(0) : x;
    target.indexPut_(places, source.reshape(-1).narrow(0, 0, count), false);
    return x;
  }

  private static void checkVector(String name, Tensor index) {
    if (index.dim() > 1) {
      throw new ShapeException(name + ": expected an index of one dimension, got " + index.shape());
    }
  }

  private static void checkType(String name, Tensor x, Tensor source) {
    if (x.dtype() != source.dtype()) {
      throw new DTypeException(
          name
              + ": expected a source of type "
              + x.dtype()
              + ", got "
              + source.dtype()
              + "; convert it with to()");
    }
  }
}
