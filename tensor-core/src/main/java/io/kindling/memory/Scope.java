package io.kindling.memory;

import io.kindling.MemoryException;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Closes what was made inside it.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open()) {
 *   Tensor loss = criterion.forward(network.forward(x), y);
 *   loss.backward();
 *   optimizer.step();
 * } // every intermediate result is released here
 * }</pre>
 *
 * <p>Scopes form a stack on each thread. A tensor belongs to the scope that was innermost when it
 * was made; {@link #keep} moves it to the scope around, and {@link #detach} to none, after which
 * the holder closes it. Closing a scope drops handles, not memory: whatever else holds the same
 * storage (a view kept outside, a tensor that autograd saved, a gradient, an optimiser's state)
 * keeps it alive, so no scope can invalidate what it does not own.
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<Scope[]> CURRENT = ThreadLocal.withInitial(() -> new Scope[1]);

  private final Scope[] top;
  private final Scope parent;
  private final Thread owner = Thread.currentThread();
  private ScopedHandle[] handles = new ScopedHandle[16];
  private int count;
  private boolean closed;

  private Scope(Scope[] top) {
    this.top = top;
    this.parent = top[0];
    top[0] = this;
  }

  /** Opens a scope on this thread, inside the current one. */
  public static Scope open() {
    return new Scope(CURRENT.get());
  }

  /** The innermost open scope of this thread, or null. */
  public static Scope current() {
    return CURRENT.get()[0];
  }

  /** Runs {@code body} in a scope of its own and returns its handle, kept for the scope around. */
  public static <H extends ScopedHandle> H tidy(Supplier<H> body) {
    try (Scope scope = open()) {
      return scope.keep(body.get());
    }
  }

  /** Moves a handle to the scope around this one, or to none if there is none; returns it. */
  public <H extends ScopedHandle> H keep(H handle) {
    if (isOurs(handle)) {
      handle.scope.forget(handle);
      handle.scope = null;
      if (parent != null) {
        parent.add(handle);
      }
    }
    return handle;
  }

  /** Takes a handle out of whatever scope it is in: the caller closes it. Returns it. */
  public static <H extends ScopedHandle> H detach(H handle) {
    if (handle.scope != null) {
      handle.scope.forget(handle);
      handle.scope = null;
    }
    return handle;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    checkOwner();
    if (top[0] != this) {
      throw new MemoryException("scopes must be closed innermost first; use try-with-resources");
    }
    closed = true;
    top[0] = parent;
    clear();
    handles = null;
  }

  /** Closes what was made inside so far; the scope stays open. */
  public void clear() {
    checkOwner();
    // Closing a handle may add or remove others.
    while (count > 0) {
      ScopedHandle handle = handles[--count];
      handles[count] = null;
      if (handle != null && handle.scope == this) {
        handle.scope = null;
        handle.close();
      }
    }
  }

  /** Whether the handle was made in this scope, and not in one inside it, and is still its own. */
  public boolean owns(ScopedHandle handle) {
    return handle.scope == this;
  }

  private void checkOwner() {
    if (Thread.currentThread() != owner) {
      throw new MemoryException(
          "a Scope must be closed by the thread that opened it (" + owner.getName() + ")");
    }
  }

  void add(ScopedHandle handle) {
    if (count == handles.length) {
      compact();
    }
    handle.scope = this;
    handle.slot = count;
    handles[count++] = handle;
  }

  /** Other threads leave the slot as it is: closing a closed handle does nothing. */
  void forget(ScopedHandle handle) {
    if (Thread.currentThread() == owner && handles != null) {
      handles[handle.slot] = null;
      if (handle.slot == count - 1) {
        count--;
      }
    }
  }

  /** Closed handles leave holes; a long scope would otherwise grow with every tensor ever made. */
  private void compact() {
    int live = 0;
    for (int i = 0; i < count; i++) {
      ScopedHandle handle = handles[i];
      if (handle != null && handle.scope == this) {
        handle.slot = live;
        handles[live++] = handle;
      }
    }
    Arrays.fill(handles, live, count, null);
    count = live;
    if (live > handles.length / 2) {
      handles = Arrays.copyOf(handles, 2 * handles.length);
    }
  }

  private boolean isOurs(ScopedHandle handle) {
    for (Scope scope = handle.scope; scope != null; scope = scope.parent) {
      if (scope == this) {
        return true;
      }
    }
    return false;
  }
}
