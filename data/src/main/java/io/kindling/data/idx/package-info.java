/** The IDX format, in which MNIST and the sets made after its model are published. */
package io.kindling.data.idx;
