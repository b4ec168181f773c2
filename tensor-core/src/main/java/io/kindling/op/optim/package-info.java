/**
 * Updates of optimisers, one operation each: one pass over a parameter, its gradient and its state
 * instead of a chain of tensor operations. Besides the parameter, their first input, they change
 * their state inputs in place. They have no gradient.
 */
package io.kindling.op.optim;
