package io.kindling.tensor;

import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Where;
import io.kindling.op.index.Cat;
import java.util.List;

/**
 * Functions of several tensors that are no methods of one of them, reached as {@code Tensor.cat}
 * and so on.
 */
abstract class TensorFunctions extends RandomFunctions {
  TensorFunctions() {}

  /** Sums of products over named dimensions, as {@code einsum("ij,jk->ik", a, b)}. */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Scope.tidy(() -> Einsum.run(equation, List.of(operands)));
  }

  /** The tensors one after the other along a dimension. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    // As in PyTorch, a tensor of shape [0] joins with anything.
    List<Tensor> filled = tensors.stream().filter(t -> t.dim() != 1 || t.numel() > 0).toList();
    if (tensors.isEmpty()) {
      throw new ShapeException("cat: expected at least one tensor");
    }
    List<Tensor> joined = filled.isEmpty() ? tensors : filled;
    return Dispatch.run(new Cat(dim), joined.toArray(new Tensor[0]));
  }

  /** Tensors of one shape along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    if (tensors.isEmpty()) {
      throw new ShapeException("stack: expected at least one tensor");
    }
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

  /** Elements of {@code then} where the condition is true, else of {@code otherwise}. */
  public static Tensor where(Tensor condition, Tensor then, Tensor otherwise) {
    return Dispatch.run(new Where(), condition, then, otherwise);
  }
}
