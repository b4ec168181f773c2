/**
 * Operations. An operation is one class, usually a record whose components are its attributes (the
 * stride of a convolution, the dimension of a sum): its shape rule, its plain-Java kernel and its
 * gradient stand beside each other, and nothing else lists it. The record is what a graph, a
 * profile or an error message shows.
 *
 * <p>To add one, choose the family:
 *
 * <ul>
 *   <li>{@link io.kindling.op.elementwise.UnaryOp}, {@link io.kindling.op.elementwise.BinaryOp}: a
 *       value an element; the family broadcasts, promotes and walks strides, the op is a loop a
 *       type;
 *   <li>{@link io.kindling.op.reduce.Reduction}: many values to one;
 *   <li>{@link io.kindling.op.ViewOp}: the same memory under another layout;
 *   <li>{@link io.kindling.op.Op} itself for the rest.
 * </ul>
 *
 * <p>Kernels reach into raw memory, and a wrong call must never end the JVM: the shape rule checks
 * how many inputs there are, ranks, sizes and types, and attributes that nothing could satisfy are
 * refused by the record's constructor. {@code OpSafetyTest} finds the operation by itself and calls
 * it in every wrong way.
 *
 * <p>Then call {@code Dispatch.run(new MyOp(...), inputs)} where users look for it: a method of
 * Tensor or of {@code nn.functional}. A gradient is written with tensor methods, so gradients of
 * gradients work; what only masks or scales the gradient that came may be written over it ({@link
 * io.kindling.op.GradientContext#runOver}). Autograd, scopes, autocast and routing to backends are
 * {@link io.kindling.op.Dispatch}'s; an op never asks for them, but says by {@link
 * io.kindling.op.Op#castPolicy} in what type autocast is to run it if that matters. A faster kernel
 * belongs to a backend (see {@code io.kindling.backend}).
 */
package io.kindling.op;
