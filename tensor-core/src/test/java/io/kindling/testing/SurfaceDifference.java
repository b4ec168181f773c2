package io.kindling.testing;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A line of {@code surface/differences.txt}: where Kindling differs from PyTorch on purpose.
 *
 * @param calls cases as {@link SurfaceCase#toString} shows them, {@code *} standing for anything
 */
public record SurfaceDifference(String calls, String reason) {
  /** All lines: calls, a colon, the reason. */
  public static List<SurfaceDifference> all() {
    return Surface.lines("differences.txt").stream()
        .map(line -> line.split(": ", 2))
        .map(parts -> new SurfaceDifference(parts[0], parts[1]))
        .toList();
  }

  public boolean covers(SurfaceCase golden) {
    String[] parts = calls.split("\\*", -1);
    StringBuilder pattern = new StringBuilder(Pattern.quote(parts[0]));
    for (int i = 1; i < parts.length; i++) {
      pattern.append(".*").append(Pattern.quote(parts[i]));
    }
    return golden.toString().matches(pattern.toString());
  }
}
