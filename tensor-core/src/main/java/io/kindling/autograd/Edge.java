package io.kindling.autograd;

/**
 * Where a gradient goes next.
 *
 * @param node the node that receives it
 * @param index as the gradient of which of the node's outputs
 */
public record Edge(Node node, int index) {}
