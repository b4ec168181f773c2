package io.kindling.backend.cpu;

import io.kindling.backend.Backend;
import io.kindling.backend.BackendContractTest;
import java.util.Set;

/** The plain-Java kernels in every type and layout against themselves in float64. */
class JavaBackendTest extends BackendContractTest {
  @Override
  protected Backend backend() {
    return new JavaBackend();
  }

  /** All that there are; {@code SurfaceTest} runs them. */
  @Override
  protected Set<Class<?>> operations() {
    return Set.of();
  }
}
