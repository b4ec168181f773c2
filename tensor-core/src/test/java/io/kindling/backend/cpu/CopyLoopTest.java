package io.kindling.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CopyLoopTest {
  @ParameterizedTest
  @EnumSource
  void oneElementFillsDenseMemory(DType dtype) {
    for (int count : new int[] {1, 63, 64, 65, 4097, 100_003}) {
      for (double value : new double[] {0, 1, 77}) {
        try (Scope scope = Scope.open()) {
          Tensor x = Tensor.zeros(new long[] {count + 2}, dtype);
          x.narrow(0, 1, count).fill_(value);
          double[] expected = new double[count + 2];
          Arrays.fill(expected, 1, count + 1, dtype == DType.BOOL && value != 0 ? 1 : value);
          assertThat(x.to(DType.FLOAT64).toDoubleArray()).isEqualTo(expected);
        }
      }
    }
  }

  /** As the loops over elements convert: 300 keeps its low bits in a byte, 0.7 is truncated. */
  @ParameterizedTest
  @EnumSource
  void anElementOfAnotherTypeIsConvertedAsInSmallTensors(DType dtype) {
    try (Scope scope = Scope.open()) {
      for (DType from : DType.values()) {
        for (double value : new double[] {0.7, -3, 300, 1e30, Double.NaN}) {
          Tensor number = Tensor.scalar(value).to(from);
          Tensor small = number.expand(3).to(dtype).to(DType.FLOAT64);
          Tensor large = number.expand(300).to(dtype).to(DType.FLOAT64);
          double[] expected = new double[300];
          Arrays.fill(expected, small.get(0).item());
          assertThat(large.toDoubleArray()).isEqualTo(expected);
        }
      }
    }
  }
}
