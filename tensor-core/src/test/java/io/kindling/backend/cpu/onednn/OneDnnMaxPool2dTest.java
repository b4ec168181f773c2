package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.pool.MaxPool2d;
import io.kindling.op.pool.MaxPool2dBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneDnnMaxPool2dTest {
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
    // N, C, H, W, kH, kW, strideH, strideW, padH, padW, dilationH, dilationW, ceilMode
    "1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, false",
    "3, 16, 14, 14, 2, 2, 2, 2, 0, 0, 1, 1, false",
    "2, 13, 13, 9, 3, 3, 2, 2, 1, 1, 1, 1, false",
    "2, 13, 14, 9, 3, 3, 2, 2, 1, 1, 1, 1, true",
    "2, 5, 11, 17, 3, 2, 1, 3, 1, 0, 1, 1, false",
    "1, 33, 20, 20, 3, 3, 2, 1, 1, 1, 2, 3, false",
    "2, 3, 10, 7, 5, 4, 4, 3, 2, 2, 1, 1, true",
    "1, 207, 7, 7, 7, 7, 1, 1, 0, 0, 1, 1, false",
    "1, 2, 18, 18, 15, 17, 1, 1, 3, 3, 1, 1, false"
  })
  void valuesAndPositionsAreExactlyThoseOfJava(
      int n,
      int c,
      int h,
      int w,
      int kh,
      int kw,
      int sh,
      int sw,
      int ph,
      int pw,
      int dh,
      int dw,
      boolean ceil) {
    MaxPool2d op = new MaxPool2d(kh, kw, sh, sw, ph, pw, dh, dw, ceil);
    Tensor random = Oracle.random(1, n, c, h, w);
    // Few different numbers, so that most windows have several of the largest.
    Tensor ties = random.mul(2).to(DType.INT64).to(DType.FLOAT32).mul(-1);
    for (Tensor x : new Tensor[] {random, ties, random.sub(5)}) {
      for (MemoryFormat format : MemoryFormat.values()) {
        Tensor[] found = Oracle.oneDnn(op, x.contiguous(format));
        Tensor[] expected = Oracle.reference(op, x.contiguous(format));
        assertThat(found[1].toLongArray()).isEqualTo(expected[1].toLongArray());
        assertThat(found[0].toDoubleArray()).containsExactly(expected[0].toDoubleArray());
        checkBackward(op, x, expected[1], format);
      }
    }
  }

  /** The dense float32 loop against the general one, in float64. */
  private static void checkBackward(MaxPool2d op, Tensor x, Tensor indices, MemoryFormat format) {
    MaxPool2dBackward backward = new MaxPool2dBackward(op, x.shape());
    // Whole numbers: sums are exact in both types.
    Tensor g = Oracle.random(7, indices.shape().toArray()).mul(100).to(DType.INT64);
    Tensor floats = Dispatch.run(backward, g.to(DType.FLOAT32).contiguous(format), indices);
    Tensor doubles = Dispatch.run(backward, g.to(DType.FLOAT64), indices);
    assertThat(floats.toDoubleArray()).isEqualTo(doubles.toDoubleArray());
  }

  @Test
  void whatIsNotFiniteIsLeftToJava() {
    MaxPool2d op = new MaxPool2d(2, 2, 2, 2, 0, 0, 1, 1, false);
    for (MemoryFormat format : MemoryFormat.values()) {
      for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
        Tensor x = Oracle.random(1, 2, 3, 7, 7).contiguous(format);
        x.select(0, 1).select(0, 2).select(0, 6).select(0, 6).fill_(odd);
        x.select(0, 0).select(0, 0).slice(0, 0, 2, 1).slice(1, 0, 2, 1).fill_(odd);
        assertThat(Oracle.supports(op, x)).isFalse();
        assertThat(Dispatch.runAll(op, x)[0].toDoubleArray()[0]).isEqualTo(Double.valueOf(odd));
      }
    }
  }

  @Test
  void otherLayoutsTypesAndWindowsAreLeftToJava() {
    MaxPool2d op = new MaxPool2d(2, 2, 2, 2, 0, 0, 1, 1, false);
    Tensor x = Oracle.random(1, 2, 3, 8, 8);
    assertThat(Oracle.supports(op, x)).isTrue();
    assertThat(Oracle.supports(op, x.transpose(2, 3))).isFalse();
    assertThat(Oracle.supports(op, x.to(DType.FLOAT64))).isFalse();
    MaxPool2d large = new MaxPool2d(16, 16, 1, 1, 8, 8, 1, 1, false);
    assertThat(Oracle.supports(large, x)).isFalse();
  }

  @Test
  void aWindowInThePaddingAloneAndAPositionOutsideAreErrors() {
    Tensor x = Oracle.random(1, 1, 1, 4, 4);
    MaxPool2d op = new MaxPool2d(2, 2, 1, 1, 1, 1, 5, 5, false);
    assertThatThrownBy(() -> Dispatch.runAll(op, x))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("covers padding only");
    MaxPool2d pool = new MaxPool2d(2, 2, 2, 2, 0, 0, 1, 1, false);
    Tensor g = Oracle.random(2, 1, 1, 2, 2);
    MaxPool2dBackward backward = new MaxPool2dBackward(pool, x.shape());
    for (long outside : new long[] {-1, 16}) {
      Tensor indices = Tensor.of(new long[] {0, 1, 2, outside}, 1, 1, 2, 2);
      for (Tensor gradient : new Tensor[] {g, g.to(DType.FLOAT64)}) {
        assertThatThrownBy(() -> Dispatch.run(backward, gradient, indices))
            .isInstanceOf(ShapeException.class)
            .hasMessageContaining("outside a plane");
      }
    }
  }
}
