/**
 * Pooling: a window of an image to one value. Which place of its window each value came from is an
 * output beside it, and all that the gradient needs.
 */
package io.kindling.op.pool;
