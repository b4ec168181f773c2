package io.kindling.tensor;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Products put together from products of two matrices. */
final class Products {
  private Products() {}

  /** Sums of products over pairs of dimensions; the rest of {@code a}'s, then of {@code b}'s. */
  static Tensor tensordot(Tensor a, Tensor b, int[] dimsA, int[] dimsB) {
    if (a.dtype() != b.dtype()) {
      throw types("tensordot", a, b);
    }
    if (dimsA.length != dimsB.length) {
      throw new ShapeException(
          "tensordot: the lists of dims must have one length, got "
              + Arrays.toString(dimsA)
              + " and "
              + Arrays.toString(dimsB));
    }
    return Scope.tidy(
        () -> {
          Tensor left = a;
          Tensor right = b;
          boolean[] summedA = new boolean[a.dim()];
          boolean[] summedB = new boolean[b.dim()];
          for (int i = 0; i < dimsA.length; i++) {
            int dimA = mark(a, dimsA[i], summedA);
            int dimB = mark(b, dimsB[i], summedB);
            if (a.size(dimA) != b.size(dimB)) {
              // A dimension of size 1 repeats: the other may be summed on its own.
              if (a.size(dimA) == 1) {
                right = right.sum(dimB, true);
              } else if (b.size(dimB) == 1) {
                left = left.sum(dimA, true);
              } else {
                throw new ShapeException(
                    "tensordot: dimension "
                        + dimA
                        + " of "
                        + a.shape()
                        + " and dimension "
                        + dimB
                        + " of "
                        + b.shape()
                        + " have different sizes");
              }
            }
          }
          int[] restA = rest(summedA);
          int[] restB = rest(summedB);
          long inner = size(left, dimsA);
          Tensor rows = left.permute(join(restA, wrapped(a, dimsA))).reshape(size(a, restA), inner);
          Tensor columns =
              right.permute(join(wrapped(b, dimsB), restB)).reshape(inner, size(b, restB));
          long[] sizes = new long[restA.length + restB.length];
          for (int i = 0; i < sizes.length; i++) {
            sizes[i] = i < restA.length ? a.size(restA[i]) : b.size(restB[i - restA.length]);
          }
          return rows.matmul(columns).reshape(sizes);
        });
  }

  private static int mark(Tensor tensor, int dim, boolean[] summed) {
    if (dim < -tensor.dim() || dim >= tensor.dim()) {
      throw new ShapeException("tensordot: there is no dimension " + dim + " of " + tensor.shape());
    }
    int at = tensor.shape().dim(dim);
    if (summed[at]) {
      throw new ShapeException(
          "tensordot: dimension " + at + " of " + tensor.shape() + " is named twice");
    }
    summed[at] = true;
    return at;
  }

  private static int[] rest(boolean[] summed) {
    return java.util.stream.IntStream.range(0, summed.length).filter(d -> !summed[d]).toArray();
  }

  private static int[] wrapped(Tensor tensor, int[] dims) {
    return Arrays.stream(dims).map(tensor.shape()::dim).toArray();
  }

