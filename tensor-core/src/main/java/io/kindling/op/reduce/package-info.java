/**
 * Many values to one. {@link io.kindling.op.reduce.Reduction} walks the input; an op says how
 * values combine, across a block and into a block of partial results.
 */
package io.kindling.op.reduce;
