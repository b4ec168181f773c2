package io.kindling.testing;

import io.kindling.backend.Backends;
import io.kindling.memory.MemoryStatistics;
import io.kindling.memory.Scope;
import io.kindling.memory.Storage;
import io.kindling.tensor.Device;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves off-heap bytes behind, lets the garbage collector free them, or leaves a
 * scope open. Registered for every test of every module through {@code META-INF/services}.
 */
public final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace SPACE =
      ExtensionContext.Namespace.create(LeakCheck.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(SPACE).put("before", statistics());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (Scope.current() != null) {
      Scope.current().close();
      throw new AssertionError("the test left a Scope open");
    }
    if (context.getTags().contains("leaks")) {
      return;
    }
    MemoryStatistics before = context.getStore(SPACE).get("before", MemoryStatistics.class);
    MemoryStatistics after = statistics();
    if (after.inUse() != before.inUse() || after.leaked() != before.leaked()) {
      throw new AssertionError(
          "off-heap bytes in use: "
              + before.inUse()
              + " before the test, "
              + after.inUse()
              + " after; freed by the garbage collector: "
              + (after.leaked() - before.leaked())
              + (Boolean.getBoolean(Storage.TRACE_PROPERTY)
                  ? ". In use:\n" + Storage.live()
                  : ". Run with -D" + Storage.TRACE_PROPERTY + "=true to see what is in use"));
    }
  }

  private static MemoryStatistics statistics() {
    return Backends.allocator(Device.CPU).statistics();
  }
}
