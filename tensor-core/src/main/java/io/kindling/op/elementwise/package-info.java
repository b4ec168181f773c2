/**
 * A value an element. {@link io.kindling.op.elementwise.ElementwiseOp} broadcasts, promotes and
 * walks strides; an op adds one plain loop over arrays for each of float, double and, where it has
 * a meaning, long. Other types are converted a block at a time. What compares or chooses does so on
 * the bits of float32 ({@code FloatBits}), and has a loop over packed booleans.
 */
package io.kindling.op.elementwise;
