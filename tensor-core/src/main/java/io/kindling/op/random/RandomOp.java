package io.kindling.op.random;

import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * Fills a tensor like its input, whose values are not read, with independent random numbers.
 * Element i in row-major order takes 32 bits of the stream, or 64 if its type has more, so that the
 * values do not depend on the order in memory.
 */
public interface RandomOp extends Op {
  /** Where in which stream the values start. */
  Generator.State start();

  /** Four values from 128 bits, for types of at most 32 bits. */
  void four(int[] words, double[] values);

  /** Two values from 128 bits, for types of 64 bits. */
  void two(int[] words, double[] values);

  /** How many blocks of a stream a tensor takes. */
  static long blocks(Tensor tensor) {
    int each = perBlock(tensor.dtype());
    return (tensor.numel() + each - 1) / each;
  }

  private static int perBlock(DType dtype) {
    return dtype.bytes() == 8 ? 2 : 4;
  }

  /** The upper 53 of two words' bits, as a multiple of 2^-53 below 1. */
  static double fraction(int high, int low) {
    return ((((long) high << 32) | (low & 0xffffffffL)) >>> 11) * 0x1p-53;
  }

  /** The upper 24 bits, as a multiple of 2^-24 below 1, which a float holds exactly. */
  static double fraction(int word) {
    return (word >>> 8) * 0x1p-24;
  }

  @Override
  default Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1);
    Tensor like = inputs[0];
    return Op.one(new Spec(like.layout().denseLike(like.shape()), like.dtype()));
  }

  @Override
  default boolean runsInPlace() {
    return true;
  }

  @Override
  default void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor out = outputs[0];
    Layout layout = out.layout();
    Shape shape = out.shape();
    DType dtype = out.dtype();
    int each = perBlock(dtype);
    int[] words = new int[4];
    double[] values = new double[each];
    long[] index = new long[shape.rank()];
    long position = layout.offset();
    for (long i = 0, count = out.numel(); i < count; i++) {
      int lane = (int) (i % each);
      if (lane == 0) {
        Philox.at(start().seed(), start().offset() + i / each, words);
        if (each == 4) {
          four(words, values);
        } else {
          two(words, values);
        }
      }
      dtype.writeDouble(out.storage().address() + position * dtype.bytes(), values[lane]);
      for (int d = index.length - 1; d >= 0; d--) {
        position += layout.stride(d);
        if (++index[d] < shape.size(d)) {
          break;
        }
        position -= shape.size(d) * layout.stride(d);
        index[d] = 0;
      }
    }
  }

  @Override
  default Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    return new Tensor[] {null}; // the result does not depend on the tensor's old values
  }
}
