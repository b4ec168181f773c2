package io.kindling.spark.comm;

import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ZeroRedundancyOptimizerTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Shards of an optimiser, over real sockets between members in this JVM. */
class SparkZeroRedundancyOptimizerTest extends ZeroRedundancyOptimizerTest {
  private final List<Ranks> connected = new ArrayList<>();

  @Override
  protected List<ProcessGroup> create(int size, Duration timeout) throws Exception {
    if (size == 1) {
      return List.of(SparkProcessGroup.over(null, 0, 1));
    }
    Ranks ranks = Ranks.connect(size, Security.OFF.conf());
    connected.add(ranks);
    return ranks.groups();
  }

  @AfterEach
  void disconnect() throws Exception {
    for (Ranks ranks : connected) {
      ranks.close();
    }
  }
}
