package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.op.Dispatch;
import io.kindling.op.index.Cat;
import java.util.ArrayList;
import java.util.List;

/** What is done to several tensors before they are joined. */
final class Joining {
  private Joining() {}

  /** The tensors with at least so many dimensions, as hstack, vstack and dstack add them. */
  static List<Tensor> atLeast(List<Tensor> tensors, int rank) {
    return tensors.stream().map(tensor -> atLeast(tensor, rank)).toList();
  }

  private static Tensor atLeast(Tensor tensor, int rank) {
    Tensor grown = tensor.dim() == 0 ? tensor.unsqueeze(0) : tensor;
    if (grown.dim() == 1 && rank > 1) {
      grown = grown.unsqueeze(0);
    }
    return grown.dim() == 2 && rank > 2 ? grown.unsqueeze(2) : grown;
  }

  /** Tensors of one shape along a new dimension. */
  static Tensor stack(List<Tensor> tensors, int dim) {
    Shape shape = tensors.get(0).shape();
    Tensor[] layers = new Tensor[tensors.size()];
    for (int i = 0; i < layers.length; i++) {
      Tensor tensor = tensors.get(i);
      if (!tensor.shape().equals(shape)) {
        throw new ShapeException(
            "stack: expected tensors of one shape, got " + shape + " and " + tensor.shape());
      }
      layers[i] = tensor.unsqueeze(dim);
    }
    return Dispatch.run(new Cat(Shape.wrap(dim, shape.rank() + 1)), layers);
  }

  /** The shape to which all broadcast. */
  static Shape common(List<Tensor> tensors) {
    Shape common = Shape.SCALAR;
    for (Tensor tensor : tensors) {
      Shape both = Shape.broadcast(common, tensor.shape());
      if (both == null) {
        throw new ShapeException(
            "broadcastTensors: " + common + " and " + tensor.shape() + " do not broadcast");
      }
      common = both;
    }
    return common;
  }

  static List<Tensor> meshgrid(List<Tensor> axes, String indexing) {
    boolean swapped = indexing.equals("xy") && axes.size() >= 2;
    if (axes.isEmpty() || !(indexing.equals("ij") || indexing.equals("xy"))) {
      throw new ShapeException(
          "meshgrid: expected vectors and the indexing 'ij' or 'xy', got '" + indexing + "'");
    }
    long[] shape = new long[axes.size()];
    for (int i = 0; i < shape.length; i++) {
      Tensor axis = axes.get(i);
      if (axis.dim() > 1) {
        throw new ShapeException("meshgrid: expected vectors, got " + axis.shape());
      }
      if (axis.dtype() != axes.get(0).dtype()) {
        throw new DTypeException(
            "meshgrid: expected vectors of one type, got "
                + axes.get(0).dtype()
                + " and "
                + axis.dtype());
      }
      shape[place(i, swapped)] = axis.numel();
    }
    List<Tensor> grids = new ArrayList<>();
    for (int i = 0; i < shape.length; i++) {
      long[] along = new long[shape.length];
      java.util.Arrays.fill(along, 1);
      along[place(i, swapped)] = axes.get(i).numel();
      grids.add(axes.get(i).reshape(along).expand(shape));
    }
    return grids;
  }

  private static int place(int axis, boolean swapped) {
    return swapped && axis < 2 ? 1 - axis : axis;
  }
}
