package io.kindling.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoresTest {
  @Test
  void listsHaveNumbersAndRanges() {
    assertThat(Cores.parse("0-2,7,9-10")).containsExactly(0, 1, 2, 7, 9, 10);
  }

  @Test
  void atLeastOneCoreIsAtHand() {
    assertThat(Cores.allowed()).isNotEmpty();
  }

  @Test
  void ownUseIsNotThatOfOthers() {
    Cores.Watch watch = Cores.watch();
    double sum = 0;
    while (watch.processorTime() < 2e8) {
      sum += Math.sqrt(sum + 1);
    }
    assertThat(sum).isPositive();
    assertThat(watch.cores()).isPositive();
    // Of all cores, this process has had some; others cannot have had those.
    double all = Cores.allowed().size();
    assertThat(watch.cores() + watch.othersCores()).isLessThanOrEqualTo(all * 1.2);
  }
}
