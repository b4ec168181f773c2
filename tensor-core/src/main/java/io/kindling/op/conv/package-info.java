/**
 * Convolutions. The gradients of a convolution with respect to its input and to its weight are
 * operations too, each linear in both its inputs, and the three are each other's gradients.
 */
package io.kindling.op.conv;
