package io.kindling.amp;

import io.kindling.autograd.AutogradState;
import io.kindling.memory.Scope;
import io.kindling.memory.Storage;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.Copy;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * What weights were cast to in a thread's regions, in no scope. An entry counts only as long as its
 * weight has the values it had, and not for recorded operations if the cast itself was not
 * recorded, as nothing would then flow back to the weight.
 */
public final class WeightCasts {
  private final Map<AutogradState, Entry> entries = new IdentityHashMap<>();

  /** How many regions are open, one in another. */
  int depth;

  WeightCasts() {}

  private record Entry(Tensor cast, Storage storage, int version, Layout layout) {
    boolean isOf(Tensor weight, DType type, boolean recorded) {
      return cast.dtype() == type
          && weight.storage() == storage
          && storage.version() == version
          && weight.layout().equals(layout)
          && (cast.requiresGrad() || !recorded);
    }
  }

  /**
   * The weight in that type; not to be closed by the caller.
   *
   * @param recorded whether operations are recorded now
   */
  Tensor of(Tensor weight, DType type, boolean recorded) {
    AutogradState variable = weight.state();
    Entry known = entries.get(variable);
    if (known != null && known.isOf(weight, type, recorded)) {
      return known.cast();
    }
    Storage storage = weight.storage();
    int version = storage.version();
    Tensor cast = Scope.detach(Dispatch.run(new Copy(type, null), weight));
    Entry entry = new Entry(cast, storage, version, weight.layout());
    Entry before = entries.put(variable, entry);
    if (before != null) {
      before.cast().close();
    }
    return cast;
  }

  void close() {
    entries.values().forEach(entry -> entry.cast().close());
    entries.clear();
  }
}
