package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.op.reduce.Sum;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowSumsTest {
  private static final Sum SUM = new Sum(List.of(0), false);

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1, 207",
    "63, 5",
    "702, 13",
    "5000, 6",
    "65536, 3",
    "12544, 16",
    "1031, 70",
    "256, 64",
    "207, 2000"
  })
  void agreesWithSumsInDouble(int rows, int columns) {
    try (Scope scope = Scope.open();
        Preparation preparation = new Preparation(new Team())) {
      for (DType dtype : Oracle.types()) {
        check(Oracle.random(1, rows, columns).to(dtype), rows, columns, preparation);
      }
    }
  }

  private static void check(Tensor x, int rows, int columns, Preparation preparation) {
    RowSums sums = RowSums.of(x.dtype(), rows, columns, preparation);
    assertThat(sums).isNotNull();
    try {
      double[] found = sums.run(x.address());
      // At most 256 roundings on the way to a part's sum, and two more for its mean.
      double[] magnitudes = Oracle.reference(SUM, x.abs().toDouble())[0].toDoubleArray();
      double[] expected = Oracle.reference(SUM, x.toDouble())[0].toDoubleArray();
      for (int i = 0; i < columns; i++) {
        assertThat(Math.abs(found[i] - expected[i]))
            .as("column %d: %s for %s", i, found[i], expected[i])
            .isLessThanOrEqualTo(258.1 * Oracle.FLOAT32 * magnitudes[i]);
      }
      if (x.dtype() == DType.FLOAT32) {
        assertThat(sums.areFinite(x.address())).isTrue();
        x.select(0, rows - 1).select(0, columns - 1).fill_(Double.NaN);
        assertThat(sums.areFinite(x.address())).isFalse();
      }
    } finally {
      preparation.primitives().forEach(Primitive::release);
      preparation.primitives().clear();
    }
  }
}
