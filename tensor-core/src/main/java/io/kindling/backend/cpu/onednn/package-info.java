/**
 * oneDNN, Intel's library of CPU kernels, called through JavaCPP.
 *
 * <p>A call is prepared once a thread: a {@link io.kindling.backend.cpu.onednn.OneDnnKernel} checks
 * the tensors, makes native objects for their shapes and strides, and {@link
 * io.kindling.backend.cpu.onednn.PreparedCalls} keeps them, so that a later call of the same kind
 * only sets addresses. Weights in an order that oneDNN prefers are made anew for each call, since
 * nothing may go stale.
 *
 * <p>bfloat16 is calculated in float32 and rounded once, as in PyTorch, but by the processor's own
 * conversion, which makes 0 of numbers below 1.2e-38, the subnormal ones.
 *
 * <p>To add a kernel, write a class {@code OneDnnXxx} that implements {@code OneDnnKernel}, name it
 * in {@link io.kindling.backend.cpu.onednn.OneDnnBackend}, and give its op a line in {@code
 * RandomCalls} (tests), without which {@code OneDnnContractTest} fails. Add one only where it was
 * measured faster than the op's own loop; say the figures in its comment. What one thread takes for
 * an element decides, through {@link io.kindling.backend.cpu.onednn.Team}, whether there are more.
 */
package io.kindling.backend.cpu.onednn;
