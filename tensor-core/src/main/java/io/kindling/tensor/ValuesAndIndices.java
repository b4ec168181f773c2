package io.kindling.tensor;

/**
 * Values that were chosen along a dimension, and the places in it, as int64, that they came from.
 */
public record ValuesAndIndices(Tensor values, Tensor indices) {
  static ValuesAndIndices of(Tensor[] both) {
    return new ValuesAndIndices(both[0], both[1]);
  }
}
