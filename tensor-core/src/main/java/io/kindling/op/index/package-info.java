/**
 * Taking elements by number, and putting tensors together. The position of an element here depends
 * on values, or on more than one input; what depends on neither is a view ({@code
 * io.kindling.op.view}).
 */
package io.kindling.op.index;
