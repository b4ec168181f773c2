/**
 * A value an element. {@link io.kindling.op.elementwise.ElementwiseOp} broadcasts, promotes and
 * walks strides; an op adds one plain loop over arrays for each of float, double and, where it has
 * a meaning, long. Other types are converted a block at a time.
 */
package io.kindling.op.elementwise;
