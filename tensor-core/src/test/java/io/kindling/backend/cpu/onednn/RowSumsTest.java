package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowSumsTest {
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 207", "63, 5", "702, 13", "5000, 6", "65536, 3", "12544, 16", "2048, 70"})
  void agreesWithSumsInDouble(int rows, int columns) {
    try (Scope scope = Scope.open();
        Preparation preparation = new Preparation()) {
      Tensor x = Oracle.random(1, rows, columns);
      RowSums sums = RowSums.of(rows, columns, preparation);
      assertThat(sums).isNotNull();
      try {
        Tensor found = Oracle.random(2, columns);
        sums.run(x.address(), found.address());
        // At most 1,024 roundings on the way to a part's sum, and three more.
        Tensor bound = x.abs().sum(0).mul(1027 * Oracle.FLOAT32 * 1.001);
        Oracle.checkWithin("sum", x.sum(0), found, bound);
        assertThat(sums.areFinite(x.address())).isTrue();
        x.select(0, rows - 1).select(0, columns - 1).fill_(Double.NaN);
        assertThat(sums.areFinite(x.address())).isFalse();
      } finally {
        preparation.primitives().forEach(Primitive::release);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1031", "65537", "2062"})
  void rowsThatDoNotDivideWellAreNotTaken(long rows) {
    try (Preparation preparation = new Preparation()) {
      assertThat(RowSums.of(rows, 4, preparation)).isNull();
      assertThat(preparation.primitives()).isEmpty();
    }
  }
}
