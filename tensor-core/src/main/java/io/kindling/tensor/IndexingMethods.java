package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.Op;
import io.kindling.op.elementwise.MaskedFill;
import io.kindling.op.index.Gather;
import io.kindling.op.index.IndexGet;
import io.kindling.op.index.IndexSelect;
import io.kindling.op.index.Nonzero;
import io.kindling.op.index.Scatter;
import io.kindling.op.index.ScatterReduce;
import io.kindling.op.index.ScatterReduction;
import java.util.List;

/** Elements taken and placed by integer tensors and bool masks. */
interface IndexingMethods {
  /**
   * {@code x[items]} of PyTorch and NumPy. An item is an integer, what {@link Index} has ({@code
   * all()}, {@code range(0, -1, 2)}, {@code ellipsis()}, {@code newAxis()}), an integer tensor or
   * array, or a mask: a bool tensor, array or value. Integers, ranges and new axes make a view;
   * tensors, arrays and masks a copy.
   */
  default Tensor get(Object... items) {
    return Composite.run(
        "get",
        () -> {
          Tensor found = Indexing.of("get", self(), items).get();
          return found == self() ? self().alias() : found;
        });
  }

  /** Writes values, which broadcast, to what {@link #get} with these items would give. */
  default Tensor set(Tensor value, Object... items) {
    return Composite.run(
        "set",
        () -> {
          Indexing.of("set", self(), items).put(value, false);
          return self();
        });
  }

  default Tensor set(double value, Object... items) {
    return Composite.run("set", () -> set(NumberOperand.inTypeOf("set", self(), value), items));
  }

  /**
   * This tensor with values in place of the elements that integer tensors or masks, one for each of
   * the first dimensions, name together; null stands for a whole dimension. {@code accumulate} adds
   * them instead, as often as an element is named.
   */
  default Tensor indexPut(List<Tensor> indices, Tensor values, boolean accumulate) {
    return Composite.run("indexPut", () -> self().clone().indexPut_(indices, values, accumulate));
  }

  default Tensor indexPut(List<Tensor> indices, Tensor values) {
    return indexPut(indices, values, false);
  }

  default Tensor indexPut_(List<Tensor> indices, Tensor values, boolean accumulate) {
    return Composite.run(
        "indexPut",
        () -> {
          Indexing.of("indexPut", self(), indices).put(values, accumulate);
          return self();
        });
  }

  default Tensor indexPut_(List<Tensor> indices, Tensor values) {
    return indexPut_(indices, values, false);
  }

  /** The elements of a dimension that an integer tensor {@code (K)} names, in its order. */
  default Tensor indexSelect(int dim, Tensor index) {
    if (self().dim() > 0 && index.dim() == 1) {
      return Dispatch.run(new IndexSelect(dim), self(), index);
    }
    // As in PyTorch, an index without dimensions is one of one element, and so is a tensor.
    return Composite.run(
        "indexSelect",
        () -> {
          Tensor places = index.dim() == 0 ? index.unsqueeze(0) : index;
          return self().dim() > 0
              ? Dispatch.run(new IndexSelect(dim), self(), places)
              : Dispatch.run(new IndexSelect(dim), self().unsqueeze(0), places).squeeze(0);
        });
  }

  /** One element of a dimension for each element of an integer tensor of the same rank. */
  default Tensor gather(int dim, Tensor index) {
    return Dispatch.run(new Gather(dim), self(), index);
  }

  /**
   * Places the elements of {@code source} where {@link #gather} with this index would take them.
   * The source may be larger than the index.
   */
  default Tensor scatter(int dim, Tensor index, Tensor source) {
    return Composite.run(
        "scatter", () -> Dispatch.run(new Scatter(dim), self(), index, within(source, index)));
  }

  default Tensor scatter(int dim, Tensor index, double value) {
    return Composite.run(
        "scatter", () -> Dispatch.run(new Scatter(dim), self(), index, filled(index, value)));
  }

  default Tensor scatter_(int dim, Tensor index, Tensor source) {
    return Composite.run(
        "scatter",
        () -> Dispatch.runInPlace(new Scatter(dim), self(), index, within(source, index)));
  }

  default Tensor scatter_(int dim, Tensor index, double value) {
    return Composite.run(
        "scatter",
        () -> Dispatch.runInPlace(new Scatter(dim), self(), index, filled(index, value)));
  }

  /** As {@link #scatter(int, Tensor, Tensor)}, added to what is there. */
  default Tensor scatterAdd(int dim, Tensor index, Tensor source) {
    return Composite.run(
        "scatterAdd", () -> Dispatch.run(add(dim), self(), index, within(source, index)));
  }

  default Tensor scatterAdd_(int dim, Tensor index, Tensor source) {
    return Composite.run(
        "scatterAdd", () -> Dispatch.runInPlace(add(dim), self(), index, within(source, index)));
  }

  private static Op add(int dim) {
    return new ScatterReduce(dim, ScatterReduction.SUM, true);
  }

