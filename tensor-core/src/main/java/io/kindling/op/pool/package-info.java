/** Pooling: a window of an image to one value. */
package io.kindling.op.pool;
