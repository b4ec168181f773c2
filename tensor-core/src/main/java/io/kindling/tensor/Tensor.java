package io.kindling.tensor;

import io.kindling.AutogradException;
import io.kindling.DTypeException;
import io.kindling.MemoryException;
import io.kindling.ShapeException;
import io.kindling.autograd.Autograd;
import io.kindling.autograd.AutogradState;
import io.kindling.autograd.Node;
import io.kindling.autograd.Recorder;
import io.kindling.autograd.ViewOf;
import io.kindling.backend.Backends;
import io.kindling.memory.OffHeap;
import io.kindling.memory.Scope;
import io.kindling.memory.ScopedHandle;
import io.kindling.memory.Storage;
import io.kindling.op.Dispatch;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.op.create.Arange;
import io.kindling.op.create.Linspace;
import io.kindling.op.elementwise.Abs;
import io.kindling.op.elementwise.Acos;
import io.kindling.op.elementwise.Add;
import io.kindling.op.elementwise.Asin;
import io.kindling.op.elementwise.Assign;
import io.kindling.op.elementwise.Atan;
import io.kindling.op.elementwise.Atan2;
import io.kindling.op.elementwise.BitwiseAnd;
import io.kindling.op.elementwise.BitwiseOr;
import io.kindling.op.elementwise.BitwiseXor;
import io.kindling.op.elementwise.Ceil;
import io.kindling.op.elementwise.Clamp;
import io.kindling.op.elementwise.Copy;
import io.kindling.op.elementwise.Cos;
import io.kindling.op.elementwise.Cosh;
import io.kindling.op.elementwise.Div;
import io.kindling.op.elementwise.Eq;
import io.kindling.op.elementwise.Erf;
import io.kindling.op.elementwise.Exp;
import io.kindling.op.elementwise.Expm1;
import io.kindling.op.elementwise.Floor;
import io.kindling.op.elementwise.FloorDivide;
import io.kindling.op.elementwise.Fmod;
import io.kindling.op.elementwise.Ge;
import io.kindling.op.elementwise.Gelu;
import io.kindling.op.elementwise.Gt;
import io.kindling.op.elementwise.IsFinite;
import io.kindling.op.elementwise.IsInf;
import io.kindling.op.elementwise.IsNan;
import io.kindling.op.elementwise.Le;
import io.kindling.op.elementwise.LeakyRelu;
import io.kindling.op.elementwise.Log;
import io.kindling.op.elementwise.Log10;
import io.kindling.op.elementwise.Log1p;
import io.kindling.op.elementwise.Log2;
import io.kindling.op.elementwise.LogicalAnd;
import io.kindling.op.elementwise.LogicalNot;
import io.kindling.op.elementwise.LogicalOr;
import io.kindling.op.elementwise.LogicalXor;
import io.kindling.op.elementwise.Lt;
import io.kindling.op.elementwise.MaskedFill;
import io.kindling.op.elementwise.Maximum;
import io.kindling.op.elementwise.Minimum;
import io.kindling.op.elementwise.Mul;
import io.kindling.op.elementwise.NanToNum;
import io.kindling.op.elementwise.Ne;
import io.kindling.op.elementwise.Neg;
import io.kindling.op.elementwise.Pow;
import io.kindling.op.elementwise.Reciprocal;
import io.kindling.op.elementwise.Relu;
import io.kindling.op.elementwise.Remainder;
import io.kindling.op.elementwise.Round;
import io.kindling.op.elementwise.Rsqrt;
import io.kindling.op.elementwise.Sigmoid;
import io.kindling.op.elementwise.Sign;
import io.kindling.op.elementwise.Sin;
import io.kindling.op.elementwise.Sinh;
import io.kindling.op.elementwise.Sqrt;
import io.kindling.op.elementwise.Square;
import io.kindling.op.elementwise.Sub;
import io.kindling.op.elementwise.Tan;
import io.kindling.op.elementwise.Tanh;
import io.kindling.op.elementwise.Trunc;
import io.kindling.op.elementwise.Where;
import io.kindling.op.index.Cat;
import io.kindling.op.index.Gather;
import io.kindling.op.index.IndexSelect;
import io.kindling.op.index.Nonzero;
import io.kindling.op.index.Scatter;
import io.kindling.op.index.ScatterAdd;
import io.kindling.op.index.Sort;
import io.kindling.op.index.TopK;
import io.kindling.op.matmul.MatMul;
import io.kindling.op.norm.LogSoftmax;
import io.kindling.op.norm.Softmax;
import io.kindling.op.random.Bernoulli;
import io.kindling.op.random.Multinomial;
import io.kindling.op.random.Normal;
import io.kindling.op.random.RandInt;
import io.kindling.op.random.RandPerm;
import io.kindling.op.random.RandomOp;
import io.kindling.op.random.Uniform;
import io.kindling.op.reduce.All;
import io.kindling.op.reduce.Amax;
import io.kindling.op.reduce.Amin;
import io.kindling.op.reduce.Any;
import io.kindling.op.reduce.ArgMax;
import io.kindling.op.reduce.ArgMin;
import io.kindling.op.reduce.CumSum;
import io.kindling.op.reduce.Mean;
import io.kindling.op.reduce.Prod;
import io.kindling.op.reduce.Sum;
import io.kindling.op.view.Detach;
import io.kindling.op.view.Diagonal;
import io.kindling.op.view.Expand;
import io.kindling.op.view.Permute;
import io.kindling.op.view.Select;
import io.kindling.op.view.Slice;
import io.kindling.op.view.Squeeze;
import io.kindling.op.view.Transpose;
import io.kindling.op.view.Unsqueeze;
import io.kindling.op.view.View;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * An n-dimensional array of one element type on one device, as PyTorch's {@code torch.Tensor}.
 *
 * <p>A tensor is a handle: it holds one reference on its {@link Storage} until it is closed, by
 * {@link #close} or by the {@link Scope} it was made in. Method names, defaults, broadcasting and
 * promotion are PyTorch's; a trailing underscore changes the tensor in place.
 */
public final class Tensor extends ScopedHandle {
  private static final AtomicReferenceFieldUpdater<Tensor, Storage> STORAGE =
      AtomicReferenceFieldUpdater.newUpdater(Tensor.class, Storage.class, "storage");

  private volatile Storage storage;
  private final Layout layout;
  private final DType dtype;
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
  public Tensor(Storage storage, Layout layout, DType dtype, Device device) {
    if (layout.end() > storage.bytes() / dtype.bytes()) {
      long bytes = storage.bytes();
      storage.release();
      throw new ShapeException(
          "a tensor of "
              + layout
              + " and type "
              + dtype
              + " reaches beyond its storage of "
              + bytes
              + " bytes");
    }
    this.storage = storage;
    this.layout = layout;
    this.dtype = dtype;
    this.device = device;
    enterScope();
  }

  /** A new tensor with undefined contents. */
  public static Tensor allocate(Spec spec, Device device) {
    long numel = spec.shape().numel();
    if (numel > Long.MAX_VALUE / spec.dtype().bytes()) {
      throw new MemoryException(
          "a tensor of shape "
              + spec.shape()
              + " and type "
              + spec.dtype()
              + " has more bytes than a long counts; use smaller sizes");
    }
    long bytes = numel * spec.dtype().bytes();
    Storage storage = Storage.allocate(Backends.allocator(device), bytes);
    return new Tensor(storage, spec.layout(), spec.dtype(), device);
  }

  // ---- creation

  /** A tensor of the given shape from values in row-major order; no shape means one dimension. */
  public static Tensor of(float[] values, long... shape) {
    Tensor tensor = forValues(values.length, shape, DType.FLOAT32);
    OffHeap.copyFrom(values, 0, tensor.address(), values.length);
    return tensor;
  }

  /** As {@link #of(float[], long...)}, of type float64. */
  public static Tensor of(double[] values, long... shape) {
    Tensor tensor = forValues(values.length, shape, DType.FLOAT64);
    OffHeap.copyFrom(values, 0, tensor.address(), values.length);
    return tensor;
  }

  /** As {@link #of(float[], long...)}, of type int64. */
  public static Tensor of(long[] values, long... shape) {
    Tensor tensor = forValues(values.length, shape, DType.INT64);
    OffHeap.copyFrom(values, 0, tensor.address(), values.length);
    return tensor;
  }

  /** As {@link #of(float[], long...)}, of type int32. */
  public static Tensor of(int[] values, long... shape) {
    Tensor tensor = forValues(values.length, shape, DType.INT32);
    OffHeap.copyFrom(values, 0, tensor.address(), values.length);
    return tensor;
  }

  /** As {@link #of(float[], long...)}, of type bool. */
  public static Tensor of(boolean[] values, long... shape) {
    Tensor tensor = forValues(values.length, shape, DType.BOOL);
    for (int i = 0; i < values.length; i++) {
      OffHeap.putByte(tensor.address() + i, (byte) (values[i] ? 1 : 0));
    }
    return tensor;
  }

  /** A tensor without dimensions, of type float32. */
  public static Tensor scalar(double value) {
    return full(value, DType.FLOAT32);
  }

  /** A plain number: in promotion it decides no more than the kind of the result. */
  public static Tensor number(double value, Device device) {
    return numberOf(value, DType.FLOAT64, device);
  }

  /** As {@link #number(double, Device)}, for an integer. */
  public static Tensor number(long value, Device device) {
    return numberOf(value, DType.INT64, device);
  }

  public static Tensor empty(Shape shape, DType dtype, Device device) {
    return allocate(Spec.of(shape, dtype), device);
  }

  public static Tensor zeros(long... shape) {
    return zeros(Shape.of(shape), DType.FLOAT32, Device.CPU);
  }

  public static Tensor zeros(Shape shape, DType dtype, Device device) {
    return empty(shape, dtype, device).zero_();
  }

  public static Tensor ones(long... shape) {
    return full(1, DType.FLOAT32, shape);
  }

  public static Tensor full(double value, DType dtype, long... shape) {
    return empty(Shape.of(shape), dtype, Device.CPU).fill_(value);
  }

  public static Tensor zerosLike(Tensor like) {
    return like(like).zero_();
  }

  public static Tensor onesLike(Tensor like) {
    return like(like).fill_(1);
  }

  public static Tensor emptyLike(Tensor like) {
    return like(like);
  }

  public static Tensor zerosLike(Tensor like, DType dtype) {
    return like(like, dtype).zero_();
  }

  public static Tensor onesLike(Tensor like, DType dtype) {
    return like(like, dtype).fill_(1);
  }

  public static Tensor emptyLike(Tensor like, DType dtype) {
    return like(like, dtype);
  }

  public static Tensor fullLike(Tensor like, double value) {
    return like(like).fill_(value);
  }

  public static Tensor fullLike(Tensor like, double value, DType dtype) {
    return like(like, dtype).fill_(value);
  }

  /** A matrix {@code (n, n)} with ones on its diagonal, as float32. */
  public static Tensor eye(long n) {
    return eye(n, n, DType.FLOAT32);
  }

  /** A matrix {@code (rows, columns)} with ones on its diagonal. */
  public static Tensor eye(long rows, long columns, DType dtype) {
    Tensor matrix = zeros(Shape.of(rows, columns), dtype, Device.CPU);
    try (var off = Autograd.noGrad();
        Tensor diagonal = matrix.diagonal()) {
      diagonal.fill_(1);
    }
    return matrix;
  }

  /** {@code steps} values at equal distances from start to end, both included, as float32. */
  public static Tensor linspace(double start, double end, long steps) {
    return linspace(start, end, steps, DType.FLOAT32);
  }

  public static Tensor linspace(double start, double end, long steps, DType dtype) {
    return Dispatch.run(new Linspace(start, end, steps, dtype, Device.CPU));
  }

  /** 10 to the powers of {@link #linspace(double, double, long)}. */
  public static Tensor logspace(double start, double end, long steps) {
    return logspace(start, end, steps, 10, DType.FLOAT32);
  }

  public static Tensor logspace(double start, double end, long steps, double base, DType dtype) {
    return Scope.tidy(
        () -> {
          Tensor powers = linspace(start, end, steps, DType.FLOAT64);
          return number(base, Device.CPU).pow(powers).to(dtype);
        });
  }

  /** The integers from 0 up to, not including, {@code end}, as int64. */
  public static Tensor arange(long end) {
    return Dispatch.run(new Arange(0, 1, end, DType.INT64, Device.CPU));
  }

  /** The numbers from {@code start} in steps of {@code step} below {@code end}, as float32. */
  public static Tensor arange(double start, double end, double step) {
    long count = (long) Math.max(0, Math.ceil((end - start) / step));
    return Dispatch.run(new Arange(start, step, count, DType.FLOAT32, Device.CPU));
  }

  /** Uniformly distributed from 0 up to 1, as float32, from the default generator. */
  public static Tensor rand(long... shape) {
    return rand(Generator.defaultGenerator(), shape);
  }

  public static Tensor rand(Generator generator, long... shape) {
    return empty(Shape.of(shape), DType.FLOAT32, Device.CPU).uniform_(0, 1, generator);
  }

  /** Normally distributed with mean 0 and variance 1, as float32, from the default generator. */
  public static Tensor randn(long... shape) {
    return randn(Generator.defaultGenerator(), shape);
  }

  public static Tensor randn(Generator generator, long... shape) {
    return empty(Shape.of(shape), DType.FLOAT32, Device.CPU).normal_(0, 1, generator);
  }

  /** Random integers from {@code low} up to, not including, {@code high}, as int64. */
  public static Tensor randint(Generator generator, long low, long high, long... shape) {
    Tensor target = empty(Shape.of(shape), DType.INT64, Device.CPU);
    Generator.State start = generator.reserve(RandomOp.blocks(target));
    return Dispatch.runInPlace(new RandInt(low, high, start), target);
  }

  public static Tensor randint(long low, long high, long... shape) {
    return randint(Generator.defaultGenerator(), low, high, shape);
  }

  /** The numbers from 0 to {@code count - 1} in random order, as int64. */
  public static Tensor randperm(Generator generator, long count) {
    return Dispatch.run(new RandPerm(count, generator.reserve(RandPerm.blocks(count))));
  }

  public static Tensor randperm(long count) {
    return randperm(Generator.defaultGenerator(), count);
  }

  // ---- what it is

  public Shape shape() {
    return layout.shape();
  }

  public long size(int dim) {
    return layout.size(dim);
  }

  public long stride(int dim) {
    return layout.stride(dim);
  }

  /** How many dimensions there are. */
  public int dim() {
    return layout.rank();
  }

  public long numel() {
    return layout.shape().numel();
  }

  public DType dtype() {
    return dtype;
  }

  public Device device() {
    return device;
  }

  public Layout layout() {
    return layout;
  }

  public boolean isContiguous() {
    return layout.isContiguous();
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
    return storage().address() + layout.offset() * dtype.bytes();
  }

  public boolean isClosed() {
    return storage == null;
  }

  /** Whether this is a plain number to which weaker promotion rules apply. */
  public boolean isNumber() {
    return number;
  }

  // ---- values

  /** The value of a tensor of one element. */
  public double item() {
    checkOneElement();
    return dtype.readDouble(address());
  }

  /** The value of a tensor of one element, as a long. */
  public long itemLong() {
    checkOneElement();
    return dtype.readLong(address());
  }

  /** All elements in row-major order, converted to float. */
  public float[] toFloatArray() {
    try (Tensor dense = dense(DType.FLOAT32)) {
      float[] values = new float[arrayLength()];
      OffHeap.copyTo(dense.address(), values, 0, values.length);
      return values;
    }
  }

  /** All elements in row-major order, converted to double. */
  public double[] toDoubleArray() {
    try (Tensor dense = dense(DType.FLOAT64)) {
      double[] values = new double[arrayLength()];
      OffHeap.copyTo(dense.address(), values, 0, values.length);
      return values;
    }
  }

  /** All elements in row-major order, converted to long. */
  public long[] toLongArray() {
    try (Tensor dense = dense(DType.INT64)) {
      long[] values = new long[arrayLength()];
      OffHeap.copyTo(dense.address(), values, 0, values.length);
      return values;
    }
  }

  // ---- autograd

  public boolean requiresGrad() {
    AutogradState variable = state();
    return variable != null && variable.requiresGrad();
  }

  public Tensor requiresGrad_() {
    return requiresGrad_(true);
  }

  /** Says whether operations on this leaf are recorded. */
  public Tensor requiresGrad_(boolean requires) {
    if (requires && !dtype.isFloatingPoint()) {
      throw new AutogradException(
          "only floating-point tensors can require gradients, not " + dtype);
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

  /** Whether no recorded operation made this tensor. */
  public boolean isLeaf() {
    return gradFn() == null;
  }

  /** The operation that made this tensor, or null. */
  public Node gradFn() {
    AutogradState variable = state();
    return variable == null ? null : variable.gradFn();
  }

  /** The accumulated gradient of a leaf, or null. It belongs to this tensor: do not close it. */
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
    if (!gradient.shape().equals(shape()) || gradient.dtype() != dtype) {
      throw new ShapeException(
          "setGrad: a gradient of "
              + gradient.shape()
              + " and type "
              + gradient.dtype()
              + " does not fit a tensor of "
              + shape()
              + " and type "
              + dtype);
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
  public void registerHook(UnaryOperator<Tensor> hook) {
    checkHook();
    state.addHook(hook);
  }

  /**
   * Calls {@code hook} with the gradient of this leaf each time a backward pass has added to it.
   */
  public void registerPostAccumulateGradHook(Consumer<Tensor> hook) {
    checkHook();
    state.addAccumulatedHook(hook);
  }

  /** For autograd: what it knows of this variable, or null. */
  public AutogradState state() {
    if (viewOf != null && viewOf.isStale()) {
      Recorder.refreshView(this, viewOf);
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

  // ---- handles

  /** Another handle on the same variable and memory, with a life of its own. */
  public Tensor alias() {
    Storage current = storage();
    current.retain();
    Tensor handle = new Tensor(current, layout, dtype, device);
    handle.number = number;
    if (viewOf != null) {
      handle.viewOf = viewOf.copy(true);
    }
    if (state != null) {
      handle.share(state);
    }
    return handle;
  }

  /** For dispatch: the present values, without a past. */
  public Tensor cloneForSave() {
    Tensor copy = allocate(new Spec(layout.denseLike(shape()), dtype), device);
    Backends.run(
        io.kindling.op.ThreadState.current(),
        device,
        new Copy(dtype, null),
        new Tensor[] {this},
        new Tensor[] {copy});
    return copy;
  }

  @Override
  public void close() {
    Storage current = STORAGE.getAndSet(this, null);
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

  // ---- views

  /** The same elements under another shape, without a copy; one size may be -1. */
  public Tensor view(long... shape) {
    return Dispatch.run(new View(resolve(shape)), this);
  }

  /** As {@link #view}, with a copy where one is needed. */
  public Tensor reshape(long... shape) {
    Shape to = resolve(shape);
    if (layout.view(to) != null) {
      return Dispatch.run(new View(to), this);
    }
    try (Tensor dense = contiguous()) {
      return Dispatch.run(new View(to), dense);
    }
  }

  /** All dimensions from {@code startDim} to {@code endDim} as one. */
  public Tensor flatten(int startDim, int endDim) {
    if (dim() == 0) {
      return reshape(1);
    }
    int start = shape().dim(startDim);
    int end = shape().dim(endDim);
    if (start > end) {
      throw new ShapeException("flatten: startDim " + startDim + " comes after endDim " + endDim);
    }
    long[] sizes = new long[dim() - (end - start)];
    Arrays.fill(sizes, 1);
    for (int i = 0, j = 0; i < dim(); i++) {
      sizes[j] *= size(i);
      j += i >= start && i < end ? 0 : 1;
    }
    return reshape(sizes);
  }

  public Tensor transpose(int first, int second) {
    return Dispatch.run(new Transpose(first, second), this);
  }

  /** A matrix with its two dimensions swapped. */
  public Tensor t() {
    if (dim() > 2) {
      throw new ShapeException("t: expected at most 2 dimensions, got " + shape());
    }
    return dim() < 2 ? alias() : transpose(0, 1);
  }

  public Tensor permute(int... dims) {
    return Dispatch.run(new Permute(Arrays.stream(dims).boxed().toList()), this);
  }

  public Tensor unsqueeze(int dim) {
    return Dispatch.run(new Unsqueeze(dim), this);
  }

  public Tensor squeeze(int dim) {
    return Dispatch.run(new Squeeze(dim), this);
  }

  public Tensor expand(long... shape) {
    return Dispatch.run(new Expand(layout.expand(shape).shape()), this);
  }

  /** One element of a dimension, which disappears. */
  public Tensor select(int dim, long index) {
    return Dispatch.run(new Select(dim, index), this);
  }

  /** {@code length} elements of a dimension from {@code start}. */
  public Tensor narrow(int dim, long start, long length) {
    return Dispatch.run(new Slice(dim, start, start + length, 1), this);
  }

  /** Elements {@code start, start + step, ...} below {@code end} of a dimension. */
  public Tensor slice(int dim, long start, long end, long step) {
    return Dispatch.run(new Slice(dim, start, end, step), this);
  }

  /** The diagonal of a matrix, as a view. */
  public Tensor diagonal() {
    return diagonal(0, 0, 1);
  }

  /** A diagonal of two dimensions, as a view whose last dimension it is. */
  public Tensor diagonal(long offset, int dim1, int dim2) {
    return Dispatch.run(new Diagonal(offset, dim1, dim2), this);
  }

  /** A dimension moved to another place. */
  public Tensor movedim(int source, int destination) {
    return movedim(new int[] {source}, new int[] {destination});
  }

  public Tensor movedim(int[] source, int[] destination) {
    return Rearrangement.movedim(this, source, destination);
  }

  /** Parts of {@code size} elements of a dimension; the last may have fewer. */
  public List<Tensor> split(long size, int dim) {
    return Rearrangement.split(this, dim, size);
  }

  /** Parts of the given sizes, which add up to the dimension's. */
  public List<Tensor> split(long[] sizes, int dim) {
    return Rearrangement.split(this, dim, sizes);
  }

  /** At most {@code count} parts of equal size; the last may be smaller. */
  public List<Tensor> chunk(int count, int dim) {
    if (count < 1) {
      throw new ShapeException("chunk: expected a count >= 1, got " + count);
    }
    return split(Math.max((size(dim) + count - 1) / count, 1), dim);
  }

  /** Each element of a dimension, which disappears. */
  public List<Tensor> unbind(int dim) {
    return LongStream.range(0, size(dim)).mapToObj(i -> select(dim, i)).toList();
  }

  // ---- copies and conversions

  @Override
  @SuppressWarnings({"MethodDoesntCallSuperMethod", "CloneReturnsClassType"})
  public Tensor clone() {
    return Dispatch.run(new Copy(dtype, null), this);
  }

  /** This tensor if its elements already are in row-major order, else such a copy. */
  public Tensor contiguous() {
    return contiguous(MemoryFormat.CONTIGUOUS);
  }

  public Tensor contiguous(MemoryFormat format) {
    return layout.isContiguous(format) ? this : Dispatch.run(new Copy(dtype, format), this);
  }

  /** This tensor if it has the type already, else a converted copy. */
  public Tensor to(DType type) {
    return type == dtype ? this : Dispatch.run(new Copy(type, null), this);
  }

  /** This tensor if it is on the device already, else a copy there. */
  public Tensor to(Device target) {
    if (target.equals(device)) {
      return this;
    }
    throw new io.kindling.DeviceException(
        "to: there is no copy from "
            + device
            + " to "
            + target
            + " on this machine; use device"
            + " 'cpu'");
  }

  public Tensor toFloat() {
    return to(DType.FLOAT32);
  }

  public Tensor toDouble() {
    return to(DType.FLOAT64);
  }

  public Tensor toLong() {
    return to(DType.INT64);
  }

  /** A copy, repeated along each dimension; more numbers than dimensions add leading ones. */
  public Tensor repeat(long... times) {
    return Scope.tidy(() -> Rearrangement.repeat(this, times));
  }

  /** As {@link #repeat}, but fewer numbers than dimensions repeat the last ones. */
  public Tensor tile(long... times) {
    long[] all = new long[Math.max(dim(), times.length)];
    Arrays.fill(all, 1);
    System.arraycopy(times, 0, all, all.length - times.length, times.length);
    return repeat(all);
  }

  /** A copy with dimensions in reverse order of their elements. */
  public Tensor flip(int... dims) {
    return Scope.tidy(() -> Rearrangement.flip(this, dims));
  }

  /** A copy with the elements of a dimension moved on, the last ones to the front. */
  public Tensor roll(long shift, int dim) {
    return Scope.tidy(() -> Rearrangement.roll(this, shift, dim));
  }

  public Tensor tril() {
    return tril(0);
  }

  /** Zeros above a diagonal of the matrices of the last two dimensions. */
  public Tensor tril(long diagonal) {
    return Scope.tidy(() -> Rearrangement.triangle(this, diagonal, false));
  }

  public Tensor triu() {
    return triu(0);
  }

  /** Zeros below a diagonal of the matrices of the last two dimensions. */
  public Tensor triu(long diagonal) {
    return Scope.tidy(() -> Rearrangement.triangle(this, diagonal, true));
  }

  public Tensor diag() {
    return diag(0);
  }

  /** A matrix with this vector on a diagonal; of a matrix, a copy of the diagonal. */
  public Tensor diag(long diagonal) {
    if (dim() < 1 || dim() > 2) {
      throw new ShapeException("diag: expected one dimension or two, got " + shape());
    }
    return Scope.tidy(
        () ->
            dim() == 2
                ? diagonal(diagonal, 0, 1).clone()
                : Rearrangement.onDiagonal(this, diagonal));
  }

  // ---- arithmetic

  public Tensor add(Tensor other) {
    return Dispatch.run(new Add(), this, other);
  }

  public Tensor add(double other) {
    return withNumber(new Add(), other);
  }

  public Tensor add_(Tensor other) {
    return Dispatch.runInPlace(new Add(), this, other);
  }

  public Tensor add_(double other) {
    return withNumberInPlace(new Add(), other);
  }

  public Tensor sub(Tensor other) {
    return Dispatch.run(new Sub(), this, other);
  }

  public Tensor sub(double other) {
    return withNumber(new Sub(), other);
  }

  public Tensor sub_(Tensor other) {
    return Dispatch.runInPlace(new Sub(), this, other);
  }

  public Tensor mul(Tensor other) {
    return Dispatch.run(new Mul(), this, other);
  }

  public Tensor mul(double other) {
    return withNumber(new Mul(), other);
  }

  public Tensor mul_(Tensor other) {
    return Dispatch.runInPlace(new Mul(), this, other);
  }

  public Tensor mul_(double other) {
    return withNumberInPlace(new Mul(), other);
  }

  public Tensor div(Tensor other) {
    return Dispatch.run(new Div(), this, other);
  }

  public Tensor div(double other) {
    return withNumber(new Div(), other);
  }

  public Tensor div_(Tensor other) {
    return Dispatch.runInPlace(new Div(), this, other);
  }

  public Tensor div_(double other) {
    return withNumberInPlace(new Div(), other);
  }

  public Tensor neg() {
    return Dispatch.run(new Neg(), this);
  }

  public Tensor exp() {
    return Dispatch.run(new Exp(), this);
  }

  public Tensor log() {
    return Dispatch.run(new Log(), this);
  }

  public Tensor sqrt() {
    return Dispatch.run(new Sqrt(), this);
  }

  public Tensor tanh() {
    return Dispatch.run(new Tanh(), this);
  }

  public Tensor sigmoid() {
    return Dispatch.run(new Sigmoid(), this);
  }

  public Tensor relu() {
    return Dispatch.run(new Relu(), this);
  }

  /** The absolute value. */
  public Tensor abs() {
    return Dispatch.run(new Abs(), this);
  }

  /** Each value multiplied by itself. */
  public Tensor square() {
    return Dispatch.run(new Square(), this);
  }

  /** -1, 0 or 1. */
  public Tensor sign() {
    return Dispatch.run(new Sign(), this);
  }

  /** The largest integer that is not larger. */
  public Tensor floor() {
    return Dispatch.run(new Floor(), this);
  }

  /** The smallest integer that is not smaller. */
  public Tensor ceil() {
    return Dispatch.run(new Ceil(), this);
  }

  /** The nearest integer; of two equally near ones the even one. */
  public Tensor round() {
    return Dispatch.run(new Round(), this);
  }

  /** The integer part. */
  public Tensor trunc() {
    return Dispatch.run(new Trunc(), this);
  }

  /** {@code 1 / sqrt(x)}. */
  public Tensor rsqrt() {
    return Dispatch.run(new Rsqrt(), this);
  }

  /** {@code 1 / x}. */
  public Tensor reciprocal() {
    return Dispatch.run(new Reciprocal(), this);
  }

  public Tensor sin() {
    return Dispatch.run(new Sin(), this);
  }

  public Tensor cos() {
    return Dispatch.run(new Cos(), this);
  }

  public Tensor tan() {
    return Dispatch.run(new Tan(), this);
  }

  public Tensor atan() {
    return Dispatch.run(new Atan(), this);
  }

  public Tensor asin() {
    return Dispatch.run(new Asin(), this);
  }

  public Tensor acos() {
    return Dispatch.run(new Acos(), this);
  }

  public Tensor sinh() {
    return Dispatch.run(new Sinh(), this);
  }

  public Tensor cosh() {
    return Dispatch.run(new Cosh(), this);
  }

  /** The angle of the point whose y this is and whose x the other. */
  public Tensor atan2(Tensor x) {
    return Dispatch.run(new Atan2(), this, x);
  }

  /** {@code log(1 + x)}. */
  public Tensor log1p() {
    return Dispatch.run(new Log1p(), this);
  }

  /** {@code e^x - 1}. */
  public Tensor expm1() {
    return Dispatch.run(new Expm1(), this);
  }

  public Tensor log2() {
    return Dispatch.run(new Log2(), this);
  }

  public Tensor log10() {
    return Dispatch.run(new Log10(), this);
  }

  /** The error function. */
  public Tensor erf() {
    return Dispatch.run(new Erf(), this);
  }

  /** {@code max(x, 0) + slope * min(x, 0)}. */
  public Tensor leakyRelu(double slope) {
    return Dispatch.run(new LeakyRelu(slope), this);
  }

  /** {@code x * P(X <= x)} for a standard normal X. */
  public Tensor gelu() {
    return Dispatch.run(new Gelu(false), this);
  }

  /** Values below {@code low} become low, those above {@code high} high. */
  public Tensor clamp(double low, double high) {
    return Dispatch.run(new Clamp(low, high), this);
  }

  public Tensor clamp_(double low, double high) {
    return Dispatch.runInPlace(new Clamp(low, high), this);
  }

  public Tensor pow(Tensor exponent) {
    return Dispatch.run(new Pow(), this, exponent);
  }

  public Tensor pow(double exponent) {
    return withNumber(new Pow(), exponent);
  }

  /** The remainder of a division, with the sign of this tensor. */
  public Tensor fmod(Tensor other) {
    return Dispatch.run(new Fmod(), this, other);
  }

  public Tensor fmod(double other) {
    return withNumber(new Fmod(), other);
  }

  /** The remainder of a division, with the sign of the other. */
  public Tensor remainder(Tensor other) {
    return Dispatch.run(new Remainder(), this, other);
  }

  public Tensor remainder(double other) {
    return withNumber(new Remainder(), other);
  }

  /** The quotient, rounded down. */
  public Tensor floorDivide(Tensor other) {
    return Dispatch.run(new FloorDivide(), this, other);
  }

  public Tensor floorDivide(double other) {
    return withNumber(new FloorDivide(), other);
  }

  /** {@code this + weight * (end - this)}. */
  public Tensor lerp(Tensor end, double weight) {
    return Scope.tidy(
        () -> {
          Tensor way = end.sub(this);
          return weight < 0.5 ? add(way.mul(weight)) : end.sub(way.mul(1 - weight));
        });
  }

  public Tensor lerp(Tensor end, Tensor weight) {
    return Scope.tidy(
        () -> {
          Tensor way = end.sub(this);
          Tensor fromEnd = end.sub(way.mul(weight.neg().add(1)));
          return where(weight.abs().lt(0.5), add(way.mul(weight)), fromEnd);
        });
  }

  /** 0 for NaN, and the largest and smallest values of the type for the infinities. */
  public Tensor nanToNum() {
    double largest =
        switch (dtype) {
          case FLOAT32 -> Float.MAX_VALUE;
          case FLOAT16 -> 65504;
          case BFLOAT16 -> 0x1.FEp127;
          case FLOAT64, INT64, INT32, INT16, INT8, UINT8, BOOL -> Double.MAX_VALUE;
        };
    return nanToNum(0, largest, -largest);
  }

  public Tensor nanToNum(double nan, double infinity, double minusInfinity) {
    return Dispatch.run(new NanToNum(nan, infinity, minusInfinity), this);
  }

  public Tensor bitwiseAnd(Tensor other) {
    return Dispatch.run(new BitwiseAnd(), this, other);
  }

  public Tensor bitwiseOr(Tensor other) {
    return Dispatch.run(new BitwiseOr(), this, other);
  }

  public Tensor bitwiseXor(Tensor other) {
    return Dispatch.run(new BitwiseXor(), this, other);
  }

  public Tensor minimum(Tensor other) {
    return Dispatch.run(new Minimum(), this, other);
  }

  public Tensor maximum(Tensor other) {
    return Dispatch.run(new Maximum(), this, other);
  }

  public Tensor matmul(Tensor other) {
    if (dim() == 0 || other.dim() == 0) {
      throw new ShapeException(
          "matmul: both tensors need a dimension, got " + shape() + " and " + other.shape());
    }
    if (dim() >= 2 && other.dim() >= 2) {
      return Dispatch.run(new MatMul(), this, other);
    }
    return Scope.tidy(
        () -> {
          Tensor left = dim() == 1 ? unsqueeze(0) : this;
          Tensor right = other.dim() == 1 ? other.unsqueeze(1) : other;
          Tensor product = Dispatch.run(new MatMul(), left, right);
          Tensor rows = dim() == 1 ? product.squeeze(-2) : product;
          return other.dim() == 1 ? rows.squeeze(-1) : rows;
        });
  }

  /** A matrix {@code (n, k)} times a matrix {@code (k, m)}. */
  public Tensor mm(Tensor other) {
    return product("mm", 2, other, 2);
  }

  /** Matrices {@code (b, n, k)} times matrices {@code (b, k, m)}. */
  public Tensor bmm(Tensor other) {
    if (dim() == 3 && other.dim() == 3 && size(0) != other.size(0)) {
      throw new ShapeException(
          "bmm: " + shape() + " and " + other.shape() + " differ in their number of matrices");
    }
    return product("bmm", 3, other, 3);
  }

  /** A matrix {@code (n, k)} times a vector {@code (k)}. */
  public Tensor mv(Tensor vector) {
    return product("mv", 2, vector, 1);
  }

  /** The sum of the products of the elements of two vectors. */
  public Tensor dot(Tensor other) {
    return product("dot", 1, other, 1);
  }

  private Tensor product(String name, int rank, Tensor other, int otherRank) {
    if (dim() != rank || other.dim() != otherRank) {
      throw new ShapeException(
          name
              + ": expected tensors of "
              + rank
              + " and "
              + otherRank
              + " dimensions, got "
              + shape()
              + " and "
              + other.shape()
              + "; matmul() takes others");
    }
    return matmul(other);
  }

  /** The products {@code (n, m)} of each element of a vector with each of another. */
  public Tensor outer(Tensor other) {
    if (dim() != 1 || other.dim() != 1) {
      throw new ShapeException("outer: expected vectors, got " + shape() + " and " + other.shape());
    }
    return Scope.tidy(() -> unsqueeze(1).mul(other));
  }

  /** {@code this + a.mm(b)}. */
  public Tensor addmm(Tensor a, Tensor b) {
    return addmm(a, b, 1, 1);
  }

  /** {@code beta * this + alpha * a.mm(b)}; with beta 0 this tensor's values do not matter. */
  public Tensor addmm(Tensor a, Tensor b, double beta, double alpha) {
    return Scope.tidy(
        () -> {
          Tensor product = a.mm(b);
          Tensor scaled = alpha == 1 ? product : product.mul(alpha);
          Tensor added = expand(product.shape().toArray());
          if (beta == 0) {
            return scaled;
          }
          return (beta == 1 ? added : added.mul(beta)).add(scaled);
        });
  }

  /** Sums of products over named dimensions, as {@code einsum("ij,jk->ik", a, b)}. */
  public static Tensor einsum(String equation, Tensor... operands) {
    return Scope.tidy(() -> Einsum.run(equation, List.of(operands)));
  }

  /** {@code e^x / sum(e^x)} along a dimension. */
  public Tensor softmax(int dim) {
    return Dispatch.run(new Softmax(dim), this);
  }

  /** {@code log(softmax(x))} along a dimension. */
  public Tensor logSoftmax(int dim) {
    return Dispatch.run(new LogSoftmax(dim), this);
  }

  // ---- joining and taking by index

  /** The tensors one after the other along a dimension. */
  public static Tensor cat(List<Tensor> tensors, int dim) {
    // As in PyTorch, a tensor of shape [0] joins with anything.
    List<Tensor> filled = tensors.stream().filter(t -> t.dim() != 1 || t.numel() > 0).toList();
    if (tensors.isEmpty()) {
      throw new ShapeException("cat: expected at least one tensor");
    }
    List<Tensor> joined = filled.isEmpty() ? tensors : filled;
    return Dispatch.run(new Cat(dim), joined.toArray(new Tensor[0]));
  }

  /** Tensors of one shape along a new dimension. */
  public static Tensor stack(List<Tensor> tensors, int dim) {
    if (tensors.isEmpty()) {
      throw new ShapeException("stack: expected at least one tensor");
    }
    Shape shape = tensors.get(0).shape();
    Tensor[] layers = new Tensor[tensors.size()];
    for (int i = 0; i < layers.length; i++) {
      Tensor tensor = tensors.get(i);
      if (!tensor.shape().equals(shape)) {
        throw new ShapeException(
            "stack: expected tensors of one shape, got " + shape + " and " + tensor.shape());
      }
      layers[i] = tensor.unsqueeze(dim);
    }
    return Dispatch.run(new Cat(Shape.wrap(dim, shape.rank() + 1)), layers);
  }

  /** The elements of a dimension that an integer tensor {@code (K)} names, in its order. */
  public Tensor indexSelect(int dim, Tensor index) {
    return Dispatch.run(new IndexSelect(dim), this, index);
  }

  /** One element of a dimension for each element of an integer tensor of the same rank. */
  public Tensor gather(int dim, Tensor index) {
    return Dispatch.run(new Gather(dim), this, index);
  }

  /**
   * Places the elements of {@code source} where {@link #gather} with this index would take them.
   * The source may be larger than the index.
   */
  public Tensor scatter(int dim, Tensor index, Tensor source) {
    return Scope.tidy(() -> Dispatch.run(new Scatter(dim), this, index, within(source, index)));
  }

  public Tensor scatter(int dim, Tensor index, double value) {
    return Scope.tidy(() -> Dispatch.run(new Scatter(dim), this, index, filled(index, value)));
  }

  public Tensor scatter_(int dim, Tensor index, Tensor source) {
    return Scope.tidy(
        () -> Dispatch.runInPlace(new Scatter(dim), this, index, within(source, index)));
  }

  public Tensor scatter_(int dim, Tensor index, double value) {
    return Scope.tidy(
        () -> Dispatch.runInPlace(new Scatter(dim), this, index, filled(index, value)));
  }

  /** As {@link #scatter(int, Tensor, Tensor)}, added to what is there. */
  public Tensor scatterAdd(int dim, Tensor index, Tensor source) {
    return Scope.tidy(() -> Dispatch.run(new ScatterAdd(dim), this, index, within(source, index)));
  }

  public Tensor scatterAdd_(int dim, Tensor index, Tensor source) {
    return Scope.tidy(
        () -> Dispatch.runInPlace(new ScatterAdd(dim), this, index, within(source, index)));
  }

  /** The part of a source that an index of the same rank uses. */
  private static Tensor within(Tensor source, Tensor index) {
    Tensor part = source;
    for (int d = 0; source.dim() == index.dim() && d < index.dim(); d++) {
      if (part.size(d) > index.size(d)) {
        part = part.narrow(d, 0, index.size(d));
      }
    }
    return part;
  }

  private Tensor filled(Tensor index, double value) {
    return empty(Shape.SCALAR, dtype, device).fill_(value).expand(index.shape().toArray());
  }

  /** A value where a bool mask is true. */
  public Tensor maskedFill(Tensor mask, double value) {
    try (Tensor number = numberFor(value)) {
      return maskedFill(mask, number);
    }
  }

  public Tensor maskedFill(Tensor mask, Tensor value) {
    return Dispatch.run(new MaskedFill(), this, mask, value);
  }

  public Tensor maskedFill_(Tensor mask, double value) {
    try (Tensor number = numberFor(value)) {
      return Dispatch.runInPlace(new MaskedFill(), this, mask, number);
    }
  }

  /** The elements where a bool mask is true, in one dimension. */
  public Tensor maskedSelect(Tensor mask) {
    mask.checkDType("maskedSelect", DType.BOOL);
    Shape both = Shape.broadcast(shape(), mask.shape());
    if (both == null) {
      throw new ShapeException(
          "maskedSelect: " + shape() + " and mask " + mask.shape() + " do not broadcast");
    }
    return Scope.tidy(
        () -> {
          Tensor flags = mask.expand(both.toArray()).reshape(-1);
          Tensor places = flags.nonzero().squeeze(1);
          return expand(both.toArray()).reshape(-1).indexSelect(0, places);
        });
  }

  /** The positions {@code (count, dimensions)} of the elements that are not 0. */
  public Tensor nonzero() {
    return Dispatch.run(new Nonzero(), this);
  }

  /** The k largest values of a dimension, or the smallest, in order. */
  public ValuesAndIndices topk(long k, int dim, boolean largest) {
    return ValuesAndIndices.of(Dispatch.runAll(new TopK(k, dim, largest), this));
  }

  public ValuesAndIndices topk(long k) {
    return topk(k, -1, true);
  }

  /** The values of a dimension in order; equal ones keep theirs. */
  public ValuesAndIndices sort(int dim, boolean descending) {
    return ValuesAndIndices.of(Dispatch.runAll(new Sort(dim, descending), this));
  }

  public ValuesAndIndices sort() {
    return sort(-1, false);
  }

  /** The places from which {@link #sort(int, boolean)} takes the values. */
  public Tensor argsort(int dim, boolean descending) {
    return Scope.tidy(() -> detach().sort(dim, descending).indices());
  }

  public Tensor argsort() {
    return argsort(-1, false);
  }

  // ---- comparison

  public Tensor eq(Tensor other) {
    return Dispatch.run(new Eq(), this, other);
  }

  public Tensor eq(double other) {
    return withNumber(new Eq(), other);
  }

  public Tensor ne(Tensor other) {
    return Dispatch.run(new Ne(), this, other);
  }

  public Tensor ne(double other) {
    return withNumber(new Ne(), other);
  }

  public Tensor lt(Tensor other) {
    return Dispatch.run(new Lt(), this, other);
  }

  public Tensor lt(double other) {
    return withNumber(new Lt(), other);
  }

  public Tensor le(Tensor other) {
    return Dispatch.run(new Le(), this, other);
  }

  public Tensor le(double other) {
    return withNumber(new Le(), other);
  }

  public Tensor gt(Tensor other) {
    return Dispatch.run(new Gt(), this, other);
  }

  public Tensor gt(double other) {
    return withNumber(new Gt(), other);
  }

  public Tensor ge(Tensor other) {
    return Dispatch.run(new Ge(), this, other);
  }

  public Tensor ge(double other) {
    return withNumber(new Ge(), other);
  }

  public Tensor isnan() {
    return Dispatch.run(new IsNan(), this);
  }

  public Tensor isinf() {
    return Dispatch.run(new IsInf(), this);
  }

  public Tensor isfinite() {
    return Dispatch.run(new IsFinite(), this);
  }

  /** Whether values are 0. */
  public Tensor logicalNot() {
    return Dispatch.run(new LogicalNot(), this);
  }

  public Tensor logicalAnd(Tensor other) {
    return Dispatch.run(new LogicalAnd(), this, other);
  }

  public Tensor logicalOr(Tensor other) {
    return Dispatch.run(new LogicalOr(), this, other);
  }

  public Tensor logicalXor(Tensor other) {
    return Dispatch.run(new LogicalXor(), this, other);
  }

  /** Whether values differ by at most {@code atol + rtol * |other|}. */
  public Tensor isclose(Tensor other, double rtol, double atol, boolean equalNan) {
    if (dtype != other.dtype) {
      throw new DTypeException(
          "isclose: the types " + dtype + " and " + other.dtype + " differ; convert with to()");
    }
    return Scope.tidy(
        () -> {
          Tensor a = dtype.isFloatingPoint() ? detach() : to(DType.FLOAT64);
          Tensor b = dtype.isFloatingPoint() ? other.detach() : other.to(DType.FLOAT64);
          Tensor distance = a.sub(b).abs();
          Tensor near = distance.le(b.abs().mul(rtol).add(atol)).logicalAnd(distance.isfinite());
          Tensor close = a.eq(b).logicalOr(near);
          return equalNan ? close.logicalOr(a.isnan().logicalAnd(b.isnan())) : close;
        });
  }

  public Tensor isclose(Tensor other) {
    return isclose(other, 1e-5, 1e-8, false);
  }

  public boolean allclose(Tensor other, double rtol, double atol, boolean equalNan) {
    try (Scope scope = Scope.open()) {
      return isclose(other, rtol, atol, equalNan).all().itemLong() != 0;
    }
  }

  public boolean allclose(Tensor other) {
    return allclose(other, 1e-5, 1e-8, false);
  }

  /** Whether shape and values are the same; PyTorch's {@code torch.equal}. */
  public boolean equal(Tensor other) {
    if (!shape().equals(other.shape())) {
      return false;
    }
    try (Scope scope = Scope.open()) {
      return eq(other).all().itemLong() != 0;
    }
  }

  /** Elements of {@code then} where the condition is true, else of {@code otherwise}. */
  public static Tensor where(Tensor condition, Tensor then, Tensor otherwise) {
    return Dispatch.run(new Where(), condition, then, otherwise);
  }

  // ---- reductions

  public Tensor sum() {
    return Dispatch.run(new Sum(List.of(), false), this);
  }

  public Tensor sum(boolean keepDim, int... dims) {
    return Dispatch.run(new Sum(Arrays.stream(dims).boxed().toList(), keepDim), this);
  }

  public Tensor mean() {
    return Dispatch.run(new Mean(List.of(), false), this);
  }

  public Tensor mean(boolean keepDim, int... dims) {
    return Dispatch.run(new Mean(Arrays.stream(dims).boxed().toList(), keepDim), this);
  }

  public Tensor amax(boolean keepDim, int... dims) {
    return Dispatch.run(new Amax(Arrays.stream(dims).boxed().toList(), keepDim), this);
  }

  public Tensor amin(boolean keepDim, int... dims) {
    return Dispatch.run(new Amin(Arrays.stream(dims).boxed().toList(), keepDim), this);
  }

  public Tensor prod() {
    return prod(false);
  }

  public Tensor prod(boolean keepDim, int... dims) {
    return Dispatch.run(new Prod(Arrays.stream(dims).boxed().toList(), keepDim), this);
  }

  /** Whether any value differs from 0. */
  public Tensor any() {
    return any(false);
  }

  public Tensor any(boolean keepDim, int... dims) {
    return Dispatch.run(new Any(Arrays.stream(dims).boxed().toList(), keepDim), this);
  }

  /** Whether all values differ from 0. */
  public Tensor all() {
    return all(false);
  }

  public Tensor all(boolean keepDim, int... dims) {
    return Dispatch.run(new All(Arrays.stream(dims).boxed().toList(), keepDim), this);
  }

  /**
   * The variance of a floating type: the sum of squared deviations from the mean, divided by the
   * number of values less {@code correction} (PyTorch's default is 1).
   */
  public Tensor var(int correction, boolean keepDim, int... dims) {
    return Scope.tidy(
        () -> {
          Tensor squares = sub(mean(true, dims)).square().sum(keepDim, dims);
          double count = (double) numel() / Math.max(squares.numel(), 1);
          return squares.div(Math.max(count - correction, 0));
        });
  }

  /** The root of {@link #var}. */
  public Tensor std(int correction, boolean keepDim, int... dims) {
    return Scope.tidy(() -> Norm.root(var(correction, keepDim, dims), 2));
  }

  /** The root of the sum of squares. */
  public Tensor norm() {
    return norm(2, false);
  }

  /** {@code sum(|x|^p)^(1/p)}; the largest absolute value for infinity. */
  public Tensor norm(double p, boolean keepDim, int... dims) {
    return Scope.tidy(() -> Norm.of(this, p, keepDim, dims));
  }

  /** {@code log(sum(e^x))}. */
  public Tensor logsumexp(boolean keepDim, int... dims) {
    return Scope.tidy(() -> Norm.logSumExp(this, keepDim, dims));
  }

  /** The sum of each value of a dimension and all before it. */
  public Tensor cumsum(int dim) {
    return Dispatch.run(new CumSum(dim), this);
  }

  /** The place of the largest value of all, counted in row-major order. */
  public Tensor argmax() {
    return Scope.tidy(() -> reshape(-1).argmax(0));
  }

  public Tensor argmax(int dim) {
    return argmax(dim, false);
  }

  public Tensor argmax(int dim, boolean keepDim) {
    return Dispatch.run(new ArgMax(dim, keepDim), this);
  }

  /** The place of the smallest value of all, counted in row-major order. */
  public Tensor argmin() {
    return Scope.tidy(() -> reshape(-1).argmin(0));
  }

  public Tensor argmin(int dim) {
    return argmin(dim, false);
  }

  public Tensor argmin(int dim, boolean keepDim) {
    return Dispatch.run(new ArgMin(dim, keepDim), this);
  }

  public Tensor max() {
    return amax(false);
  }

  /** The largest values of a dimension and where they are; only they get a gradient. */
  public ValuesAndIndices max(int dim, boolean keepDim) {
    return taken(argmax(dim, true), dim, keepDim);
  }

  public Tensor min() {
    return amin(false);
  }

  /** The smallest values of a dimension and where they are; only they get a gradient. */
  public ValuesAndIndices min(int dim, boolean keepDim) {
    return taken(argmin(dim, true), dim, keepDim);
  }

  private ValuesAndIndices taken(Tensor indices, int dim, boolean keepDim) {
    Tensor values = gather(dim, indices);
    if (keepDim || dim() == 0) {
      return new ValuesAndIndices(values, indices);
    }
    try (values;
        indices) {
      return new ValuesAndIndices(values.squeeze(dim), indices.squeeze(dim));
    }
  }

  /** Sums away what broadcasting from {@code shape} to this shape had repeated. */
  public Tensor sumToSize(Shape shape) {
    int added = dim() - shape.rank();
    int[] dims = new int[dim()];
    int count = 0;
    for (int i = 0; i < dim(); i++) {
      if (i < added || (shape.size(i - added) == 1 && size(i) != 1)) {
        dims[count++] = i;
      }
    }
    int[] repeated = Arrays.copyOf(dims, count);
    return Scope.tidy(
        () -> {
          Tensor summed = repeated.length == 0 ? alias() : sum(true, repeated);
          return summed.shape().equals(shape) ? summed : summed.view(shape.toArray());
        });
  }

  // ---- filling

  public Tensor copy_(Tensor source) {
    return Dispatch.runInPlace(new Assign(), this, source);
  }

  public Tensor fill_(double value) {
    return withNumberInPlace(new Assign(), value);
  }

  public Tensor zero_() {
    return fill_(0);
  }

  /** Fills with uniformly distributed numbers from {@code low} up to, not including, high. */
  public Tensor uniform_(double low, double high, Generator generator) {
    return Dispatch.runInPlace(new Uniform(low, high, reserve(generator)), this);
  }

  public Tensor uniform_(double low, double high) {
    return uniform_(low, high, Generator.defaultGenerator());
  }

  /** Fills with normally distributed numbers. */
  public Tensor normal_(double mean, double std, Generator generator) {
    return Dispatch.runInPlace(new Normal(mean, std, reserve(generator)), this);
  }

  public Tensor normal_(double mean, double std) {
    return normal_(mean, std, Generator.defaultGenerator());
  }

  /** Fills with 1 where chance, with the given probability, wants it, and with 0 elsewhere. */
  public Tensor bernoulli_(double probability, Generator generator) {
    return Dispatch.runInPlace(new Bernoulli(probability, reserve(generator)), this);
  }

  public Tensor bernoulli_(double probability) {
    return bernoulli_(probability, Generator.defaultGenerator());
  }

  /** Places drawn from weights {@code (C)} or {@code (N, C)} in proportion to them, as int64. */
  public Tensor multinomial(long count, boolean replacement, Generator generator) {
    long rows = dim() == 2 ? size(0) : 1;
    Generator.State start = generator.reserve(Multinomial.blocks(rows, Math.max(count, 0)));
    return Dispatch.run(new Multinomial(count, replacement, start), this);
  }

  public Tensor multinomial(long count, boolean replacement) {
    return multinomial(count, replacement, Generator.defaultGenerator());
  }

  private Generator.State reserve(Generator generator) {
    return generator.reserve(RandomOp.blocks(this));
  }

  @Override
  public String toString() {
    return TensorPrinter.print(this);
  }

  private static Tensor forValues(int count, long[] shape, DType dtype) {
    Shape to = shape.length == 0 ? Shape.of(count) : Shape.of(shape);
    if (to.numel() != count) {
      throw new ShapeException(
          "of: " + count + " values do not fill shape " + to + " of " + to.numel() + " elements");
    }
    return empty(to, dtype, Device.CPU);
  }

  private static Tensor like(Tensor like) {
    return like(like, like.dtype);
  }

  private static Tensor like(Tensor like, DType dtype) {
    return allocate(new Spec(like.layout.denseLike(like.shape()), dtype), like.device);
  }

  private static Tensor numberOf(double value, DType dtype, Device device) {
    Tensor tensor = empty(Shape.SCALAR, dtype, device);
    dtype.writeDouble(tensor.address(), value);
    tensor.number = true;
    return tensor;
  }

  /** Whole numbers stay integers next to integer tensors. */
  private Tensor numberFor(double value) {
    boolean whole =
        !dtype.isFloatingPoint() && value == Math.rint(value) && !Double.isInfinite(value);
    return numberOf(value, whole ? DType.INT64 : DType.FLOAT64, device);
  }

  private Tensor withNumber(Op op, double value) {
    try (Tensor number = numberFor(value)) {
      return Dispatch.run(op, this, number);
    }
  }

  private Tensor withNumberInPlace(Op op, double value) {
    try (Tensor number = numberFor(value)) {
      return Dispatch.runInPlace(op, this, number);
    }
  }

  private Shape resolve(long[] shape) {
    long[] sizes = shape.clone();
    int open = -1;
    long product = 1;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == -1 && open < 0) {
        open = i;
      } else {
        product *= sizes[i];
      }
    }
    if (open >= 0) {
      if (product == 0 || numel() % product != 0) {
        throw new ShapeException(
            "reshape: " + shape() + " cannot become " + Arrays.toString(shape));
      }
      sizes[open] = numel() / product;
    }
    return Shape.of(sizes);
  }

  private Tensor dense(DType type) {
    try (var off = Autograd.noGrad()) {
      return Scope.detach(Dispatch.run(new Copy(type, MemoryFormat.CONTIGUOUS), this));
    }
  }

  private int arrayLength() {
    if (numel() > Integer.MAX_VALUE - 8) {
      throw new ShapeException(
          "a tensor of shape "
              + shape()
              + " has more elements than a Java array holds; take parts"
              + " of it with narrow()");
    }
    return (int) numel();
  }

  private void checkOneElement() {
    if (numel() != 1) {
      throw new ShapeException(
          "item: the tensor of shape " + shape() + " has " + numel() + " elements, not one");
    }
  }

  private void checkHook() {
    if (!requiresGrad()) {
      throw new AutogradException(
          "a hook needs a tensor that requires a gradient; call requiresGrad_() first");
    }
  }

  /** Checks that this tensor has one of the given types. */
  public void checkDType(String operation, DType... allowed) {
    for (DType type : allowed) {
      if (dtype == type) {
        return;
      }
    }
    throw new DTypeException(
        operation
            + ": expected "
            + Arrays.toString(allowed)
            + ", got "
            + dtype
            + "; convert with to()");
  }
}
