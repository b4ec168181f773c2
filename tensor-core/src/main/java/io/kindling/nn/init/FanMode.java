package io.kindling.nn.init;

/** Which count of connections keeps its variance: of the forward or of the backward pass. */
public enum FanMode {
  FAN_IN,
  FAN_OUT
}
