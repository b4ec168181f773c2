/**
 * Reverse-mode differentiation. Every operation on a tensor that requires a gradient leaves a
 * {@link io.kindling.autograd.Node} on a dynamic tape; {@link io.kindling.autograd.Engine} walks it
 * back.
 *
 * <p>Gradients are written beside their ops (see {@code io.kindling.op}); nothing here knows any
 * op. A gradient of one's own, outside an op, is a {@link io.kindling.autograd.Function}. Hooks see
 * and change gradients on their way, {@link io.kindling.autograd.GradCheck} says whether they are
 * right.
 *
 * <p>To add to what a few nodes carry, use {@link io.kindling.autograd.NodeExtras}: every node
 * costs each small operation, extras only those who ask.
 */
package io.kindling.autograd;
