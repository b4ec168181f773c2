/**
 * Optimisers with PyTorch's names, defaults and formulas: {@link io.kindling.optim.Optimizer} holds
 * groups of parameters and their state, {@link io.kindling.optim.SGD}, {@link
 * io.kindling.optim.Adam} and {@link io.kindling.optim.AdamW} say how one parameter changes.
 *
 * <p>To add one, write its update as one operation in {@code io.kindling.op.optim} (one pass over
 * the parameter, its gradient and its state; each element by itself, or workers cannot divide it
 * with {@code ZeroRedundancyOptimizer}), extend {@code Optimizer}, declare the options with their
 * defaults and ranges in the constructor, and compare its path with PyTorch's in {@code
 * OptimizerTest}.
 */
package io.kindling.optim;
