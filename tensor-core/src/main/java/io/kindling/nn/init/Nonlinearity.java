package io.kindling.nn.init;

/** What follows the layer whose weights are drawn. */
public enum Nonlinearity {
  LINEAR,
  SIGMOID,
  TANH,
  RELU,
  LEAKY_RELU,
  SELU
}