  private static int[] join(int[] first, int[] second) {
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static long size(Tensor tensor, int[] dims) {
    return Arrays.stream(dims).mapToLong(tensor::size).reduce(1, (x, y) -> x * y);
  }

  /** By squaring. */
  static Tensor power(Tensor a, int n) {
    checkSquare("linalg.matrixPower", a);
    return Scope.tidy(
        () -> {
          if (n == 0) {
            long size = a.size(-1);
            Tensor eye = Tensor.eye(size, size, a.dtype());
            return eye.expand(a.shape().toArray()).clone();
          }
          Tensor square = n < 0 ? Linalg.inv(a) : a;
          Tensor power = null;
          for (long left = Math.abs((long) n); ; left >>= 1) {
            if ((left & 1) == 1) {
              power = power == null ? square : power.matmul(square);
            }
            if (left <= 1) {
              return n == 1 ? power.clone() : power;
            }
            square = square.matmul(square);
          }
        });
  }

  private static void checkSquare(String name, Tensor a) {
    if (a.dim() < 2 || a.size(-1) != a.size(-2)) {
      throw new ShapeException(
          name + ": the matrices must be square (..., N, N), got " + a.shape());
    }
  }

  static Tensor chain(List<Tensor> tensors) {
    int count = tensors.size();
    if (count < 2) {
      throw new ShapeException("linalg.multiDot: expected at least 2 tensors, got " + count);
    }
    return Scope.tidy(
        () -> {
          Tensor first = tensors.get(0);
          Tensor last = tensors.get(count - 1);
          List<Tensor> matrices = new ArrayList<>(tensors);
          if (first.dim() == 1) {
            matrices.set(0, first.unsqueeze(0));
          }
          if (last.dim() == 1) {
            matrices.set(count - 1, last.unsqueeze(1));
          }
          for (int i = 0; i < count; i++) {
            Tensor matrix = matrices.get(i);
            if (matrix.dim() != 2 || (i > 0 && matrices.get(i - 1).size(1) != matrix.size(0))) {
              throw new ShapeException(
                  "linalg.multiDot: expected matrices that fit each other, got shapes "
                      + tensors.stream().map(Tensor::shape).toList());
            }
            if (matrix.dtype() != first.dtype()) {
              throw types("linalg.multiDot", first, matrix);
            }
          }
          Tensor product = product(matrices, cuts(matrices), 0, count - 1);
          Tensor columns = last.dim() == 1 ? product.squeeze(1) : product;
          return first.dim() == 1 ? columns.squeeze(0) : columns;
        });
  }

  /** For each range of matrices, after which of them its cheapest product is cut in two. */
  private static int[][] cuts(List<Tensor> matrices) {
    int count = matrices.size();
    double[][] costs = new double[count][count];
    int[][] cuts = new int[count][count];
    for (int length = 1; length < count; length++) {
      for (int from = 0; from + length < count; from++) {
        int to = from + length;
        costs[from][to] = Double.POSITIVE_INFINITY;
        for (int cut = from; cut < to; cut++) {
          double own =
              (double) matrices.get(from).size(0)
                  * matrices.get(cut).size(1)
                  * matrices.get(to).size(1);
          double cost = costs[from][cut] + costs[cut + 1][to] + own;
          if (cost < costs[from][to]) {
            costs[from][to] = cost;
            cuts[from][to] = cut;
          }
        }
      }
    }
    return cuts;
  }

  private static Tensor product(List<Tensor> matrices, int[][] cuts, int from, int to) {
    if (from == to) {
      return matrices.get(from);
    }
    int cut = cuts[from][to];
    return product(matrices, cuts, from, cut).matmul(product(matrices, cuts, cut + 1, to));
  }

  static Tensor cross(Tensor a, Tensor b, int dim) {
    if (a.dim() != b.dim()) {
      throw new ShapeException(
          "linalg.cross: expected as many dimensions in both, got "
              + a.shape()
              + " and "
              + b.shape());
    }
    if (a.dim() == 0 || a.size(dim) != 3 || b.size(dim) != 3) {
      throw new ShapeException(
          "linalg.cross: dimension "
              + dim
              + " must have size 3, got "
              + a.shape()
              + " and "
              + b.shape());
    }
    checkBroadcast("linalg.cross", a, b);
    return Scope.tidy(
        () -> a.roll(-1, dim).mul(b.roll(-2, dim)).sub(a.roll(-2, dim).mul(b.roll(-1, dim))));
  }

  /** Each element of {@code a} times the whole of {@code b}, side by side. */
  static Tensor kron(Tensor a, Tensor b) {
    int rank = Math.max(a.dim(), b.dim());
    long[] wide = new long[2 * rank];
    long[] narrow = new long[2 * rank];
    long[] sizes = new long[rank];
    Arrays.fill(wide, 1);
    Arrays.fill(narrow, 1);
    for (int d = 0; d < rank; d++) {
      int inA = d - (rank - a.dim());
      int inB = d - (rank - b.dim());
      wide[2 * d] = inA < 0 ? 1 : a.size(inA);
      narrow[2 * d + 1] = inB < 0 ? 1 : b.size(inB);
      sizes[d] = wide[2 * d] * narrow[2 * d + 1];
    }
    return Scope.tidy(() -> a.reshape(wide).mul(b.reshape(narrow)).reshape(sizes));
  }

  static void checkBroadcast(String name, Tensor a, Tensor b) {
    if (Shape.broadcast(a.shape(), b.shape()) == null) {
      throw new ShapeException(
          name + ": shapes " + a.shape() + " and " + b.shape() + " do not broadcast");
    }
  }

  static DTypeException types(String name, Tensor a, Tensor b) {
    return new DTypeException(
        name
            + ": the tensors have types "
            + a.dtype()
            + " and "
            + b.dtype()
            + "; convert one with to()");
  }
}
