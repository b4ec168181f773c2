package io.kindling.memory;

/**
 * A handle that a {@link Scope} may close. A handle belongs to the scope that was innermost on its
 * thread when it was made, or to none.
 */
public abstract class ScopedHandle implements AutoCloseable {
  Scope scope;
  int slot;

  /** Lets go of what the handle holds. A second call does nothing. */
  @Override
  public abstract void close();

  /** To be called first in the constructor's end: hands the handle to the current scope. */
  protected final void enterScope() {
    Scope current = Scope.current();
    if (current != null) {
      current.add(this);
    }
  }

  /** To be called by {@link #close}: the scope need not remember the handle any more. */
  protected final void leaveScope() {
    if (scope != null) {
      scope.forget(this);
      scope = null;
    }
  }
}
