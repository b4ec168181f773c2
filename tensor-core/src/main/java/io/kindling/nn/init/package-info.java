/**
 * Initial values, PyTorch's {@code torch.nn.init}: {@link io.kindling.nn.init.Init} fills tensors
 * in place, from an explicit generator where chance is involved. To add a scheme, add a method.
 */
package io.kindling.nn.init;
