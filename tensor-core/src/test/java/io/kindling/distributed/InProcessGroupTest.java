package io.kindling.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class InProcessGroupTest extends ProcessGroupContractTest {
  @Override
  protected List<ProcessGroup> create(int size, Duration timeout) {
    return InProcessGroup.create(size, timeout);
  }

  @Test
  void differentCallsAreNamed() throws Exception {
    List<String> messages =
        onEach(
            2,
            Duration.ofSeconds(60),
            group -> {
              Tensor t = Tensor.zeros(group.rank() + 1);
              try {
                group.allReduce(t, ReduceOp.SUM);
                return "none";
              } catch (DistributedException e) {
                return e.getMessage();
              }
            });
    for (String message : messages) {
      assertThat(message)
          .contains("float32 of 1 elements")
          .contains("float32 of 2 elements")
          .contains("same order");
    }
  }

  @Test
  void memoryOfAMemberThatGaveUpIsNotWrittenTo() {
    List<ProcessGroup> groups = InProcessGroup.create(2, Duration.ofMillis(50));
    try (Scope scope = Scope.open()) {
      Tensor early = Tensor.zeros(10);
      assertThatThrownBy(() -> groups.get(0).allReduce(early, ReduceOp.SUM))
          .hasMessageContaining("rank 1 did not come within 50 ms");
      Tensor late = Tensor.full(1, io.kindling.tensor.DType.FLOAT32, 10);
      assertThatThrownBy(() -> groups.get(1).allReduce(late, ReduceOp.SUM))
          .hasMessageContaining("rank 1 did not come");
      assertThat(early.toFloatArray()).containsOnly(0);
      assertThat(late.toFloatArray()).containsOnly(1);
    }
  }

  @Test
  void aMemberThatLeavesFailsTheOthers() throws Exception {
    onEach(
        2,
        Duration.ofSeconds(60),
        group -> {
          if (group.rank() == 1) {
            group.close();
          } else {
            Tensor t = Tensor.zeros(1000);
            assertThatThrownBy(() -> group.allReduce(t, ReduceOp.SUM))
                .isInstanceOf(DistributedException.class)
                .hasMessageContaining("rank 1");
          }
          return null;
        });
  }
}
