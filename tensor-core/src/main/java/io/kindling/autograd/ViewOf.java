package io.kindling.autograd;

import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;

/**
 * What a view knows of the tensor it looks into. Writing through a view changes the base, and
 * writing to the base changes its views: the base's history then gets the write as a node, and each
 * view, when it is next used, takes its own history anew from the base's. {@code generation} tells
 * whether it has to.
 */
public final class ViewOf {
  private final AutogradState base;
  private final Layout baseLayout;
  private final DType dtype;
  private final boolean recorded;
  private int generation;

  ViewOf(AutogradState base, Layout baseLayout, DType dtype, boolean recorded) {
    base.retain();
    this.base = base;
    this.baseLayout = baseLayout;
    this.dtype = dtype;
    this.recorded = recorded;
    this.generation = base.generation();
  }

  /** For another view of the same base, or another handle on this one. */
  public ViewOf copy(boolean recordedToo) {
    ViewOf copy = new ViewOf(base, baseLayout, dtype, recorded && recordedToo);
    copy.generation = generation;
    return copy;
  }

  AutogradState base() {
    return base;
  }

  Layout baseLayout() {
    return baseLayout;
  }

  DType dtype() {
    return dtype;
  }

  /** Whether the view was made while operations were recorded. */
  boolean isRecorded() {
    return recorded;
  }

  /** Whether the base was written to since the view's history was taken. */
  public boolean isStale() {
    return generation != base.generation();
  }

  void refreshed() {
    generation = base.generation();
  }

  public void release() {
    base.release();
  }
}
