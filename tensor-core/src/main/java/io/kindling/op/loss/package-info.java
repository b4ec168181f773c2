/** Losses that are more than a formula of other operations. */
package io.kindling.op.loss;
