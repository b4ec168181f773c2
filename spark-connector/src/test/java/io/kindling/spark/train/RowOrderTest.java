package io.kindling.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RowOrderTest {
  @Test
  void everyRowComesOnce() {
    assertThat(RowOrder.shuffled(1).of(3, 1, 500)).containsExactlyInAnyOrder(RowOrder.inOrder(500));
    assertThat(RowOrder.shuffled(1).of(1, 0, 0)).isEmpty();
  }

  @Test
  void theOrderDependsOnSeedEpochAndWorkerAndNothingElse() {
    int[] order = RowOrder.shuffled(1).of(3, 1, 500);

    assertThat(RowOrder.shuffled(1).of(3, 1, 500)).isEqualTo(order);
    assertThat(RowOrder.shuffled(2).of(3, 1, 500)).isNotEqualTo(order);
    assertThat(RowOrder.shuffled(1).of(4, 1, 500)).isNotEqualTo(order);
    assertThat(RowOrder.shuffled(1).of(3, 2, 500)).isNotEqualTo(order);
    assertThat(order).isNotEqualTo(RowOrder.inOrder(500));
  }

  @Test
  void ordersAreEvenlySpread() {
    int[] first = new int[4];
    for (int epoch = 1; epoch <= 4000; epoch++) {
      first[RowOrder.shuffled(11).of(epoch, 0, 4)[0]]++;
    }
    // 1000 each are expected, with a standard deviation of 27.
    assertThat(Arrays.stream(first)).allMatch(count -> count > 860 && count < 1140);
  }
}
