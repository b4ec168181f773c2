package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.op.conv.Conv2d;
import io.kindling.op.conv.Conv2dInputGrad;
import io.kindling.op.conv.Conv2dWeightGrad;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneDnnConv2dTest {
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
    // N, C, H, W, O, kH, kW, strideH, strideW, padH, padW, dilationH, dilationW, groups
    "1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1",
    "2, 1, 28, 28, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1",
    "3, 3, 13, 17, 13, 3, 3, 1, 1, 1, 1, 1, 1, 1",
    "2, 13, 9, 7, 5, 5, 3, 2, 1, 2, 0, 1, 1, 1",
    "2, 16, 14, 15, 32, 3, 3, 2, 2, 1, 1, 1, 1, 1",
    "1, 6, 15, 12, 9, 3, 2, 1, 2, 2, 1, 2, 3, 3",
    "2, 24, 10, 10, 24, 3, 3, 1, 1, 1, 1, 1, 1, 24",
    "2, 207, 5, 5, 13, 1, 1, 1, 1, 0, 0, 1, 1, 1",
    "1, 4, 8, 8, 4, 8, 8, 1, 1, 0, 0, 1, 1, 1",
    "2, 5, 11, 1, 7, 3, 1, 3, 1, 0, 0, 1, 1, 1",
  })
  void theThreePassesInBothFormats(
      int n,
      int c,
      int h,
      int w,
      int o,
      int kh,
      int kw,
      int sh,
      int sw,
      int ph,
      int pw,
      int dh,
      int dw,
      int groups) {
    Conv2d op = new Conv2d(sh, sw, ph, pw, dh, dw, groups);
    Tensor x = Oracle.random(1, n, c, h, w);
    Tensor weight = Oracle.random(2, o, c / groups, kh, kw);
    Tensor bias = Oracle.random(3, o);
    Tensor g = Oracle.random(4, op.infer(new Tensor[] {x, weight})[0].shape().toArray());
    for (MemoryFormat format : MemoryFormat.values()) {
      check(op, x.contiguous(format), weight, bias, g.contiguous(format));
    }
    check(
        op,
        x,
        weight.contiguous(MemoryFormat.CHANNELS_LAST),
        bias,
        g.contiguous(MemoryFormat.CHANNELS_LAST));
    check(op, x.contiguous(MemoryFormat.CHANNELS_LAST), weight, bias, g);
  }

  private static void check(Conv2d op, Tensor x, Tensor weight, Tensor bias, Tensor g) {
    long window = weight.size(2) * weight.size(3);
    long positions = g.size(0) * g.size(2) * g.size(3);
    Oracle.checkSumOfProducts(weight.size(1) * window, op, x, weight);
    Oracle.checkSumOfProducts(weight.size(1) * window + 1, op, x, weight, bias);
    for (MemoryFormat format : MemoryFormat.values()) {
      Conv2dInputGrad inputGrad = new Conv2dInputGrad(op, x.shape(), format);
      assertThat(Oracle.oneDnn(inputGrad, g, weight)[0].layout().isContiguous(format)).isTrue();
      Oracle.checkSumOfProducts(weight.size(0) / op.groups() * window, inputGrad, g, weight);
    }
    Shape shape = weight.shape();
    Oracle.checkSumOfProducts(positions, new Conv2dWeightGrad(op, shape, false), g, x);
    Oracle.checkSumOfProducts(positions, new Conv2dWeightGrad(op, shape, true), g, x);
  }

  @Test
  void theOutputHasTheInputsFormat() {
    Conv2d op = new Conv2d(1, 1, 1, 1, 1, 1, 1);
    Tensor x = Oracle.random(1, 2, 3, 8, 8).contiguous(MemoryFormat.CHANNELS_LAST);
    Tensor weight = Oracle.random(2, 5, 3, 3, 3);
    assertThat(Oracle.oneDnn(op, x, weight)[0].layout().format())
        .isEqualTo(MemoryFormat.CHANNELS_LAST);
  }

  @Test
  void stridedInputsAreCopiedFirst() {
    Conv2d op = new Conv2d(1, 1, 1, 1, 1, 1, 1);
    Tensor x = Oracle.random(1, 4, 6, 20, 9).slice(0, 0, 4, 2).slice(2, 3, 19, 2);
    Tensor weight = Oracle.random(2, 10, 6, 3, 3).slice(0, 0, 10, 2);
    Tensor g = Oracle.random(4, 1, 1, 1, 1).expand(2, 5, 8, 9);
    check(op, x, weight, Oracle.random(3, 5), g);
    check(op, x.transpose(2, 3), weight.transpose(2, 3), Oracle.random(3, 5), g.transpose(2, 3));
  }

  @Test
  void bfloat16WhereTheProcessorHasIt() {
    Conv2d op = new Conv2d(1, 1, 1, 1, 1, 1, 1);
    Tensor x = Oracle.random(1, 2, 13, 11, 9).to(DType.BFLOAT16);
    Tensor weight = Oracle.random(2, 7, 13, 3, 3).to(DType.BFLOAT16);
    if (OneDnn.hasBfloat16()) {
      Tensor g = Oracle.random(4, 2, 7, 11, 9).to(DType.BFLOAT16);
      check(op, x, weight, Oracle.random(3, 7).to(DType.BFLOAT16), g);
      // oneDNN's first kernel for this writes beyond its work memory, which the guard would show.
      Conv2d steps = new Conv2d(2, 1, 0, 0, 1, 1, 1);
      Tensor image = Oracle.random(5, 4, 2, 6, 7).to(DType.BFLOAT16);
      Tensor pixel = Oracle.random(6, 17, 2, 1, 1).to(DType.BFLOAT16);
      Tensor forEach = Oracle.random(8, 4, 17, 3, 7).to(DType.BFLOAT16);
      check(steps, image, pixel, Oracle.random(7, 17).to(DType.BFLOAT16), forEach);
    } else {
      assertThat(Oracle.supports(op, x, weight)).isFalse();
    }
  }

  @Test
  void shapesThatDoNotBelongTogetherNeverReachNativeCode() {
    Conv2d op = new Conv2d(1, 1, 0, 0, 1, 1, 1);
    Tensor x = Oracle.random(1, 2, 3, 8, 8);
    Tensor weight = Oracle.random(2, 5, 3, 3, 3);
    Tensor g = Oracle.random(3, 2, 5, 6, 6);
    Tensor smaller = Oracle.random(3, 2, 5, 5, 6);
    assertThat(supports(new Conv2dInputGrad(op, x.shape(), null), x, g, weight)).isTrue();
    assertThat(supports(new Conv2dInputGrad(op, x.shape(), null), x, smaller, weight)).isFalse();
    assertThat(supports(new Conv2dWeightGrad(op, weight.shape(), false), weight, smaller, x))
        .isFalse();
    Shape wide = Shape.of(5, 3, 3, 4);
    Tensor wider = Tensor.empty(wide, DType.FLOAT32, Device.CPU);
    assertThat(supports(new Conv2dWeightGrad(op, wide, false), wider, g, x)).isFalse();
    assertThat(supports(op, g, x, weight)).isTrue();
    assertThat(supports(op, smaller, x, weight)).isFalse();
    Tensor none = Tensor.empty(Shape.of(0, 3, 8, 8), DType.FLOAT32, Device.CPU);
    assertThat(Oracle.supports(op, none, weight)).isFalse();
  }

  private static boolean supports(io.kindling.op.Op op, Tensor output, Tensor... inputs) {
    Tensor written = Tensor.emptyLike(output);
    return Oracle.backend().kernel(op, inputs, new Tensor[] {written}) != null;
  }
}
