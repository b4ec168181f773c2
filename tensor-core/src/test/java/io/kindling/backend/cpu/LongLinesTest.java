package io.kindling.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.ShapeException;
import io.kindling.memory.Scope;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import io.kindling.tensor.ValuesAndIndices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lines that are longer than what is taken at a time, against one element after the other. */
class LongLinesTest {
  private static final int[] LENGTHS = {1, 2, 63, 64, 65, 1024, 1025, 2049, 5000};

  /** Many equal values, and odd ones. */
  private static Tensor values(int count, DType dtype) {
    Random random = new Random(count);
    double[] values = random.doubles(count, -30, 30).map(Math::rint).toArray();
    for (int i = 0; dtype.isFloatingPoint() && i < count; i += 7) {
      double[] odd = {Double.NaN, -0.0, 0.0, Double.POSITIVE_INFINITY, -1e30, 0.1, 1e-4};
      values[i] = odd[random.nextInt(odd.length)];
    }
    return Tensor.of(values).to(dtype);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void sortAndTopkKeepTheOrderOfEqualValues(DType dtype) {
    for (int length : LENGTHS) {
      for (boolean descending : new boolean[] {false, true}) {
        try (Scope scope = Scope.open()) {
          Tensor x = Tensor.stack(List.of(values(length, dtype), values(length, dtype)), 1);
          double[] in = x.select(1, 1).toDoubleArray();
          Comparator<Integer> order = Comparator.comparingDouble(i -> in[i] + 0.0);
          long[] expected =
              IntStream.range(0, length)
                  .boxed()
                  .sorted(descending ? order.reversed() : order)
                  .mapToLong(i -> i)
                  .toArray();
          ValuesAndIndices sorted = x.sort(0, descending);
          check(in, expected, sorted);
          for (int k : new int[] {0, 1, length / 10, length / 2, length}) {
            check(in, Arrays.copyOf(expected, k), x.topk(k, 0, descending));
          }
        }
      }
    }
  }

  private static void check(double[] in, long[] expected, ValuesAndIndices found) {
    assertThat(found.indices().select(1, 1).toLongArray()).isEqualTo(expected);
    double[] values = Arrays.stream(expected).mapToDouble(i -> in[(int) i]).toArray();
    assertThat(found.values().select(1, 1).toDoubleArray()).isEqualTo(values);
  }

  @Test
  void runningSumsAndTheFirstOfTheLargest() {
    for (int length : LENGTHS) {
      try (Scope scope = Scope.open()) {
        Tensor x = values(length, DType.INT32);
        long[] in = x.toLongArray();
        long[] sums = in.clone();
        Arrays.parallelPrefix(sums, Long::sum);
        assertThat(x.cumsum(0).toLongArray()).isEqualTo(sums);
        assertThat(x.to(DType.FLOAT32).cumsum(0).toLongArray()).isEqualTo(sums);
        long largest = Arrays.stream(in).max().orElseThrow();
        long first = IntStream.range(0, length).filter(i -> in[i] == largest).findFirst().orElse(0);
        assertThat(x.argmax().toLongArray()).containsExactly(first);
        Tensor real = x.to(DType.FLOAT32);
        assertThat(real.argmax().toLongArray()).containsExactly(first);
        real.narrow(0, length - 1, 1).fill_(Double.NaN);
        assertThat(real.argmax().toLongArray()).containsExactly(length - 1L);
        assertThat(real.argmin().toLongArray()).containsExactly(length - 1L);
      }
    }
  }

  @Test
  void positionsOfWhatIsNotZero() {
    for (DType dtype : new DType[] {DType.BOOL, DType.INT8, DType.FLOAT32, DType.FLOAT64}) {
      for (int length : LENGTHS) {
        try (Scope scope = Scope.open()) {
          Tensor x = values(3 * length, DType.INT32).remainder(2).to(dtype).view(length, 3);
          for (Tensor any : List.of(x, x.transpose(0, 1))) {
            List<long[]> expected = new ArrayList<>();
            for (long i = 0; i < any.size(0); i++) {
              for (long j = 0; j < any.size(1); j++) {
                if (any.get(i, j).item() != 0) {
                  expected.add(new long[] {i, j});
                }
              }
            }
            long[] flat = expected.stream().flatMapToLong(Arrays::stream).toArray();
            assertThat(any.nonzero().shape().toArray()).containsExactly(expected.size(), 2);
            assertThat(any.nonzero().toLongArray()).isEqualTo(flat);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void gatherScatterAndAddAlongLongIndices(DType dtype) {
    try (Scope scope = Scope.open()) {
      int length = 2500;
      Tensor x = values(2 * length, DType.INT8).to(dtype).view(length, 2);
      Tensor index = Tensor.arange(2L * length).mul(7919).remainder(length).view(length, 2);
      double[] in = x.toDoubleArray();
      long[] places = index.toLongArray();
      double[] gathered = new double[2 * length];
      double[] scattered = new double[2 * length];
      double[] added = new double[2 * length];
      for (int i = 0; i < 2 * length; i++) {
        int at = 2 * (int) places[i] + i % 2;
        gathered[i] = in[at];
        scattered[at] = in[i];
        added[at] += in[i];
      }
      Tensor zeros = Tensor.zerosLike(x);
      for (Tensor any : List.of(index, index.transpose(0, 1).contiguous().transpose(0, 1))) {
        assertThat(x.gather(0, any).toDoubleArray()).isEqualTo(gathered);
        assertThat(zeros.scatter(0, any, x).toDoubleArray()).isEqualTo(scattered);
        if (dtype != DType.BOOL) {
          double[] sums = Tensor.of(added).to(dtype).toDoubleArray();
          assertThat(zeros.scatterAdd(0, any, x).toDoubleArray()).isEqualTo(sums);
        }
      }
      Tensor turned = x.transpose(0, 1);
      assertThat(turned.gather(1, index.transpose(0, 1)).transpose(0, 1).toDoubleArray())
          .isEqualTo(gathered);
      Tensor line = x.select(1, 1);
      double[] selected = x.gather(0, index).select(1, 1).toDoubleArray();
      assertThat(turned.indexSelect(1, index.select(1, 1)).select(0, 1).toDoubleArray())
          .isEqualTo(selected);
      assertThat(line.take(index.select(1, 1)).toDoubleArray()).isEqualTo(selected);
    }
  }

  @Test
  void anIndexOutsideIsRefusedWhereverItIs() {
    for (int at : new int[] {0, 2047, 2048, 4999}) {
      for (long wrong : new long[] {-1, 100, Long.MIN_VALUE, Long.MAX_VALUE}) {
        try (Scope scope = Scope.open()) {
          Tensor x = Tensor.ones(new long[] {100}, DType.FLOAT32);
          Tensor index = Tensor.zeros(new long[] {5000}, DType.INT64);
          index.narrow(0, at, 1).fill_(0).add_(Tensor.of(new long[] {wrong}));
          assertThatThrownBy(() -> x.gather(0, index))
              .isInstanceOf(ShapeException.class)
              .hasMessageContaining(String.valueOf(wrong));
        }
      }
    }
  }
}