  /**
   * As {@link #scatter(int, Tensor, Tensor)}, with what comes to one place combined.
   *
   * @param reduce {@code sum}, {@code prod}, {@code mean}, {@code amax} or {@code amin}
   * @param includeSelf whether this tensor's own value counts where something comes
   */
  default Tensor scatterReduce(
      int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
    return Composite.run(
        "scatterReduce",
        () ->
            ScatteredReduction.of(self(), dim, index, within(source, index), reduce, includeSelf));
  }

  default Tensor scatterReduce(int dim, Tensor index, Tensor source, String reduce) {
    return scatterReduce(dim, index, source, reduce, true);
  }

  default Tensor scatterReduce_(
      int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
    // The gradient may read the values of before.
    return Composite.run(
        "scatterReduce",
        () -> self().copy_(self().clone().scatterReduce(dim, index, source, reduce, includeSelf)));
  }

  default Tensor scatterReduce_(int dim, Tensor index, Tensor source, String reduce) {
    return scatterReduce_(dim, index, source, reduce, true);
  }

  /**
   * As {@link #indexAdd(int, Tensor, Tensor)}, with another way to combine.
   *
   * @param reduce {@code prod}, {@code mean}, {@code amax} or {@code amin}
   * @param includeSelf whether this tensor's own value counts where something comes
   */
  default Tensor indexReduce(
      int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
    return Composite.run(
        "indexReduce",
        () -> ScatteredReduction.ofSlices(self(), dim, index, source, reduce, includeSelf));
  }

  default Tensor indexReduce(int dim, Tensor index, Tensor source, String reduce) {
    return indexReduce(dim, index, source, reduce, true);
  }

  default Tensor indexReduce_(
      int dim, Tensor index, Tensor source, String reduce, boolean includeSelf) {
    return Composite.run(
        "indexReduce",
        () -> self().copy_(self().clone().indexReduce(dim, index, source, reduce, includeSelf)));
  }

  default Tensor indexReduce_(int dim, Tensor index, Tensor source, String reduce) {
    return indexReduce_(dim, index, source, reduce, true);
  }

  /** The part of a source that an index of the same rank uses. */
  private static Tensor within(Tensor source, Tensor index) {
    Tensor part = source;
    for (int d = 0; source.dim() == index.dim() && d < index.dim(); d++) {
      if (part.size(d) > index.size(d)) {
        part = part.narrow(d, 0, index.size(d));
      }
    }
    return part;
  }

  private Tensor filled(Tensor index, double value) {
    return NumberOperand.inTypeOf("scatter", self(), value).expand(index.shape().toArray());
  }

  /** A value where a bool mask is true. */
  default Tensor maskedFill(Tensor mask, double value) {
    try (Tensor number = NumberOperand.inTypeOf("maskedFill", self(), value)) {
      return maskedFill(mask, number);
    }
  }

  default Tensor maskedFill(Tensor mask, Tensor value) {
    return Dispatch.run(new MaskedFill(), self(), mask, value);
  }

  default Tensor maskedFill_(Tensor mask, double value) {
    try (Tensor number = NumberOperand.inTypeOf("maskedFill_", self(), value)) {
      return Dispatch.runInPlace(new MaskedFill(), self(), mask, number);
    }
  }

  /** The elements where a bool mask is true, in one dimension. */
  default Tensor maskedSelect(Tensor mask) {
    Op.checkType("maskedSelect", mask, DType.BOOL);
    Shape both = Shape.broadcast(self().shape(), mask.shape());
    if (both == null) {
      throw new ShapeException(
          "maskedSelect: " + self().shape() + " and mask " + mask.shape() + " do not broadcast");
    }
    return Composite.run(
        "maskedSelect",
        () -> {
          Tensor flags = mask.expand(both.toArray()).reshape(-1);
          Tensor places = flags.nonzero().squeeze(1);
          return self().expand(both.toArray()).reshape(-1).indexSelect(0, places);
        });
  }

  /** The positions {@code (count, dimensions)} of the elements that are not 0. */
  default Tensor nonzero() {
    return Dispatch.run(new Nonzero(), self());
  }

  /** As {@link #nonzero()}. */
  default Tensor argwhere() {
    return nonzero();
  }

  /** The positions of the elements that are not 0, a tensor a dimension, as {@link #get} takes. */
  default List<Tensor> nonzero(boolean asTuple) {
    if (!asTuple) {
      return List.of(nonzero());
    }
    try (Tensor line = self().dim() == 0 ? self().unsqueeze(0) : self().alias();
        Tensor places = line.nonzero()) {
      return places.unbind(1);
    }
  }

  /**
   * This tensor with {@code alpha * source} added to the elements of a dimension that are named.
   */
  default Tensor indexAdd(int dim, Tensor index, Tensor source, double alpha) {
    return Composite.run("indexAdd", () -> self().clone().indexAdd_(dim, index, source, alpha));
  }

  default Tensor indexAdd(int dim, Tensor index, Tensor source) {
    return indexAdd(dim, index, source, 1);
  }

