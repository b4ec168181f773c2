/**
 * Mixed precision, as PyTorch's {@code torch.amp}: {@link io.kindling.amp.Autocast} runs products
 * in a smaller type and what needs the bits in float32, {@link io.kindling.amp.GradScaler} keeps
 * the gradients of float16 from vanishing.
 *
 * <p>Which type an operation runs in, it says itself, by {@link io.kindling.op.Op#castPolicy}; a
 * method that is made of several operations says it by {@link io.kindling.op.Dispatch#composed}.
 * Dispatch asks for it only within a region. The family {@code autocast} of the surface suite
 * compares every function with PyTorch's.
 */
package io.kindling.amp;
