/**
 * {@link io.kindling.nn.functional.F}: layers and losses as functions of tensors, without state of
 * their own. What already is a method of Tensor (relu, softmax) is not repeated here. To add one,
 * add a method that hands an op to dispatch, or combines tensor methods.
 */
package io.kindling.nn.functional;
