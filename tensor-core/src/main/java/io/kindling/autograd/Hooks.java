package io.kindling.autograd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hooks in the order of registration, each of which its handle takes away. */
final class Hooks<H> {
  private final Map<RemovableHandle, H> hooks = new LinkedHashMap<>();

  synchronized RemovableHandle add(H hook) {
    RemovableHandle handle = new RemovableHandle();
    hooks.put(handle, hook);
    handle.onRemoval(() -> remove(handle));
    return handle;
  }

  private synchronized void remove(RemovableHandle handle) {
    hooks.remove(handle);
  }

  /** Those of now: a hook may add or remove others while it runs. */
  synchronized List<H> list() {
    return new ArrayList<>(hooks.values());
  }
}
