package io.kindling.bench.harness;

import io.kindling.bench.model.Case;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * What the machine could do at best, measured in the same run.
 *
 * @param flops a second, of a large matrix product
 * @param copies bytes a second, read and written, of copies of several sizes, smallest first
 * @param kernels the library that computed
 */
public record Floors(double flops, List<Copy> copies, String kernels) {
  /**
   * @param bytes read and written by one copy
   * @param rate bytes a second
   */
  public record Copy(double bytes, double rate) {}

  public Floors {
    copies = List.copyOf(copies);
  }

  /**
   * The least time of a case, or the most rows a second, in its unit; 0 where it has no floor. It
   * is that of its arithmetic, or of its memory traffic at the speed of copies of about its size,
   * whatever takes longer; that of memory is the bytes themselves.
   */
  double of(Case one) {
    double traffic = one.bytes() == 0 ? 0 : one.bytes() / copyLike(one.bytes()).rate();
    double seconds = Math.max(one.flops() / flops, traffic);
    return switch (one.unit()) {
      case MICROSECONDS -> seconds * 1e6;
      case SECONDS -> seconds;
      case ROWS_PER_SECOND -> seconds == 0 ? 0 : 1 / seconds;
      case MEBIBYTES -> one.bytes() / (1 << 20);
      case PERCENT -> 0;
    };
  }

  /** The copy whose size is the nearest, in ratio. */
  private Copy copyLike(double bytes) {
    return Collections.min(
        copies, Comparator.comparingDouble(copy -> Math.abs(Math.log(copy.bytes() / bytes))));
  }

  /** The better of two measurements of each: other processes can only slow a machine down. */
  Floors best(Floors other) {
    List<Copy> best = new ArrayList<>();
    for (int i = 0; i < copies.size(); i++) {
      double rate = Math.max(copies.get(i).rate(), other.copies.get(i).rate());
      best.add(new Copy(copies.get(i).bytes(), rate));
    }
    return new Floors(Math.max(flops, other.flops), best, kernels);
  }
}
