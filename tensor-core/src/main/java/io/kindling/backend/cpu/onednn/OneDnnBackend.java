package io.kindling.backend.cpu.onednn;

import io.kindling.backend.Backend;
import io.kindling.memory.Allocator;
import io.kindling.op.Op;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Intel's oneDNN, for what takes the time in training: float32 everywhere, bfloat16 where the
 * processor has it. Everything else is left to plain Java.
 */
public final class OneDnnBackend implements Backend {
  /** Set this system property to {@code java} to go without oneDNN. */
  public static final String BACKEND_PROPERTY = "kindling.backend";

  private static final List<OneDnnKernel<?>> KERNELS =
      List.of(
          new OneDnnMatMul(),
          new OneDnnLinear(),
          new OneDnnLinearRelu(),
          new OneDnnLinearReluBackward(),
          new OneDnnConv2d(),
          new OneDnnConv2dInputGrad(),
          new OneDnnConv2dWeightGrad(),
          new OneDnnCopy(),
          new OneDnnMaxPool2d(),
          new OneDnnMaxPool2dBackward(),
          new OneDnnBatchNorm(),
          new OneDnnBatchNormBackward(),
          new OneDnnSoftmax(),
          new OneDnnLogSoftmax(),
          new OneDnnCrossEntropy(),
          OneDnnSoftmaxBackward.softmax(),
          OneDnnSoftmaxBackward.logSoftmax(),
          OneDnnUnary.exp(),
          OneDnnUnary.relu(),
          OneDnnBinary.add(),
          OneDnnBinary.sub(),
          OneDnnBinary.mul(),
          OneDnnBinary.div(),
          OneDnnBinary.maximum(),
          OneDnnBinary.minimum(),
          OneDnnSum.sum(),
          OneDnnSum.mean(),
          new OneDnnReluBackward(),
          OneDnnUnary.tanh(),
          OneDnnUnary.sigmoid(),
          OneDnnUnary.gelu(),
          OneDnnUnary.clamp(),
          new OneDnnGeluBackward());

  private final Map<Class<?>, OneDnnKernel<?>> kernels = new HashMap<>();

  public OneDnnBackend() {
    for (OneDnnKernel<?> kernel : KERNELS) {
      kernels.put(kernel.op(), kernel);
    }
  }

  /** The operations that there are kernels for. */
  static Set<Class<?>> operations() {
    return KERNELS.stream().map(OneDnnKernel::op).collect(Collectors.toSet());
  }

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public Device.Type device() {
    return Device.Type.CPU;
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public String unavailable() {
    if ("java".equals(System.getProperty(BACKEND_PROPERTY))) {
      return "it is switched off with -D" + BACKEND_PROPERTY + "=java";
    }
    try {
      OneDnn.load();
      return null;
    } catch (LinkageError | RuntimeException e) {
      return "its native library does not load ("
          + e
          + "), and plain Java is many times slower; put org.bytedeco dnnl and opencl with this"
          + " platform's classifier on the classpath, and see that the temporary and home folders"
          + " are writable";
    }
  }

  @Override
  public String description() {
    return OneDnn.description();
  }

  @Override
  public boolean isFast(DType dtype) {
    return Preparation.hasType(dtype);
  }

  /** The plain-Java backend's, which is the CPU's. */
  @Override
  public Allocator allocator() {
    return null;
  }

  @Override
  public Kernel kernel(Op op, Tensor[] inputs, Tensor[] outputs) {
    OneDnnKernel<?> kernel = kernels.get(op.getClass());
    return kernel == null ? null : prepared(kernel, op, inputs, outputs);
  }

  @SuppressWarnings("unchecked") // found by the op's own class
  private static <O extends Op> Kernel prepared(
      OneDnnKernel<O> kernel, Op op, Tensor[] inputs, Tensor[] outputs) {
    return kernel.supports((O) op, inputs, outputs)
        ? PreparedCalls.ofThread().get(kernel, (O) op, inputs, outputs)
        : null;
  }
}
