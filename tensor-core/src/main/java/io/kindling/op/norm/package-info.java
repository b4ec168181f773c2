/** Normalisations: along a dimension (softmax) and over a batch. */
package io.kindling.op.norm;
