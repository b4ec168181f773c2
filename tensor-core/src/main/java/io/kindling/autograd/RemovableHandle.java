package io.kindling.autograd;

/** A registered hook, as PyTorch's handle: {@link #remove} takes the hook away again. */
public final class RemovableHandle implements AutoCloseable {
  private Runnable removal;

  RemovableHandle() {}

  void onRemoval(Runnable action) {
    removal = action;
  }

  /** Takes the hook away; a second call does nothing. */
  public void remove() {
    Runnable action = removal;
    removal = null;
    if (action != null) {
      action.run();
    }
  }

  /** As {@link #remove}. */
  @Override
  public void close() {
    remove();
  }
}
