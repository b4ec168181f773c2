package io.kindling.backend.cpu.onednn;

import io.kindling.backend.Backend;
import io.kindling.backend.BackendContractTest;
import java.util.Set;

/** oneDNN against the plain-Java kernels. */
class OneDnnContractTest extends BackendContractTest {
  @Override
  protected Backend backend() {
    return Oracle.backend();
  }

  @Override
  protected Set<Class<?>> operations() {
    return OneDnnBackend.operations();
  }
}
