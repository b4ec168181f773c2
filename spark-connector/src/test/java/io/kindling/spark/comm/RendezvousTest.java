package io.kindling.spark.comm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.distributed.DistributedException;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final Member FIRST = new Member(0, "alpha", 1001, "secret of 0", "one");
  private static final Member SECOND = new Member(1, "beta", 1002, "secret of 1", "other");

  @Test
  void membersAreReadByRank() {
    String[] messages = {Rendezvous.encode("run\t0", FIRST), Rendezvous.encode("run\t0", SECOND)};
    assertThat(Rendezvous.decode(messages, "run\t0")).containsExactly(FIRST, SECOND);
  }

  @Test
  void aTaskOfAnotherRunOrAttemptIsRefused() {
    String[] messages = {Rendezvous.encode("run\t0", FIRST), Rendezvous.encode("run\t1", SECOND)};
    assertThatThrownBy(() -> Rendezvous.decode(messages, "run\t0"))
        .isInstanceOf(DistributedException.class)
        .hasMessageContaining("rank 1 of run 'run\t1'");
  }

  @Test
  void aTaskInAnothersPlaceIsRefused() {
    String[] messages = {Rendezvous.encode("run\t0", SECOND)};
    assertThatThrownBy(() -> Rendezvous.decode(messages, "run\t0"))
        .isInstanceOf(DistributedException.class)
        .hasMessageContaining("in place of rank 0");
  }
}
