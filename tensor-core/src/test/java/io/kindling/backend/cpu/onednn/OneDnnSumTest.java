package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindling.memory.Scope;
import io.kindling.op.reduce.Mean;
import io.kindling.op.reduce.Reduction;
import io.kindling.op.reduce.Sum;
import io.kindling.tensor.DType;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OneDnnSumTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void overEverythingAndOverWhatComesFirstInMemory() {
    Tensor x = Oracle.random(1, 7, 26, 19, 17);
    Tensor last = x.contiguous(MemoryFormat.CHANNELS_LAST);
    check(x);
    check(last);
    check(x, 0, 1, 2, 3);
    check(last, 0, 2, 3);
    check(last, 3, 0, 2);
    check(x, 0);
    check(x, 1, 0);
    check(last.permute(0, 2, 3, 1), 0, 1);
    check(last.permute(0, 2, 3, 1), 2, 1, 0);
    check(x.permute(1, 0, 2, 3), 0, 1);
    check(Oracle.random(2, 128, 1000), 0);
    check(Oracle.random(3, 40_009));
    check(Oracle.random(4, 1031, 40), 0);
  }

  private static void check(Tensor x, int... dims) {
    List<Integer> reduced = java.util.Arrays.stream(dims).boxed().toList();
    for (Reduction op :
        List.of(new Sum(reduced, false), new Sum(reduced, true), new Mean(reduced, false))) {
      Tensor found = Oracle.oneDnn(op, x)[0];
      Tensor expected = Oracle.reference(op, x.toDouble())[0];
      // 256 additions and two roundings of a part, the sum of at most 64 columns, and the result.
      Tensor bound = Oracle.reference(op, x.abs().toDouble())[0].mul(260 * Oracle.FLOAT32);
      if (x.dtype() == DType.BFLOAT16) {
        bound.add_(expected.abs().mul(1.01 * Oracle.BFLOAT16));
      }
      Oracle.checkWithin(op + " of " + x.layout(), expected, found, bound);
    }
  }

  @Test
  void inBfloat16() {
    assumeTrue(OneDnn.hasBfloat16(), "this processor has no bfloat16");
    Tensor x = Oracle.random(1, 7, 26, 19, 17).to(DType.BFLOAT16);
    check(x);
    check(x, 0);
    check(x.contiguous(MemoryFormat.CHANNELS_LAST), 0, 2, 3);
    check(Oracle.random(2, 2048, 512).to(DType.BFLOAT16), 0);
    check(Oracle.random(3, 40_009).to(DType.BFLOAT16));
    check(Oracle.random(4, 1031, 40).to(DType.BFLOAT16), 0);
    check(x.view(-1, 17), 0);
    check(x.view(-1, 1), 0);
  }

  @Test
  void notANumberAndInfinityArrive() {
    for (DType dtype : Oracle.types())
      for (double odd : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
        Tensor x = Oracle.random(1, 1000, 100).to(dtype);
        x.select(0, 990).select(0, 7).fill_(odd);
        assertThat(Oracle.oneDnn(new Sum(List.of(), false), x)[0].item())
            .isEqualTo(Double.valueOf(odd));
        double[] columns = Oracle.oneDnn(new Sum(List.of(0), false), x)[0].toDoubleArray();
        for (int i = 0; i < columns.length; i++) {
          assertThat(Double.isFinite(columns[i])).isEqualTo(i != 7);
        }
      }
  }

  @Test
  void otherSumsAreLeftToJava() {
    Tensor x = Oracle.random(1, 20, 30, 10, 10);
    assertThat(Oracle.supports(new Sum(List.of(0), false), x)).isTrue();
    assertThat(Oracle.supports(new Sum(List.of(3), false), x)).isFalse();
    assertThat(Oracle.supports(new Sum(List.of(0, 2, 3), false), x)).isFalse();
    assertThat(Oracle.supports(new Sum(List.of(), false), x.slice(3, 0, 10, 2))).isFalse();
    assertThat(Oracle.supports(new Sum(List.of(), false), x.to(DType.FLOAT64))).isFalse();
    assertThat(Oracle.supports(new Sum(List.of(), false), x.slice(0, 0, 10, 1))).isFalse();
  }
}
