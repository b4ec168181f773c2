/**
 * Reverse-mode differentiation. Every operation on a tensor that requires a gradient leaves a
 * {@link io.kindling.autograd.Node} on a dynamic tape; {@link io.kindling.autograd.Engine} walks it
 * back.
 *
 * <p>Gradients are written beside their ops (see {@code io.kindling.op}); nothing here knows any
 * op. A gradient of one's own, outside an op, is a {@link io.kindling.autograd.Function}. Hooks see
 * and change gradients on their way, {@link io.kindling.autograd.GradCheck} says whether they are
 * right, {@link io.kindling.autograd.Functional} has derivatives of functions, {@link
 * io.kindling.autograd.Checkpoint} trades time for memory.
 *
 * <p>A gradient on its way belongs to the pass. Where no other handle, saved tensor or hook can see
 * it, it may be written over: by what is added to it, and by {@link
 * io.kindling.op.GradientContext#runOver}; what must hold then stands in one place, {@code
 * Engine.isOnlyOurs}.
 *
 * <p>Each small operation pays for what every node carries and does. What only some need goes where
 * only they pay: into {@link io.kindling.autograd.NodeExtras} (hooks, where a call came from), or
 * into the thread's {@link io.kindling.autograd.Recording} (packing of saved tensors, anomalies),
 * which is null as long as nobody asked.
 */
package io.kindling.autograd;
