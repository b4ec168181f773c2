/**
 * Random numbers. An operation carries the seed and the position in its {@link
 * io.kindling.tensor.Generator}'s stream, so it is a function like any other: run twice, it gives
 * the same values, in whatever layout, on however many threads. To add a distribution, implement
 * {@link io.kindling.op.random.RandomOp}.
 */
package io.kindling.op.random;
