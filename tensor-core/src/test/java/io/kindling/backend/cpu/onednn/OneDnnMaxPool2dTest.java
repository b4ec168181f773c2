package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.op.Dispatch;
import io.kindling.op.pool.MaxPool2d;
import io.kindling.op.pool.MaxPool2dBackward;
import io.kindling.op.pool.MaxPool2dIndices;
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
  void valuesPlacesAndGradientsAreExactlyThoseOfJava(
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
    // The last of the types, which may be another than the first three's.
    Tensor typed = random.to(Oracle.types().get(Oracle.types().size() - 1));
    for (Tensor x : new Tensor[] {random, ties, random.sub(5), typed}) {
      for (MemoryFormat format : MemoryFormat.values()) {
        Tensor[] found = Oracle.oneDnn(op, x.contiguous(format));
        Tensor[] expected = Oracle.reference(op, x.contiguous(format));
        assertThat(found[1].dtype()).isEqualTo(DType.UINT8);
        assertThat(places(found)).isEqualTo(places(expected));
        assertThat(found[0].toDoubleArray()).containsExactly(expected[0].toDoubleArray());
        checkBackward(op, x, expected[1], format);
      }
    }
  }

  private static long[] places(Tensor[] valuesAndPlaces) {
    return valuesAndPlaces[1].to(DType.INT64).toLongArray();
  }

  /** Gradients in both orders, and one that is spread from a number. */
  private static void checkBackward(MaxPool2d op, Tensor x, Tensor places, MemoryFormat format) {
    if (op.places() > 127) {
      return; // see otherLayoutsTypesAndWindowsAreLeftToJava
    }
    MaxPool2dBackward backward = new MaxPool2dBackward(op, x.shape(), format);
    long[] shape = places.shape().toArray();
    // Whole numbers: sums are exact whatever their order.
    DType dtype = x.dtype();
    int largest = dtype == DType.BFLOAT16 ? 2 : 100;
    Tensor g = Oracle.random(7, shape).mul(largest).to(DType.INT64).to(dtype);
    for (Tensor gradient :
        new Tensor[] {
          g,
          g.contiguous(MemoryFormat.CHANNELS_LAST),
          g.select(0, 0).select(0, 0).narrow(0, 0, 1).narrow(1, 0, 1).expand(shape)
        }) {
      Tensor found = Oracle.oneDnn(backward, gradient, places)[0];
      assertThat(found.layout().isContiguous(format)).isTrue();
      Tensor expected = Oracle.reference(backward, gradient, places)[0];
      assertThat(found.toDoubleArray()).isEqualTo(expected.toDoubleArray());
    }
  }

  @Test
  void aGradientThatIsNotFiniteStaysInItsPlace() {
    MaxPool2d op = new MaxPool2d(2, 2, 2, 2, 0, 0, 1, 1, false);
    for (MemoryFormat format : MemoryFormat.values()) {
      Tensor x = Oracle.random(1, 2, 5, 8, 8).contiguous(format);
      Tensor places = Oracle.reference(op, x)[1];
      Tensor g = Oracle.random(2, 2, 5, 4, 4).contiguous(format);
      g.select(1, 3).select(1, 2).fill_(Double.NaN);
      g.select(1, 1).select(2, 0).fill_(Double.NEGATIVE_INFINITY);
      MaxPool2dBackward backward = new MaxPool2dBackward(op, x.shape(), null);
      assertThat(Oracle.oneDnn(backward, g, places)[0].toDoubleArray())
          .isEqualTo(Oracle.reference(backward, g, places)[0].toDoubleArray());
    }
  }

  @Test
  void whatIsNotFiniteIsPooledAsJavaDoes() {
    MaxPool2d op = new MaxPool2d(2, 2, 2, 2, 0, 0, 1, 1, false);
    for (DType dtype : Oracle.types())
      for (long size : new long[] {7, 131}) {
        for (MemoryFormat format : MemoryFormat.values()) {
          for (float odd :
              new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            try (Scope step = Scope.open()) {
              Tensor x = Oracle.random(1, 2, 3, size, size).contiguous(format).to(dtype);
              x.select(0, 1).select(0, 2).select(0, 5).select(0, 4).fill_(odd);
              x.select(0, 0).select(0, 0).slice(0, 0, 2, 1).slice(1, 0, 2, 1).fill_(odd);
              Tensor[] found = Oracle.oneDnn(op, x);
              Tensor[] expected = Oracle.reference(op, x);
              assertThat(found[0].toDoubleArray()).isEqualTo(expected[0].toDoubleArray());
              assertThat(places(found)).isEqualTo(places(expected));
              assertThat(found[0].toDoubleArray()[0]).isEqualTo(Double.valueOf(odd));
            }
          }
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
    MaxPool2d half = new MaxPool2d(16, 8, 1, 1, 8, 4, 1, 1, false);
    Tensor[] pooled = Oracle.oneDnn(half, x);
    assertThat(Oracle.supports(new MaxPool2dBackward(half, x.shape(), null), pooled)).isFalse();
  }

  @Test
  void aWindowOfMoreThan256PlacesCountsInInt32() {
    MaxPool2d op = new MaxPool2d(3, 100, 1, 1, 0, 0, 1, 1, false);
    Tensor x = Oracle.random(1, 2, 3, 4, 120).requiresGrad_();
    Tensor[] both = Dispatch.runAll(op, x);
    assertThat(both[1].dtype()).isEqualTo(DType.INT32);
    assertThat(both[1].amax().item()).isGreaterThan(256);
    Tensor indices = Dispatch.run(new MaxPool2dIndices(op, x.shape()), both[1]);
    Tensor taken = x.detach().flatten(2, 3).gather(2, indices.flatten(2, 3));
    assertThat(taken.toDoubleArray()).isEqualTo(both[0].detach().flatten(2, 3).toDoubleArray());
    both[0].sum().backward();
    Tensor counts =
        Tensor.zeros(2, 3, 480)
            .scatterAdd(2, indices.flatten(2, 3), Tensor.ones(2, 3, indices.numel() / 6));
    assertThat(x.grad().flatten(2, 3).toDoubleArray()).isEqualTo(counts.toDoubleArray());
  }

  @Test
  void aWindowInThePaddingAloneAndAPlaceOutsideAreErrors() {
    Tensor x = Oracle.random(1, 1, 1, 4, 4);
    MaxPool2d op = new MaxPool2d(2, 2, 1, 1, 1, 1, 5, 5, false);
    assertThatThrownBy(() -> Dispatch.runAll(op, x))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("covers padding only");
    MaxPool2d pool = new MaxPool2d(2, 2, 2, 2, 0, 0, 1, 1, false);
    Tensor g = Oracle.random(2, 1, 1, 2, 2);
    MaxPool2dBackward backward = new MaxPool2dBackward(pool, x.shape(), null);
    for (long outside : new long[] {4, 127, 128, 255}) {
      Tensor places = Tensor.of(new long[] {0, 1, 2, outside}, 1, 1, 2, 2).to(DType.UINT8);
      for (Tensor gradient : new Tensor[] {g, g.to(DType.FLOAT64)}) {
        assertThatThrownBy(() -> Dispatch.run(backward, gradient, places))
            .isInstanceOf(ShapeException.class)
            .hasMessageContaining("outside a window");
      }
      assertThatThrownBy(() -> Dispatch.run(new MaxPool2dIndices(pool, x.shape()), places))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("outside a window");
    }
    MaxPool2d padded = new MaxPool2d(2, 2, 2, 2, 1, 1, 1, 1, false);
    Tensor first = Tensor.zeros(1, 1, 3, 3).to(DType.UINT8);
    assertThatThrownBy(() -> Dispatch.run(new MaxPool2dIndices(padded, x.shape()), first))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("in the padding");
  }
}
