/**
 * Random numbers. An operation carries the seed and the position in its {@link
 * io.kindling.tensor.Generator}'s stream, so it is a function like any other: run twice, it gives
 * the same values, in whatever layout, on however many threads.
 *
 * <p>To add a distribution, implement {@link io.kindling.op.random.InversionOp} if its quantiles
 * have a formula, else {@link io.kindling.op.random.DistributionOp}, or {@link
 * io.kindling.op.random.RandomOp} where a value takes more bits, or exact integers. Add its method
 * to {@code RandomMethods}, and its distribution function to {@code DistributionsTest} or the
 * probabilities of its values to {@code DiscreteDistributionsTest}.
 */
package io.kindling.op.random;
