/**
 * Reverse-mode differentiation. Every operation on a tensor that requires a gradient leaves a
 * {@link io.kindling.autograd.Node} on a dynamic tape; {@link io.kindling.autograd.Engine} walks it
 * back.
 *
 * <p>Gradients are written beside their ops (see {@code io.kindling.op}); nothing here knows any
 * op.
 */
package io.kindling.autograd;
