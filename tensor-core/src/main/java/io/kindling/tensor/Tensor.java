package io.kindling.tensor;

import io.kindling.AutogradException;
import io.kindling.KindlingException;
import io.kindling.MemoryException;
import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.autograd.AutogradState;
import io.kindling.autograd.InferenceMode;
import io.kindling.autograd.Node;
import io.kindling.autograd.Recorder;
import io.kindling.autograd.RemovableHandle;
import io.kindling.autograd.ViewOf;
import io.kindling.backend.Backends;
import io.kindling.memory.Scope;
import io.kindling.memory.Storage;
import io.kindling.op.Dispatch;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.Copy;
import io.kindling.op.view.Detach;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * An n-dimensional array of one element type on one device, as PyTorch's {@code torch.Tensor}.
 *
 * <p>A tensor is a handle: it holds one reference on its {@link Storage} until it is closed, by
 * {@link #close} or by the {@link Scope} it was made in. Method names, defaults, broadcasting and
 * promotion are PyTorch's; a trailing underscore changes the tensor in place.
 */
public final class Tensor extends TensorFunctions
    implements ArithmeticMethods,
        ArithmeticInPlaceMethods,
        PointwiseMethods,
        PointwiseInPlaceMethods,
        ComparisonMethods,
        ReductionMethods,
        SortingMethods,
        ViewMethods,
        RearrangingMethods,
        IndexingMethods,
        LinearAlgebraMethods,
        SpectralMethods,
        FillingMethods,
        RandomMethods,
        ConversionMethods {
  private static final VarHandle STORAGE;

  static {
    try {
      STORAGE = MethodHandles.lookup().findVarHandle(Tensor.class, "storage", Storage.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Not volatile, because each construction would then pay for a fence.
  private Storage storage;
  private Spec spec;
  private final Device device;
  private AutogradState state;
  private boolean number;
  private ViewOf viewOf;

  /**
   * A handle on part of a storage; takes over one of the caller's references on it. For operations
   * and data sources; users make tensors with {@link #of}, {@link #zeros} and the like.
   *
   * @throws ShapeException if the layout reaches beyond the storage, whose reference is then
   *     released
   */
  public Tensor(Storage storage, Spec spec, Device device) {
    if (spec.layout().end() > spec.dtype().countIn(storage.bytes())) {
      long bytes = storage.bytes();
      storage.release();
      throw new ShapeException(
          "a tensor of "
              + spec.layout()
              + " and type "
              + spec.dtype()
              + " reaches beyond its storage of "
              + bytes
              + " bytes");
    }
    this.storage = storage;
    this.spec = spec;
    this.device = device;
    enterScope();
  }

  /** A new tensor with undefined contents. */
  public static Tensor allocate(Spec spec, Device device) {
    long numel = spec.shape().numel();
    if (numel > spec.dtype().countIn(Long.MAX_VALUE)) {
      throw new MemoryException(
          "a tensor of shape "
              + spec.shape()
              + " and type "
              + spec.dtype()
              + " has more bytes than a long counts; use smaller sizes");
    }
    long bytes = numel * spec.dtype().bytes();
    Storage storage = Storage.allocate(Backends.allocator(device), bytes);
    if (InferenceMode.isOn()) {
      storage.markInference();
    }
    return new Tensor(storage, spec, device);
  }

  public Shape shape() {
    return spec.shape();
  }

  /** As {@link #shape}. */
  public Shape size() {
    return shape();
  }

  public long size(int dim) {
    try {
      return layout().size(dim);
    } catch (KindlingException e) {
      throw e.during("size");
    }
  }

  /** How many elements lie between neighbours of each dimension. */
  public long[] stride() {
    return layout().strides();
  }

  public long stride(int dim) {
    return layout().stride(dim);
  }

  /** How many dimensions there are. */
  public int dim() {
    return layout().rank();
  }

  public long numel() {
    return shape().numel();
  }

  public DType dtype() {
    return spec.dtype();
  }

  public Device device() {
    return device;
  }

  public Layout layout() {
    return spec.layout();
  }

  /** Layout and type. */
  public Spec spec() {
    return spec;
  }

  public boolean isContiguous() {
    return layout().isContiguous();
  }

  /** The memory behind this tensor; fails if the tensor is closed. */
  public Storage storage() {
    Storage current = storage;
    if (current == null) {
      throw new MemoryException(
          "a tensor of shape "
              + shape()
              + " was used after it was closed; keep it with Scope.keep"
              + " if it must outlive its scope");
    }
    return current;
  }

  /** The address of the first element. */
  public long address() {
    return storage().address() + layout().offset() * dtype().bytes();
  }

  public boolean isClosed() {
    return STORAGE.getVolatile(this) == null;
  }

  /** Whether this is a plain number to which weaker promotion rules apply. */
  public boolean isNumber() {
    return number;
  }

  public boolean requiresGrad() {
    AutogradState variable = state();
    return variable != null && variable.requiresGrad();
  }

  public Tensor requiresGrad_() {
    return requiresGrad_(true);
  }

  /** Says whether operations on this leaf are recorded. */
  public Tensor requiresGrad_(boolean requires) {
    if (requires && !dtype().isFloatingPoint()) {
      throw new AutogradException(
          "only floating-point tensors can require gradients, not " + dtype());
    }
    if (requires && isInference() && !InferenceMode.isOn()) {
      throw new AutogradException(
          "requiresGrad_: a tensor that was made in inference mode cannot require a gradient outside"
              + " of it; clone() it first");
    }
    if (!isLeaf()) {
      if (requires) {
        return this;
      }
      throw new AutogradException(
          "only a leaf can stop requiring a gradient; use detach() on a computed tensor");
    }
    stateOrNew().setRequiresGrad(requires);
    return this;
  }

  /** Whether this tensor, or what it looks into, was made in {@link Autograd#inferenceMode}. */
  public boolean isInference() {
    return storage().isInference();
  }

  /** Whether no recorded operation made this tensor. */
  public boolean isLeaf() {
    return gradFn() == null;
  }

  /** The operation that made this tensor, or null. */
  public Node gradFn() {
    AutogradState variable = state();
    return variable == null ? null : variable.gradFn();
  }

  /**
   * The accumulated gradient of a leaf, or of a tensor with {@link #retainGrad}; else null. It
   * belongs to this tensor: do not close it.
   */
  public Tensor grad() {
    return state == null ? null : state.grad();
  }

  /** Replaces the gradient; null drops it. A given gradient is aliased, not copied. */
  public void setGrad(Tensor gradient) {
    if (gradient == null) {
      if (state != null) {
        state.setGrad(null);
      }
      return;
    }
    if (!gradient.shape().equals(shape()) || gradient.dtype() != dtype()) {
      throw new ShapeException(
          "setGrad: a gradient of "
              + gradient.shape()
              + " and type "
              + gradient.dtype()
              + " does not fit a tensor of "
              + shape()
              + " and type "
              + dtype());
    }
    stateOrNew().setGrad(Scope.detach(gradient.alias()));
  }

  /** Computes the gradients of all leaves this scalar depends on, and frees the graph. */
  public void backward() {
    backward(null, false, false);
  }

  /** As {@link #backward()}, for a tensor of any shape and what flows into it. */
  public void backward(Tensor gradient) {
    backward(gradient, false, false);
  }

  public void backward(Tensor gradient, boolean retainGraph, boolean createGraph) {
    Autograd.backward(
        List.of(this), gradient == null ? null : List.of(gradient), retainGraph, createGraph);
  }

  /** The same memory without a past. */
  public Tensor detach() {
    return Dispatch.run(new Detach(), this);
  }

  /** Calls {@code hook} with each gradient of this tensor; a result other than null replaces it. */
  public RemovableHandle registerHook(UnaryOperator<Tensor> hook) {
    checkHook();
    return state().addHook(hook);
  }

  /**
   * Calls {@code hook} with the gradient of this leaf each time a backward pass has added to it.
   */
  public RemovableHandle registerPostAccumulateGradHook(Consumer<Tensor> hook) {
    checkHook();
    if (!isLeaf()) {
      throw new AutogradException(
          "registerPostAccumulateGradHook: only leaves accumulate gradients, and this tensor comes"
              + " from "
              + gradFn()
              + "; use registerHook");
    }
    return state.addAccumulatedHook(hook);
  }

  /** Keeps the gradient of this computed tensor in {@link #grad}, as leaves do. */
  public void retainGrad() {
    if (!requiresGrad()) {
      throw new AutogradException(
          "retainGrad: this tensor does not require a gradient; call requiresGrad_() on what it is"
              + " computed from");
    }
    state().retainGrad();
  }

  /** Whether {@link #retainGrad} was called on this computed tensor. */
  public boolean retainsGrad() {
    AutogradState variable = state();
    return variable != null && variable.retainsGrad();
  }

  /** For autograd: what it knows of this variable, or null. */
  public AutogradState state() {
    if (viewOf != null && viewOf.isStale()) {
      Recorder.refreshView(this, viewOf, state);
    }
    return state;
  }

  /** For autograd: as {@link #state()}, made if there is none. */
  public AutogradState stateOrNew() {
    if (state == null) {
      state = new AutogradState(false);
    }
    return state;
  }

  /** For autograd: makes this handle one of the variable; takes a reference of its own. */
  public void share(AutogradState variable) {
    variable.retain();
    adopt(variable);
  }

  /** For autograd: as {@link #share}, but takes over a reference of the caller's. */
  public void adopt(AutogradState variable) {
    if (state != null) {
      state.release();
    }
    state = variable;
  }

  /** For autograd: the tensor this one looks into, or null. Takes over the reference. */
  public void setViewOf(ViewOf of) {
    viewOf = of;
  }

  /** For autograd: what this view looks into, or null. */
  public ViewOf viewOf() {
    return viewOf;
  }

  /**
   * For distributed: makes this leaf look at the memory of another tensor of the same shape and
   * type; it stays the same variable, with its gradient. Other handles and views of it, and what
   * was saved for backward, keep the memory that they have.
   *
   * @throws ShapeException if shape or type differ
   * @throws AutogradException if this tensor was computed from others or is a view
   */
  public void relocate(Tensor source) {
    if (!source.shape().equals(shape()) || source.dtype() != dtype() || source.device != device) {
      throw new ShapeException(
          "relocate: memory of "
              + source.shape()
              + ", type "
              + source.dtype()
              + " on "
              + source.device
              + " does not fit a tensor of "
              + shape()
              + ", type "
              + dtype()
              + " on "
              + device);
    }
    if (!isLeaf() || viewOf != null) {
      throw new AutogradException(
          "relocate: only a leaf that is no view can change its memory; detach().clone() it first");
    }
    Storage before = storage();
    Storage after = source.storage();
    after.retain();
    storage = after;
    spec = source.spec;
    before.release();
  }

  /** Another handle on the same variable and memory, with a life of its own. */
  public Tensor alias() {
    Storage current = storage();
    current.retain();
    Tensor handle = new Tensor(current, spec, device);
    handle.number = number;
    if (viewOf != null) {
      handle.viewOf = viewOf.copy(true);
    }
    if (state != null) {
      handle.share(state);
    }
    return handle;
  }

  @Override
  public void close() {
    Storage current = (Storage) STORAGE.getAndSet(this, null);
    if (current != null) {
      leaveScope();
      current.release();
      if (state != null) {
        state.release();
      }
      if (viewOf != null) {
        viewOf.release();
      }
    }
  }

  @Override
  @SuppressWarnings({"MethodDoesntCallSuperMethod", "CloneReturnsClassType"})
  public Tensor clone() {
    return Dispatch.run(new Copy(dtype(), null), this);
  }

  @Override
  public String toString() {
    return TensorPrinter.print(this);
  }

  static Tensor numberOf(double value, DType dtype, Device device) {
    Tensor tensor = empty(Shape.SCALAR, dtype, device);
    dtype.writeDouble(tensor.address(), value);
    tensor.number = true;
    return tensor;
  }

  private void checkHook() {
    if (!requiresGrad()) {
      throw new AutogradException(
          "a hook needs a tensor that requires a gradient; call requiresGrad_() first");
    }
  }
}
