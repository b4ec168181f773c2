package io.kindling.tensor;

import io.kindling.AutogradException;
import io.kindling.DTypeException;
import io.kindling.KindlingException;
import io.kindling.ShapeException;
import io.kindling.amp.Autocast;
import io.kindling.autograd.Autograd;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Where;
import io.kindling.op.index.Cat;
import io.kindling.op.index.SearchSorted;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Functions of several tensors that are no methods of one of them, reached as {@code Tensor.cat}
 * and so on.
 */
abstract class TensorFunctions extends RandomFunctions {
  TensorFunctions() {}

  /**
   * Sums of products over named dimensions, as {@code einsum("ij,jk->ik", a, b)}. An ellipsis
   * stands for the dimensions that have no letter, which broadcast.
   */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Composite.run("einsum", () -> Einsum.run(equation, List.of(operands)));
  }

  /** Sums of products over the last {@code dims} dimensions of a and the first of b. */
  public static Tensor tensordot(Tensor a, Tensor b, int dims) {
    if (dims < 0 || dims > Math.min(a.dim(), b.dim())) {
      throw new ShapeException(
          "tensordot: " + dims + " dims are not to be had from " + a.shape() + " and " + b.shape());
    }
    int[] last = IntStream.range(a.dim() - dims, a.dim()).toArray();
    return Products.tensordot(a, b, last, IntStream.range(0, dims).toArray());
  }

  /** Sums of products over dimensions {@code dims[0]} of a, each with that of b in dims[1]. */
  public static Tensor tensordot(Tensor a, Tensor b, int[][] dims) {
    if (dims.length != 2) {
      throw new ShapeException("tensordot: expected two lists of dims, got " + dims.length);
    }
    return Products.tensordot(a, b, dims[0], dims[1]);
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

  public static Tensor cat(List<Tensor> tensors) {
    return cat(tensors, 0);
  }

  public static Tensor stack(List<Tensor> tensors) {
    return stack(tensors, 0);
  }

  /** Tensors beside each other: along dimension 1, vectors along dimension 0. */
  public static Tensor hstack(List<Tensor> tensors) {
    return Composite.run(
        "hstack",
        () -> {
          List<Tensor> lines = Joining.atLeast(tensors, 1);
          return cat(lines, lines.isEmpty() || lines.get(0).dim() == 1 ? 0 : 1);
        });
  }

  /** Tensors below each other: along dimension 0, vectors as rows. */
  public static Tensor vstack(List<Tensor> tensors) {
    return Composite.run("vstack", () -> cat(Joining.atLeast(tensors, 2), 0));
  }

  /** Tensors behind each other: along dimension 2, vectors as rows. */
  public static Tensor dstack(List<Tensor> tensors) {
    return Composite.run("dstack", () -> cat(Joining.atLeast(tensors, 3), 2));
  }

  /** Views of one shape, to which all broadcast. */
  public static List<Tensor> broadcastTensors(List<Tensor> tensors) {
    Shape shape = Joining.common(tensors);
    return tensors.stream().map(t -> t.expand(shape.toArray())).toList();
  }

  /**
   * The coordinates of a grid whose axes are vectors: one view an axis.
   *
   * @param indexing {@code "ij"} for the axes in their order, {@code "xy"} for the first two
   *     swapped
   */
  public static List<Tensor> meshgrid(List<Tensor> axes, String indexing) {
    return Composite.runAll("meshgrid", () -> Joining.meshgrid(axes, indexing));
  }

  public static List<Tensor> meshgrid(List<Tensor> axes) {
    return meshgrid(axes, "ij");
  }

  /** Tensors of one shape along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    if (tensors.isEmpty()) {
      throw new ShapeException("stack: expected at least one tensor");
    }
    return Composite.run("stack", () -> Joining.stack(tensors, dim));
  }

  /** Elements of {@code then} where the condition is true, else of {@code otherwise}. */
  public static Tensor where(Tensor condition, Tensor then, Tensor otherwise) {
    return Dispatch.run(new Where(), condition, then, otherwise);
  }

  public static Tensor where(Tensor condition, Tensor then, double otherwise) {
    return Composite.run(
        "where", () -> where(condition, then, NumberOperand.beside(then, otherwise)));
  }

  public static Tensor where(Tensor condition, Tensor then, long otherwise) {
    return Composite.run(
        "where", () -> where(condition, then, NumberOperand.beside(then, otherwise)));
  }

  public static Tensor where(Tensor condition, double then, Tensor otherwise) {
    return Composite.run(
        "where", () -> where(condition, NumberOperand.beside(otherwise, then), otherwise));
  }

  public static Tensor where(Tensor condition, long then, Tensor otherwise) {
    return Composite.run(
        "where", () -> where(condition, NumberOperand.beside(otherwise, then), otherwise));
  }

  /** A number to the powers of a tensor. */
  public static Tensor pow(double base, Tensor exponent) {
    return Composite.run("pow", () -> NumberOperand.beside(exponent, base).pow(exponent));
  }

  public static Tensor pow(long base, Tensor exponent) {
    return Composite.run("pow", () -> NumberOperand.beside(exponent, base).pow(exponent));
  }

  /**
   * Where values would have to be inserted to keep a sequence sorted, as int64: before equal ones,
   * or after them if {@code right} says so.
   *
   * @param sorted {@code (N)}, or one sequence a line of {@code values}: {@code (..., N)}
   */
  public static Tensor searchsorted(Tensor sorted, Tensor values, boolean right) {
    return Dispatch.run(new SearchSorted(right), sorted, values);
  }

  public static Tensor searchsorted(Tensor sorted, Tensor values) {
    return searchsorted(sorted, values, false);
  }

  public static Tensor searchsorted(Tensor sorted, double value) {
    return Composite.run(
        "searchsorted", () -> searchsorted(sorted, Tensor.full(value, sorted.dtype())));
  }

  /**
   * Stores what a call gives in a tensor that is there, PyTorch's {@code out=}: {@code
   * Tensor.out(sum, () -> a.add(b))}. The target keeps its shape, type and memory; the result may
   * be of a narrower type. The call may read the target. No gradient is recorded.
   *
   * @throws ShapeException if the shapes differ: a target is not resized
   * @throws DTypeException if the result's kind of type does not fit the target's
   * @throws AutogradException if a gradient would have to be recorded
   */
  public static Tensor out(Tensor target, Supplier<Tensor> call) {
    try (Scope scope = Scope.open();
        Autocast off = Autocast.enabled(false)) {
      Tensor result = call.get();
      checkOut(target, result);
      store(target, result);
    }
    return target;
  }

  private static void store(Tensor target, Tensor result) {
    try {
      target.copy_(result);
    } catch (KindlingException e) {
      throw e.during("out");
    }
  }

  private static void checkOut(Tensor target, Tensor result) {
    if (Autograd.isGradEnabled() && (result.requiresGrad() || target.requiresGrad())) {
      throw new AutogradException(
          "out: a result stored in a given tensor has no gradient; use what the call returns, or"
              + " run it under Autograd.noGrad()");
    }
    if (!result.shape().equals(target.shape())) {
      throw new ShapeException(
          "out: a result of shape "
              + result.shape()
              + " does not fit a target of shape "
              + target.shape()
              + "; give one of the result's shape");
    }
    if (!result.dtype().canCastTo(target.dtype())) {
      throw new DTypeException(
          "out: a result of type "
              + result.dtype()
              + " does not fit a target of type "
              + target.dtype()
              + "; convert it with to() first");
    }
  }

  /** The positions where a condition is not 0, a tensor a dimension. */
  public static List<Tensor> where(Tensor condition) {
    return condition.nonzero(true);
  }
}
