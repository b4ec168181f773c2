package io.kindling.op.reduce;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.ReduceLoop;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.BitSet;
import java.util.List;

/**
 * Reduces some dimensions of one input, in a fixed order, so that the same input gives the same
 * bits. Floating types are reduced in double precision, float32 with a few steps in its own;
 * integers as longs.
 */
public interface Reduction extends Op {
  /** The reduced dimensions, possibly counted from the end; empty means all. */
  List<Integer> dims();

  /** Whether reduced dimensions stay, with size 1. */
  boolean keepDim();

  /** The result of reducing nothing, or NaN where that is an error. */
  double identity();

  double combine(double a, double b);

  /** Reduces the first {@code count} values, at least one. */
  double fold(double[] x, int count);

  /** Combines {@code x} with {@code partial}, element by element, into {@code partial}. */
  void accumulate(double[] x, double[] partial, int count);

  /** Whether a few values of types up to float32 may be combined as floats. */
  default boolean inFloats() {
    return false;
  }

  /** As with doubles, if {@link #inFloats}. */
  default void accumulate(float[] x, float[] partial, int count) {
    throw new DTypeException(name() + " does not combine values as floats; see inFloats()");
  }

  /** Turns what {@code count} values combined to into the result. */
  default double finish(double combined, long count) {
    return combined;
  }

  /** As with doubles, of integers and booleans. */
  default void accumulate(long[] x, long[] partial, int count) {
    throw notForIntegers();
  }

  default long combineLongs(long a, long b) {
    throw notForIntegers();
  }

  default long identityLongs() {
    throw notForIntegers();
  }

  private DTypeException notForIntegers() {
    return new DTypeException(name() + " is not defined for integers; convert with to() first");
  }

  /** The type of the result. */
  default DType result(DType input) {
    return input;
  }

  /** Which dimensions of a tensor of this shape are reduced. */
  default BitSet reduced(Shape shape) {
    BitSet reduced = new BitSet();
    if (dims().isEmpty()) {
      reduced.set(0, shape.rank());
    }
    for (int dim : dims()) {
      if (shape.rank() == 0 && (dim == 0 || dim == -1)) {
        continue;
      }
      int at = shape.dim(dim);
      if (reduced.get(at)) {
        throw new ShapeException(name() + ": dimension " + at + " is named twice in " + dims());
      }
      reduced.set(at);
    }
    return reduced;
  }

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Shape shape = inputs[0].shape();
    BitSet reduced = reduced(shape);
    if (Double.isNaN(identity())) {
      for (int dim = 0; dim < shape.rank(); dim++) {
        if (reduced.get(dim) && shape.size(dim) == 0) {
          throw new ShapeException(
              name() + ": dimension " + dim + " of " + shape + " is empty and has no " + name());
        }
      }
    }
    return Op.one(Spec.of(outputShape(shape, reduced), result(inputs[0].dtype())));
  }

  private Shape outputShape(Shape shape, BitSet reduced) {
    long[] kept = new long[shape.rank()];
    int rank = 0;
    for (int dim = 0; dim < shape.rank(); dim++) {
      if (!reduced.get(dim)) {
        kept[rank++] = shape.size(dim);
      } else if (keepDim()) {
        kept[rank++] = 1;
      }
    }
    return Shape.of(java.util.Arrays.copyOf(kept, rank));
  }

  /** A tensor of the output's shape under the shape it would have with keepDim. */
  default Tensor withReducedDims(Tensor output, Shape input) {
    if (keepDim() || output.dim() == input.rank() || output.dim() == 0) {
      return output;
    }
    BitSet reduced = reduced(input);
    long[] sizes = input.toArray();
    for (int dim = 0; dim < sizes.length; dim++) {
      sizes[dim] = reduced.get(dim) ? 1 : sizes[dim];
    }
    return output.view(sizes);
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    ReduceLoop.run(this, inputs[0], outputs[0]);
  }
}
