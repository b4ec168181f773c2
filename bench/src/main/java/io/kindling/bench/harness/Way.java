package io.kindling.bench.harness;

import io.kindling.bench.model.Format;
import java.util.ArrayList;
import java.util.List;

/**
 * What a side may choose: it keeps what suits it best.
 *
 * @param blasThreads of OpenBLAS, which only LibTorch uses and whose threads spin while they wait:
 *     where others want the same cores, one is many times faster than two
 */
record Way(Format format, int blasThreads) {
  /** All that {@code side} has to choose from. */
  static List<Way> of(Side side, List<Format> formats, int threads) {
    List<Way> ways = new ArrayList<>();
    for (Format format : formats) {
      ways.add(new Way(format, threads));
      if (side == Side.PEER && threads > 1) {
        ways.add(new Way(format, 1));
      }
    }
    return ways;
  }
}
