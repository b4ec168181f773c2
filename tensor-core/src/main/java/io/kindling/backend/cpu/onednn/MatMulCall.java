package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_matmul_primitive_desc_create;

import io.kindling.op.MatmulPrecision;
import io.kindling.op.ThreadState;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * A product {@code (..., M, K) x (..., K, N) [+ (N)] -> (..., M, N)}, for {@link OneDnnMatMul} and
 * {@link OneDnnLinear}.
 *
 * <p>oneDNN's fast kernels read rows or columns that are adjacent in memory, any distance apart.
 * Other strides (a step in a slice, the gradient of a sum, which is one number everywhere) would
 * fall to its reference kernel, so such an input is copied first. Leading dimensions over which the
 * second matrix does not change are more rows of one product.
 */
final class MatMulCall {
  /** A factor's element must take part in this many sums for its copying to be worth its time. */
  private static final long WORTH_COPYING = 64;

  /** So many bytes of factors are faster packed than read from beyond the caches time and again. */
  private static final long WORTH_PACKING = 3 << 20;

  private MatMulCall() {}

  /** Whether types, sizes and strides are fit; {@code inputs} are the matrices and the bias. */
  static boolean supports(Tensor[] inputs, Tensor output) {
    DType dtype = output.dtype();
    if (!Preparation.hasType(dtype)
        || !output.isContiguous()
        || !Operand.isWritable(output, dtype, inputs)) {
      return false;
    }
    for (Tensor input : inputs) {
      if (!Operand.isReadable(input, dtype)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Prepares a product.
   *
   * @param a as the first input lies
   * @param b as the second input lies
   * @param transposed whether b's last two dimensions are exchanged, {@code (N, K)}
   * @param columns the length of the bias, or 0 without one
   */
  static Prepared.Call prepare(
      Layout a,
      Layout b,
      boolean transposed,
      long columns,
      Layout out,
      DType dtype,
      Preparation preparation) {
    int rank = out.rank();
    boolean copyA = !Matrices.of(a, rank).isPlain() || repeatsWithin(a, b, out);
    boolean copyB = !Matrices.of(b, rank).isPlain() || !copyA && repeatsWithin(b, a, out);
    Layout left = copyA ? Layout.contiguous(a.shape()) : a;
    Layout own = copyB ? Layout.contiguous(b.shape()) : b;
    Layout right = transposed ? own.transpose(-2, -1) : own;
    Layout result = out;
    long rowCount = out.shape().numel() / out.size(-1);
    if (rank > 2
        && Matrices.of(right, rank).isSingle()
        && left.shape().numel() == rowCount * left.size(-1)) {
      // One second matrix: the leading dimensions of the first are more rows, where they lie so.
      Layout rows = left.view(Shape.of(rowCount, left.size(-1)));
      if (rows != null && Matrices.of(rows, 2).isPlain()) {
        left = rows;
        right = matrix(right);
        result = out.view(Shape.of(rowCount, out.size(-1)));
      }
    }
    if (dtype == DType.FLOAT32 && isRounded(result)) {
      Prepared.Call rounded = onBfloat16(left, right, result, columns, copyA, copyB, preparation);
      if (rounded != null) {
        return rounded;
      }
    }
    dnnl_memory_desc source = memory(left, result.rank(), dtype, preparation);
    dnnl_memory_desc weights = memory(right, result.rank(), dtype, preparation);
    dnnl_memory_desc target = memory(result, result.rank(), dtype, preparation);
    dnnl_memory_desc bias = columns == 0 ? null : bias(columns, result.rank(), dtype, preparation);
    dnnl_primitive_desc operation =
        operation(left, result, dtype, source, weights, bias, target, preparation);
    if (operation == null) {
      return null;
    }
    Primitive primitive =
        bias == null
            ? preparation.primitive(operation, DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST)
            : preparation.primitive(
                operation, DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_BIAS);
    return call(primitive::execute, copyA, copyB);
  }

  /**
   * The product of factors that are rounded to bfloat16 on the way in; null if oneDNN has none.
   * They keep their order, in which rounding is a copy at memory's speed, and oneDNN's kernel packs
   * them as it goes. Rounding into the order that it would choose takes up to 20 times longer.
   */
  private static Prepared.Call onBfloat16(
      Layout left,
      Layout right,
      Layout result,
      long columns,
      boolean copyA,
      boolean copyB,
      Preparation preparation) {
    int rank = result.rank();
    dnnl_memory_desc a = memory(left, rank, DType.FLOAT32, preparation);
    dnnl_memory_desc b = memory(right, rank, DType.FLOAT32, preparation);
    dnnl_memory_desc target = memory(result, rank, DType.FLOAT32, preparation);
    dnnl_memory_desc bias = columns == 0 ? null : bias(columns, rank, DType.FLOAT32, preparation);
    dnnl_memory_desc source = dense(left, DType.BFLOAT16, preparation);
    dnnl_memory_desc weights = dense(right, DType.BFLOAT16, preparation);
    dnnl_primitive_desc operation =
        operation(left, result, DType.BFLOAT16, source, weights, bias, target, preparation);
    if (operation == null) {
      return null;
    }
    Routed.Argument first = Routed.Argument.in(DNNL_ARG_SRC, a);
    Routed.Argument second = Routed.Argument.in(DNNL_ARG_WEIGHTS, b);
    Routed.Argument out = Routed.Argument.out(DNNL_ARG_DST, target);
    Routed product =
        bias == null
            ? new Routed(preparation, operation, first, second, out)
            : new Routed(
                preparation,
                operation,
                first,
                second,
                out,
                Routed.Argument.in(DNNL_ARG_BIAS, bias));
    return call(product::run, copyA, copyB);
  }

  /** The product of what lies so, by the kernel that suits it; null if oneDNN has none. */
  private static dnnl_primitive_desc operation(
      Layout left,
      Layout result,
      DType factors,
      dnnl_memory_desc source,
      dnnl_memory_desc weights,
      dnnl_memory_desc bias,
      dnnl_memory_desc target,
      Preparation preparation) {
    double nanoseconds = nanoseconds(left, result, factors);
    Preparation.Creator creator =
        created ->
            dnnl_matmul_primitive_desc_create(
                created, OneDnn.engine(), source, weights, bias, target, OneDnn.attributes());
    if (isLongSumByColumns(left, result, factors) && preparation.threads(nanoseconds) == 1) {
      dnnl_primitive_desc packed = preparation.operation("matmul", nanoseconds, "gemm", creator);
      if (packed != null) {
        return packed;
      }
    }
    return preparation.operation("matmul", nanoseconds, creator);
  }

  /**
   * Whether the first factor lies by columns, as in a weight's gradient, and the factors are larger
   * than the caches of a core. oneDNN prefers a kernel that turns such a factor and adds to the
   * result 512 terms at a time, through the caches each time. Its older one packs both factors:
   * 512x2048 by 2048x784 takes 3.7 ms instead of 3.95 in bfloat16 and 7.3 instead of 8.0 in float32
   * where both cores have such work (3.6 both ways in bfloat16 where one has); factors of 2 MB in
   * bfloat16 took it up to a tenth longer. Its threads wait busily for each other, though: with two
   * of them, 1024x1024 by 1024x1024 took twice the time where other processes had the cores, so
   * only one thread uses it.
   */
  private static boolean isLongSumByColumns(Layout left, Layout result, DType factors) {
    long length = left.size(-1);
    long bytes = length * (result.size(-2) + result.size(-1)) * factors.bytes();
    return result.rank() == 2
        && length > 512
        && left.stride(-1) > left.stride(-2)
        && isLarge(result)
        && bytes >= WORTH_PACKING;
  }

  /**
   * About how long one thread takes; kernels calculate 16 columns at a time, and with factors in
   * bfloat16 twice as many.
   */
  private static double nanoseconds(Layout left, Layout out, DType factors) {
    double columns = (out.size(-1) + 15) / 16 * 16;
    double count = out.shape().numel() / out.size(-1) * columns * left.size(-1);
    return Team.multiplications(factors == DType.BFLOAT16 ? count / 2 : count);
  }

  /** Whether rounding the factors is allowed on this thread, and takes less time than it saves. */
  private static boolean isRounded(Layout out) {
    return ThreadState.current().matmulPrecision == MatmulPrecision.MEDIUM
        && out.rank() == 2
        && OneDnn.hasBfloat16()
        && isLarge(out);
  }

  /** Whether each element of the factors takes part in sums enough to be copied first. */
  private static boolean isLarge(Layout out) {
    long rows = out.size(-2);
    long columns = out.size(-1);
    return rows * columns >= WORTH_COPYING * (rows + columns);
  }

  /** What runs at the addresses of the two factors, the result and, if there is one, the bias. */
  @FunctionalInterface
  private interface Product {
    void run(long... addresses);
  }

  private static Prepared.Call call(Product product, boolean copyA, boolean copyB) {
    if (copyA || copyB) {
      return (inputs, outputs) -> runOnCopies(product, inputs, outputs[0], copyA, copyB);
    }
    return (inputs, outputs) -> run(product, inputs[0], inputs[1], inputs, outputs[0]);
  }

  private static void run(Product product, Tensor a, Tensor b, Tensor[] inputs, Tensor out) {
    if (inputs.length == 2) {
      product.run(a.address(), b.address(), out.address());
    } else {
      product.run(a.address(), b.address(), out.address(), inputs[2].address());
    }
  }

  private static void runOnCopies(
      Product product, Tensor[] inputs, Tensor out, boolean copyA, boolean copyB) {
    try (Tensor a = copyA ? Operand.copy(inputs[0], MemoryFormat.CONTIGUOUS) : null;
        Tensor b = copyB ? Operand.copy(inputs[1], MemoryFormat.CONTIGUOUS) : null) {
      run(product, copyA ? a : inputs[0], copyB ? b : inputs[1], inputs, out);
    }
  }

  /**
   * Whether {@code a} repeats over a leading dimension that {@code b} does not walk either, so that
   * oneDNN would not know its size.
   */
  private static boolean repeatsWithin(Layout a, Layout b, Layout out) {
    int rank = out.rank();
    long[] right = Matrices.of(b, rank).sizes();
    for (int dim = rank - a.rank(); dim < rank - 2; dim++) {
      int own = dim - (rank - a.rank());
      if (a.size(own) > 1 && a.stride(own) == 0 && right[dim] == 1) {
        return true;
      }
    }
    return false;
  }

  private static Layout matrix(Layout layout) {
    return Layout.strided(
        Shape.of(layout.size(-2), layout.size(-1)),
        new long[] {layout.stride(-2), layout.stride(-1)},
        0);
  }

  private static dnnl_memory_desc memory(
      Layout layout, int rank, DType dtype, Preparation preparation) {
    Matrices matrices = Matrices.of(layout, rank);
    return preparation.memory(dtype, matrices.sizes(), matrices.strides());
  }

  /** A matrix in the order of another, without gaps. */
  private static dnnl_memory_desc dense(Layout layout, DType dtype, Preparation preparation) {
    Matrices matrix = Matrices.of(layout, 2);
    long[] sizes = matrix.sizes();
    boolean byRows = matrix.strides()[0] >= matrix.strides()[1];
    long[] strides = byRows ? new long[] {sizes[1], 1} : new long[] {1, sizes[0]};
    return preparation.memory(dtype, sizes, strides);
  }

  private static dnnl_memory_desc bias(
      long columns, int rank, DType dtype, Preparation preparation) {
    long[] sizes = new long[rank];
    long[] strides = new long[rank];
    Arrays.fill(sizes, 1);
    Arrays.fill(strides, columns);
    sizes[rank - 1] = columns;
    strides[rank - 1] = 1;
    return preparation.memory(dtype, sizes, strides);
  }
}
