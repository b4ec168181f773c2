package io.kindling.spark.comm;

import io.kindling.distributed.ProcessGroup;
import io.kindling.distributed.ProcessGroupContractTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;

/** The contract of every group, over real sockets between members in this JVM. */
class SparkProcessGroupContractTest extends ProcessGroupContractTest {
  private final List<Ranks> connected = new ArrayList<>();

  @Override
  protected List<ProcessGroup> create(int size, Duration timeout) throws Exception {
    if (size == 1) {
      return List.of(SparkProcessGroup.over(null, 0, 1));
    }
    SparkConf conf =
        Security.OFF.conf().set("spark.kindling.comm.timeout", timeout.toMillis() + "ms");
    Ranks ranks = Ranks.connect(size, conf);
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
