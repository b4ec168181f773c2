package io.kindling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.KindlingException;
import io.kindling.LinAlgException;
import io.kindling.autograd.GradCheck;
import io.kindling.memory.Scope;
import io.kindling.op.linalg.QrMode;
import io.kindling.testing.Closeness;
import io.kindling.testing.InputLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the surface suite cannot compare with PyTorch value by value, because signs of singular
 * vectors and eigenvectors are arbitrary: reconstruction, and gradients of functions that do not
 * depend on the signs against differences. Then what only shows in large matrices or with threads.
 */
class LinalgTest {
  private static final String SHAPES = "1x1,3x3,5x2,2x5,2x4x3,2x1x3x4,0x3x3,3x0,0x3,2x0x0";

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void singularValueDecompositionsMultiplyToTheMatrix(DType dtype) {
    for (String sizes : (SHAPES + ",40x40,90x31,31x130").split(",")) {
      for (boolean full : new boolean[] {false, true}) {
        for (InputLayout layout : List.of(InputLayout.CONTIGUOUS, InputLayout.SLICED)) {
          try (Scope scope = Scope.open()) {
            Tensor a = numbers(shape(sizes), dtype);
            Linalg.SvdResult svd = Linalg.svd(layout.apply(a), full);
            long count = svd.s().size(-1);
            Tensor u = svd.u().narrow(-1, 0, count);
            Tensor vh = svd.vh().narrow(-2, 0, count);
            Closeness.of(dtype).check(sizes, u.mul(svd.s().unsqueeze(-2)).matmul(vh), a);
            checkOrthonormal(sizes + " U", svd.u());
            checkOrthonormal(sizes + " V", svd.vh().mT());
            Closeness.of(dtype).check(sizes, Linalg.svdvals(a), svd.s());
            double[] s = svd.s().toDoubleArray();
            for (int i = 1; i < s.length; i++) {
              assertThat(i % count == 0 || s[i] <= s[i - 1]).as(sizes).isTrue();
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"FLOAT32", "FLOAT64"})
  void eigenvaluesAndVectorsMultiplyToTheMatrix(DType dtype) {
    for (String sizes : "1x1,3x3,2x4x4,0x3x3,2x0x0,90x90".split(",")) {
      for (String triangle : List.of("L", "U")) {
        try (Scope scope = Scope.open()) {
          Tensor x = numbers(shape(sizes), dtype);
          Tensor a = x.add(x.mT());
          // The other triangle is never read.
          Tensor half = triangle.equals("L") ? a.tril() : a.triu();
          Linalg.EighResult eigh = Linalg.eigh(half.mT().contiguous().mT(), triangle);
          Tensor v = eigh.eigenvectors();
          Tensor product = v.mul(eigh.eigenvalues().unsqueeze(-2)).matmul(v.mT());
          new Closeness(3 * Closeness.of(dtype).relative()).check(sizes, product, a);
          checkOrthonormal(sizes, v);
          Closeness.of(dtype).check(sizes, Linalg.eigvalsh(half, triangle), eigh.eigenvalues());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3x3", "4x2", "2x4", "2x3x2"})
  void gradientsOfSingularValueDecompositionsAgreeWithDifferences(String sizes) {
    for (boolean full : new boolean[] {false, true}) {
      Function<Tensor, Linalg.SvdResult> svd = a -> Linalg.svd(a, full);
      twice(sizes, a -> svd.apply(a).s());
      twice(sizes, a -> first(svd.apply(a).u()).square());
      twice(sizes, a -> first(svd.apply(a).vh().mT()).square());
      twice(
          sizes,
          a -> {
            Linalg.SvdResult parts = svd.apply(a);
            long count = parts.s().size(-1);
            Tensor u = parts.u().narrow(-1, 0, count).mul(parts.s().exp().unsqueeze(-2));
            return u.matmul(parts.vh().narrow(-2, 0, count));
          });
    }
    twice(sizes, Linalg::svdvals);
    twice(sizes, a -> Linalg.matrixNorm(a, "nuc"));
    twice(sizes, a -> Linalg.pinv(a));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1x1", "3x3", "2x3x3"})
  void gradientsOfSquareMatricesAgreeWithDifferences(String sizes) {
    twice(sizes, a -> Linalg.eigh(symmetric(a)).eigenvalues());
    twice(sizes, a -> Linalg.eigh(symmetric(a), "U").eigenvectors().square());
    twice(
        sizes,
        a -> {
          Linalg.EighResult eigh = Linalg.eigh(symmetric(a));
          Tensor v = eigh.eigenvectors();
          return v.mul(eigh.eigenvalues().exp().unsqueeze(-2)).matmul(v.mT());
        });
    twice(sizes, a -> Linalg.eigvalsh(symmetric(a)));
    twice(sizes, a -> Linalg.cholesky(positive(a)));
    twice(sizes, a -> Linalg.cholesky(positive(a), true));
    twice(sizes, Linalg::det);
    twice(sizes, Linalg::inv);
    twice(sizes, a -> Linalg.slogdet(a).logabsdet());
    twice(sizes, a -> Linalg.solve(a, a.mT().square()));
    twice(sizes, a -> Linalg.qr(a).q());
    twice(sizes, a -> Linalg.qr(a).r());
  }

  @ParameterizedTest
  @ValueSource(strings = {"4x3", "3x4", "3x3"})
  void gradientsOfLeastSquaresAgreeWithDifferences(String sizes) {
    twice(
        sizes,
        a -> {
          Tensor b = a.narrow(1, 0, 2).square().add(a.narrow(1, 1, 2));
          return Linalg.lstsq(a, b).solution();
        });
    twice(sizes, a -> Linalg.qr(a).r());
    twice(sizes, a -> Linalg.qr(a).q());
  }

  @Test
  void theGradientOfTheDeterminantOfASingularMatrixIsItsCofactors() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.of(new double[] {1, 2, 3, 2, 4, 6, 1, 0.5, -1}, 3, 3).requiresGrad_();
      GradCheck.gradcheck(Linalg::det, a);
      Tensor rankOne = Tensor.of(new double[] {1, 2, 2, 4}, 2, 2).requiresGrad_();
      GradCheck.gradcheck(Linalg::det, rankOne);
      Tensor zeros = Tensor.of(new double[9], 3, 3).requiresGrad_();
      GradCheck.gradcheck(Linalg::det, zeros);
      Tensor some = Tensor.stack(List.of(a.detach(), a.detach().add(Tensor.eye(3))), 0);
      GradCheck.gradcheck(Linalg::det, some.requiresGrad_());
    }
  }

  @Test
  void singularVectorsOfEqualValuesHaveNoGradientButTheirValuesDo() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.eye(3, 3, DType.FLOAT64).requiresGrad_();
      Linalg.SvdResult svd = Linalg.svd(a);
      svd.s().sum().backward();
      Closeness.of(DType.FLOAT64).check("sum of S", a.grad(), Tensor.eye(3, 3, DType.FLOAT64));
    }
  }

  @Test
  void valuesThatAreNotFiniteAreRefusedOrGiveNaN() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.stack(List.of(Tensor.eye(2), Tensor.eye(2).mul(Double.NaN)), 0);
      for (Function<Tensor, Object> function :
          List.<Function<Tensor, Object>>of(
              Linalg::svd,
              Linalg::svdvals,
              Linalg::pinv,
              x -> Linalg.lstsq(x, x),
              Linalg::matrixRank)) {
        assertThatThrownBy(() -> function.apply(a))
            .isInstanceOf(LinAlgException.class)
            .hasMessageContaining("linalg.")
            .hasMessageContaining("at [1] of the batch")
            .hasMessageContaining("NaN or infinite");
      }
      Linalg.EighResult eigh = Linalg.eigh(a);
      assertThat(eigh.eigenvalues().toDoubleArray()).containsExactly(1, 1, Double.NaN, Double.NaN);
      assertThat(Arrays.stream(eigh.eigenvectors().toDoubleArray()).skip(4))
          .containsOnly(Double.NaN);
      assertThat(Linalg.det(a.select(0, 1).mul(Double.POSITIVE_INFINITY)).item()).isNaN();
    }
  }

  @Test
  void refusalsSayWhichMatrixAndWhatToDo() {
    try (Scope scope = Scope.open()) {
      Tensor a = Tensor.stack(List.of(Tensor.eye(2), Tensor.zeros(2, 2)), 0);
      assertThatThrownBy(() -> Linalg.inv(a))
          .isInstanceOf(LinAlgException.class)
          .hasMessage(
              "linalg.inv: the matrix (at [1] of the batch) is singular: pivot 1 is 0, so it has no"
                  + " inverse; Linalg.pinv() has an answer for every matrix");
      assertThatThrownBy(() -> Linalg.matrixPower(Tensor.zeros(2, 2), -1))
          .isInstanceOf(LinAlgException.class);
      assertThatThrownBy(() -> Linalg.cholesky(a)).hasMessageContaining("not positive-definite");
      assertThatThrownBy(() -> Linalg.eigh(a, "x")).isInstanceOf(KindlingException.class);
      assertThatThrownBy(() -> Linalg.lstsq(a, a, "svd")).isInstanceOf(KindlingException.class);
      Tensor tall = numbers(Shape.of(4, 2), DType.FLOAT64).requiresGrad_();
      assertThatThrownBy(() -> Linalg.qr(tall, QrMode.COMPLETE).r().sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("QrMode.REDUCED");
      assertThatThrownBy(() -> Linalg.qr(tall, QrMode.R).r().sum().backward())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("needs Q");
    }
  }

  @Test
  void tensorsHaveTheirMethods() {
    try (Scope scope = Scope.open()) {
      Tensor a = numbers(Shape.of(2, 3, 3), DType.FLOAT64).add(Tensor.eye(3).mul(4));
      Closeness close = Closeness.of(DType.FLOAT64);
      close.check("inverse", a.inverse().matmul(a), Tensor.eye(3).expand(2, 3, 3).toDouble());
      close.check("det", a.slogdet().logabsdet().exp(), a.det());
      close.check("logdet", a.logdet(), a.det().log());
      assertThat(a.select(0, 0).mul(-1).logdet().item()).isNaN();
      close.check("pinverse", a.pinverse(), a.inverse());
      close.check("matrixPower", a.matrixPower(3), a.matmul(a).matmul(a));
      Linalg.QrResult qr = a.qr();
      close.check("qr", qr.q().matmul(qr.r()), a);
      Tensor l = a.matmul(a.mT()).cholesky();
      close.check("cholesky", l.matmul(l.mT()), a.matmul(a.mT()));
    }
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    Callable<double[]> work =
        () -> {
          try (Scope scope = Scope.open()) {
            Tensor a = numbers(Shape.of(60, 60), DType.FLOAT64);
            double[] sum = new double[60];
            for (int i = 0; i < 10; i++) {
              double[] s = Linalg.svdvals(a).toDoubleArray();
              double[] l = Linalg.eigvalsh(a.add(a.mT())).toDoubleArray();
              double[] x = Linalg.lstsq(a, a.narrow(1, 0, 1)).solution().toDoubleArray();
              for (int k = 0; k < 60; k++) {
                sum[k] += s[k] + l[k] + x[k];
              }
            }
            return sum;
          }
        };
    double[] alone = work.call();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (Future<double[]> result : threads.invokeAll(List.of(work, work, work, work))) {
        assertThat(result.get()).containsExactly(alone);
      }
    } finally {
      threads.shutdown();
    }
  }

  private static void twice(String sizes, Function<Tensor, Tensor> function) {
    try (Scope scope = Scope.open()) {
      Tensor a = numbers(shape(sizes), DType.FLOAT64).requiresGrad_();
      GradCheck.gradcheck(function, a);
      GradCheck.gradgradcheck(function, a);
    }
  }

  /** The columns that both forms have. */
  private static Tensor first(Tensor vectors) {
    return vectors.narrow(-1, 0, Math.min(vectors.size(-1), 2));
  }

  private static Tensor symmetric(Tensor a) {
    return a.add(a.mT());
  }

  private static Tensor positive(Tensor a) {
    return a.matmul(a.mT()).add(Tensor.eye(a.size(-1), a.size(-1), a.dtype()));
  }

  private static void checkOrthonormal(String what, Tensor columns) {
    long count = columns.size(-1);
    Tensor eye = Tensor.eye(count, count, columns.dtype());
    Tensor product = columns.mT().matmul(columns);
    Closeness.of(columns.dtype()).check(what, product, eye.expand(product.shape().toArray()));
  }

  private static Shape shape(String sizes) {
    return Shape.of(Arrays.stream(sizes.split("x")).mapToLong(Long::parseLong).toArray());
  }

  /** Numbers without order, none of whose matrices are near singular at these sizes. */
  private static Tensor numbers(Shape shape, DType dtype) {
    double[] values = new double[(int) shape.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 97 % 251 - 125) / 64.0 + Math.sin(i);
    }
    return Tensor.of(values, shape.toArray()).to(dtype);
  }
}
