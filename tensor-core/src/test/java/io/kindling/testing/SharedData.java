package io.kindling.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real data that lies beside a checkout, in {@code ../shared/data}, on some machines only. */
public final class SharedData {
  private SharedData() {}

  /** A folder of the real data; the calling test is skipped where there is none. */
  public static Path folder(String name) {
    Path checkout = Path.of("").toAbsolutePath();
    while (checkout != null && !Files.exists(checkout.resolve("mvnw"))) {
      checkout = checkout.getParent();
    }
    Path folder = checkout == null ? null : checkout.resolveSibling("shared/data").resolve(name);
    assumeTrue(
        folder != null && Files.isDirectory(folder),
        () -> "needs the real data folder " + folder + " beside the checkout");
    return folder;
  }
}
