package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.memory.Scope;
import io.kindling.op.MatmulPrecision;
import io.kindling.op.matmul.MatMul;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneDnnMatMulTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 13, 1",
    "13, 1, 207",
    "1, 702, 13",
    "207, 13, 1",
    "13, 207, 702",
    "207, 702, 13",
    "64, 784, 10",
    "702, 207, 207"
  })
  void matricesAndTheirTransposes(long m, long k, long n) {
    Tensor a = Oracle.random(1, m, k);
    Tensor b = Oracle.random(2, k, n);
    check(a, b);
    check(Oracle.random(3, k, m).t(), b);
    check(a, Oracle.random(4, n, k).t());
    check(Oracle.random(3, k, m).t(), Oracle.random(4, n, k).t());
  }

  @Test
  void partsOfLargerMatrices() {
    Tensor large = Oracle.random(1, 100, 90);
    check(large.slice(0, 3, 60, 1).slice(1, 7, 20, 1), large.slice(0, 7, 20, 1));
    check(large.slice(1, 7, 20, 1).t(), large.slice(1, 50, 57, 1));
    check(large.slice(0, 5, 6, 1), large.t().slice(1, 0, 13, 1));
    check(large.slice(1, 5, 6, 1), large.slice(0, 5, 6, 1));
    check(large.slice(1, 5, 6, 1).t(), large);
  }

  @Test
  void stepsAndRepetitionsAreCopiedFirst() {
    Tensor a = Oracle.random(1, 40, 60);
    Tensor b = Oracle.random(2, 30, 26);
    check(a.slice(1, 0, 60, 2), b);
    check(a.slice(1, 0, 60, 2), b.slice(1, 0, 26, 2));
    check(Oracle.random(3, 1, 1).expand(5, 30), b);
    check(Oracle.random(3, 5, 1).expand(5, 30), b);
    check(a, Oracle.random(3, 1, 7).expand(60, 7));
  }

  @Test
  void batches() {
    Tensor a = Oracle.random(1, 3, 5, 13, 7);
    check(a, Oracle.random(2, 3, 5, 7, 11));
    check(a, Oracle.random(2, 7, 11));
    check(a, Oracle.random(2, 5, 7, 11));
    check(a, Oracle.random(2, 3, 1, 7, 11));
    check(Oracle.random(2, 9, 13), a);
    check(Oracle.random(2, 1, 5, 9, 13), a);
    check(a, Oracle.random(2, 3, 5, 11, 7).transpose(-2, -1));
    check(a.transpose(-2, -1), Oracle.random(2, 13, 4));
    check(a.transpose(0, 1), Oracle.random(2, 7, 4));
    check(a.transpose(0, 1), Oracle.random(2, 5, 3, 7, 4));
    check(a.transpose(1, 2), Oracle.random(2, 3, 13, 7, 4));
    check(a.transpose(0, 3), Oracle.random(2, 7, 5, 3, 4));
    check(a.slice(1, 0, 5, 2), Oracle.random(2, 3, 3, 7, 4));
    check(Oracle.random(3, 13, 7).expand(3, 5, 13, 7), Oracle.random(2, 7, 11));
    check(Oracle.random(3, 13, 7).expand(3, 5, 13, 7), Oracle.random(2, 7, 11).expand(3, 5, 7, 11));
    check(Oracle.random(3, 3, 1, 13, 7).expand(3, 5, 13, 7), Oracle.random(2, 1, 7, 11));
  }

  @Test
  void batchesOfVectorsWithGapsBetweenThem() {
    Tensor rows = Oracle.random(1, 3, 1, 13).narrow(2, 0, 7);
    check(Oracle.random(2, 3, 5, 1), rows);
    check(rows, Oracle.random(2, 3, 7, 5));
    check(rows.transpose(1, 2), rows);
    check(rows, rows.transpose(1, 2));
  }

  @Test
  void batchesInAnyOrderInMemory() {
    Tensor gaps = Oracle.random(1, 2, 3, 1, 2, 2).select(1, 1);
    check(gaps, gaps.transpose(-2, -1));
    Tensor within = Oracle.random(2, 2, 2, 2, 2).permute(2, 0, 3, 1);
    check(within, within.transpose(-2, -1));
    Tensor swapped = Oracle.random(3, 3, 2, 5, 7).transpose(0, 1);
    check(swapped, swapped.transpose(-2, -1));
  }

  @Test
  void bfloat16WhereTheProcessorHasIt() {
    Tensor a = Oracle.random(1, 207, 129).to(DType.BFLOAT16);
    Tensor b = Oracle.random(2, 129, 65).to(DType.BFLOAT16);
    if (OneDnn.hasBfloat16()) {
      check(a, b);
      check(b.t(), a.t());
    } else {
      assertThat(Oracle.supports(new MatMul(), a, b)).isFalse();
    }
  }

  @Test
  void longSumsOfAFirstFactorByColumns() {
    for (DType dtype : Oracle.types()) {
      Tensor columns = Oracle.random(1, 5000, 137).to(dtype).t();
      Tensor rows = Oracle.random(2, 5000, 207).to(dtype);
      check(columns, rows);
      check(columns.slice(0, 3, 133, 1), rows.t().contiguous().t().slice(1, 5, 205, 1));
    }
  }

  @Test
  void longSumsOfAFirstFactorByColumnsAtMediumPrecision() {
    assumeTrue(OneDnn.hasBfloat16(), "this processor has no bfloat16");
    Tensor columns = Oracle.random(1, 5000, 137).to(DType.BFLOAT16).to(DType.FLOAT32).t();
    Tensor rows = Oracle.random(2, 5000, 207).to(DType.BFLOAT16).to(DType.FLOAT32);
    try (var precision = MatmulPrecision.MEDIUM.use()) {
      check(columns, rows);
    }
  }

  @Test
  void longSumsHideNoNotANumberAndInfinity() {
    for (DType dtype : Oracle.types()) {
      Tensor columns = Tensor.ones(5120, 140).to(dtype).t();
      columns.set(Float.NaN, 3, 600);
      columns.set(Float.NEGATIVE_INFINITY, 5, 8);
      Tensor product = columns.matmul(Tensor.ones(5120, 200).to(dtype)).to(DType.FLOAT32);
      assertThat(product.select(0, 3).toFloatArray()).containsOnly(Float.NaN);
      assertThat(product.select(0, 5).toFloatArray()).containsOnly(Float.NEGATIVE_INFINITY);
      assertThat(product.select(0, 4).toFloatArray()).containsOnly(5120);
    }
  }

  @Test
  void atMediumPrecisionFactorsOfLargeProductsAreRounded() {
    assumeTrue(OneDnn.hasBfloat16(), "this processor has no bfloat16");
    Tensor a = Oracle.random(1, 207, 300);
    Tensor b = Oracle.random(2, 300, 150);
    Tensor roundedA = a.to(DType.BFLOAT16).to(DType.FLOAT32);
    Tensor roundedB = b.to(DType.BFLOAT16).to(DType.FLOAT32);
    float[] exact = a.matmul(b).toFloatArray();
    try (var precision = MatmulPrecision.MEDIUM.use()) {
      // What needs no rounding has float32's precision: the sums are float32.
      check(roundedA, roundedB);
      check(roundedA.t().contiguous().t(), roundedB.t().contiguous().t());
      check(roundedA.slice(1, 0, 300, 2), roundedB.slice(0, 0, 300, 2));
      float[] rounded = roundedA.matmul(roundedB).toFloatArray();
      assertThat(a.matmul(b).toFloatArray()).isEqualTo(rounded).isNotEqualTo(exact);
      Tensor row = Oracle.random(3, 2, 300);
      check(row, b); // too small to gain by rounding
    }
    assertThat(a.matmul(b).toFloatArray()).isEqualTo(exact);
  }

  @Test
  void atMediumPrecisionNothingHidesNotANumberAndInfinity() {
    assumeTrue(OneDnn.hasBfloat16(), "this processor has no bfloat16");
    Tensor a = Tensor.ones(200, 300);
    a.set(Float.NaN, 3, 7);
    a.set(Float.NEGATIVE_INFINITY, 5, 8);
    try (var precision = MatmulPrecision.MEDIUM.use()) {
      for (Tensor left : new Tensor[] {a, a.t().contiguous().t()}) {
        Tensor product = left.matmul(Tensor.ones(300, 150));
        assertThat(product.select(0, 3).toFloatArray()).containsOnly(Float.NaN);
        assertThat(product.select(0, 5).toFloatArray()).containsOnly(Float.NEGATIVE_INFINITY);
        assertThat(product.select(0, 4).toFloatArray()).containsOnly(300);
      }
    }
  }

  @Test
  void whatItMustNotTakeIsLeftToJava() {
    Tensor a = Oracle.random(1, 3, 4);
    assertThat(Oracle.supports(new MatMul(), a.to(DType.FLOAT64), a.t().to(DType.FLOAT64)))
        .isFalse();
    Tensor none = Tensor.empty(Shape.of(4, 0), DType.FLOAT32, Device.CPU);
    assertThat(Oracle.supports(new MatMul(), a, none)).isFalse();
    assertThat(Oracle.supports(new MatMul(), none, none.t())).isFalse();
    assertThat(none.matmul(none.t()).toFloatArray()).containsOnly(0);
    Tensor[] square = {Oracle.random(1, 4, 4), Oracle.random(2, 4, 4)};
    assertThat(Oracle.backend().kernel(new MatMul(), square, new Tensor[] {square[0]})).isNull();
    Tensor doubles = Tensor.empty(Shape.of(4, 4), DType.FLOAT64, Device.CPU);
    assertThat(Oracle.backend().kernel(new MatMul(), square, new Tensor[] {doubles})).isNull();
  }

  private static void check(Tensor a, Tensor b) {
    Oracle.checkSumOfProducts(a.size(-1), new MatMul(), a, b);
  }
}
