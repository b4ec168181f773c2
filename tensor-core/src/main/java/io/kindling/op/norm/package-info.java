/** Normalisations: along a dimension (softmax, its logarithm, their gradients) and over a batch. */
package io.kindling.op.norm;
