package io.kindling.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.bench.model.Format;
import java.util.List;
import org.junit.jupiter.api.Test;

class WayTest {
  @Test
  void oneThreadLeavesOnlyTheOrderInMemory() {
    for (Side side : Side.values()) {
      assertThat(Way.of(side, List.of(Format.values()), 1))
          .containsExactly(new Way(Format.NCHW, 1), new Way(Format.CHANNELS_LAST, 1));
    }
  }

  @Test
  void libTorchMayLeaveItsProductsToOneThread() {
    assertThat(Way.of(Side.OURS, List.of(Format.NCHW), 2)).containsExactly(new Way(Format.NCHW, 2));
    assertThat(Way.of(Side.PEER, List.of(Format.NCHW), 2))
        .containsExactly(new Way(Format.NCHW, 2), new Way(Format.NCHW, 1));
  }
}
