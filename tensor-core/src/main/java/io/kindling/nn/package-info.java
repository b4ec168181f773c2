/**
 * Networks: a {@link io.kindling.nn.Module} holds parameters, buffers and other modules, and has a
 * forward pass. Names, defaults, initial values, printing and state-dict keys are PyTorch's.
 *
 * <p>A layer is one file, and nothing else lists it. To add one, extend {@code Module}: register
 * tensors in the constructor with {@code parameter} and {@code buffer}, other modules with {@code
 * child}; write {@code forward} with tensor methods and {@code nn.functional}; {@code extraRepr} is
 * what stands between the brackets when it is printed. For the JSON form add a static {@code
 * fromSpec(LayerSpec)}, which {@link io.kindling.nn.NetworkSpec} finds by the class's name, and
 * {@code toSpec}. What shape a network's output has ({@link io.kindling.nn.OutputShape}), and in
 * which type it reads its input ({@link io.kindling.nn.InputType}), nobody declares: both are seen
 * in a forward pass without calculations. In eval mode a forward pass writes no field, so that
 * threads may share a network.
 */
package io.kindling.nn;