  default Tensor indexAdd_(int dim, Tensor index, Tensor source, double alpha) {
    Op.checkType("indexAdd", index, DType.INT64, DType.INT32);
    return Composite.run(
        "indexAdd",
        () -> {
          Tensor added = alpha == 1 ? source : source.mul(alpha).to(source.dtype());
          return IndexedDimension.put("indexAdd", self(), dim, index, added, true);
        });
  }

  default Tensor indexAdd_(int dim, Tensor index, Tensor source) {
    return indexAdd_(dim, index, source, 1);
  }

  /** This tensor with the elements of a dimension that are named replaced by those of a source. */
  default Tensor indexCopy(int dim, Tensor index, Tensor source) {
    return Composite.cast(
        "indexCopy",
        CastPolicy.PROMOTE,
        in -> in[0].clone().indexCopy_(dim, in[1], in[2]),
        self(),
        index,
        source);
  }

  default Tensor indexCopy_(int dim, Tensor index, Tensor source) {
    Op.checkType("indexCopy", index, DType.INT64);
    return Composite.run(
        "indexCopy", () -> IndexedDimension.put("indexCopy", self(), dim, index, source, false));
  }

  /** This tensor with a value for the elements of a dimension that are named. */
  default Tensor indexFill(int dim, Tensor index, double value) {
    return Composite.run("indexFill", () -> self().clone().indexFill_(dim, index, value));
  }

  default Tensor indexFill(int dim, Tensor index, Tensor value) {
    return Composite.run("indexFill", () -> self().clone().indexFill_(dim, index, value));
  }

  default Tensor indexFill_(int dim, Tensor index, double value) {
    return Composite.run(
        "indexFill",
        () -> indexFill_(dim, index, NumberOperand.inTypeOf("indexFill", self(), value)));
  }

  default Tensor indexFill_(int dim, Tensor index, Tensor value) {
    Op.checkType("indexFill", index, DType.INT64);
    return Composite.run("indexFill", () -> IndexedDimension.fill(self(), dim, index, value));
  }

  /** The elements that an int64 tensor names, counted in row-major order; of its shape. */
  default Tensor take(Tensor index) {
    Op.checkType("take", index, DType.INT64);
    return Composite.run("take", () -> Dispatch.run(new IndexGet(true), self().flatten(), index));
  }

  /** As {@link #gather}, of an index whose other sizes broadcast. */
  default Tensor takeAlongDim(Tensor indices, int dim) {
    Op.checkType("takeAlongDim", indices, DType.INT64);
    return Composite.run("takeAlongDim", () -> IndexedDimension.takeAlong(self(), indices, dim));
  }

  /** As {@link #take}, of the elements in row-major order. */
  default Tensor takeAlongDim(Tensor indices) {
    return Composite.run("takeAlongDim", () -> self().flatten().takeAlongDim(indices.flatten(), 0));
  }

  /** Writes to, or adds to, the elements that {@link #take} would take. */
  default Tensor put_(Tensor index, Tensor source, boolean accumulate) {
    Op.checkType("put", index, DType.INT64);
    return Composite.run("put", () -> IndexedDimension.put(self(), index, source, accumulate));
  }

  default Tensor put_(Tensor index, Tensor source) {
    return put_(index, source, false);
  }

  /** As {@link #put_(Tensor, Tensor, boolean)}, of a copy. */
  default Tensor put(Tensor index, Tensor source, boolean accumulate) {
    return Composite.run("put", () -> self().clone().put_(index, source, accumulate));
  }

  default Tensor put(Tensor index, Tensor source) {
    return put(index, source, false);
  }

  /** The elements of a source, in order, where a mask is true. */
  default Tensor maskedScatter(Tensor mask, Tensor source) {
    Shape both = Shape.broadcast(self().shape(), mask.shape());
    if (both == null) {
      throw new ShapeException(
          "maskedScatter: " + self().shape() + " and mask " + mask.shape() + " do not broadcast");
    }
    return Composite.run(
        "maskedScatter",
        () -> self().expand(both.toArray()).clone().contiguous().maskedScatter_(mask, source));
  }

  default Tensor maskedScatter_(Tensor mask, Tensor source) {
    Op.checkType("maskedScatter", mask, DType.BOOL);
    return Composite.run(
        "maskedScatter", () -> IndexedDimension.maskedScatter(self(), mask, source));
  }

  default Tensor maskedFill_(Tensor mask, Tensor value) {
    return Dispatch.runInPlace(new MaskedFill(), self(), mask, value);
  }

  /** Elements of this tensor where a condition is true, else of another. */
  default Tensor where(Tensor condition, Tensor other) {
    return Tensor.where(condition, self(), other);
  }

  default Tensor where(Tensor condition, double other) {
    return Tensor.where(condition, self(), other);
  }

  default Tensor where(Tensor condition, long other) {
    return Tensor.where(condition, self(), other);
  }

  private Tensor self() {
    return (Tensor) this;
  }
}
