package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.memory.Scope;
import io.kindling.op.MatmulPrecision;
import io.kindling.op.matmul.Linear;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneDnnLinearTest {
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
  @CsvSource({"1, 1, 1", "13, 1, 207", "1, 702, 13", "207, 13, 1", "64, 784, 10", "13, 207, 702"})
  void withAndWithoutBias(long rows, long in, long out) {
    check(Oracle.random(1, rows, in), Oracle.random(2, out, in), Oracle.random(3, out));
    check(Oracle.random(1, in), Oracle.random(2, out, in), Oracle.random(3, out));
    check(Oracle.random(1, in, rows).t(), Oracle.random(2, in, out).t(), Oracle.random(3, out));
  }

  @Test
  void anyLeadingDimensionsAndStrides() {
    Tensor weight = Oracle.random(2, 11, 26);
    Tensor bias = Oracle.random(3, 11);
    check(Oracle.random(1, 3, 5, 7, 26), weight, bias);
    check(Oracle.random(1, 3, 5, 7, 26).transpose(0, 2), weight, bias);
    check(Oracle.random(1, 3, 26, 7).transpose(1, 2), weight, bias);
    check(Oracle.random(1, 3, 7, 52).slice(2, 0, 52, 2), weight, bias);
    check(Oracle.random(1, 3, 1, 26).expand(3, 7, 26), weight, bias);
    check(Oracle.random(1, 26).expand(3, 7, 26), weight, bias);
    check(Oracle.random(1, 4, 13), weight.slice(1, 0, 26, 2), bias);
  }

  @Test
  void bfloat16AndWhatIsLeftToJava() {
    Tensor x = Oracle.random(1, 13, 65);
    Tensor weight = Oracle.random(2, 7, 65);
    Tensor bias = Oracle.random(3, 14).slice(0, 0, 14, 2);
    assertThat(Oracle.supports(new Linear(), x, weight, bias)).isFalse();
    if (OneDnn.hasBfloat16()) {
      check(x.to(DType.BFLOAT16), weight.to(DType.BFLOAT16), bias.contiguous().to(DType.BFLOAT16));
    }
  }

  @Test
  void atMediumPrecisionFactorsOfLargeLayersAreRoundedAndTheBiasIsNot() {
    assumeTrue(OneDnn.hasBfloat16(), "this processor has no bfloat16");
    Tensor x = Oracle.random(1, 207, 129).to(DType.BFLOAT16).to(DType.FLOAT32);
    Tensor weight = Oracle.random(2, 150, 129).to(DType.BFLOAT16).to(DType.FLOAT32);
    try (var precision = MatmulPrecision.MEDIUM.use()) {
      check(x, weight, Oracle.random(3, 150));
    }
  }

  private static void check(Tensor x, Tensor weight, Tensor bias) {
    Oracle.checkSumOfProducts(x.size(-1), new Linear(), x, weight);
    Oracle.checkSumOfProducts(x.size(-1) + 1, new Linear(), x, weight, bias);
  }
}
