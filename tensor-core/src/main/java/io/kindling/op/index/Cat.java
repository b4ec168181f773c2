package io.kindling.op.index;

import io.kindling.ShapeException;
import io.kindling.op.CastPolicy;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Promotion;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/** The inputs one after the other along a dimension; their other sizes are equal. */
public record Cat(int dim) implements Op {
  @Override
  public CastPolicy castPolicy() {
    return CastPolicy.PROMOTE;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 1, Integer.MAX_VALUE);
    Shape first = inputs[0].shape();
    if (first.rank() == 0) {
      throw new ShapeException("cat: tensors without dimensions cannot be joined; use stack()");
    }
    int at = first.dim(dim);
    long size = 0;
    for (Tensor input : inputs) {
      Shape shape = input.shape();
      if (shape.rank() != first.rank() || !shape.with(at, 0).equals(first.with(at, 0))) {
        throw new ShapeException(
            "cat: shapes "
                + first
                + " and "
                + shape
                + " differ in more than dimension "
                + at
                + ", along which they are joined");
      }
      size += shape.size(at);
    }
    Layout layout = inputs[0].layout().denseLike(first.with(at, size));
    return Op.one(new Spec(layout, Promotion.of(inputs)));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor whole = outputs[0];
    long start = 0;
    for (Tensor input : inputs) {
      long end = start + input.size(dim);
      Layout part = whole.layout().slice(dim, start, end, 1);
      whole.storage().retain();
      try (Tensor window =
          new Tensor(whole.storage(), new Spec(part, whole.dtype()), whole.device())) {
        new Copy(whole.dtype(), null).reference(new Tensor[] {input}, new Tensor[] {window});
      }
      start = end;
    }
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    int count = 0;
    while (context.given(count)) {
      count++;
    }
    Tensor[] parts = new Tensor[count];
    long start = 0;
    for (int i = 0; i < count; i++) {
      long size = context.inputSpec(i).shape().size(dim);
      parts[i] = context.needs(i) ? gradients[0].narrow(dim, start, size) : null;
      start += size;
    }
    return parts;
  }
}
