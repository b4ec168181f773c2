package io.kindling.autograd;

import io.kindling.op.Spec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Draws a graph as a tree: a line a node, the operations it comes from below it. A chain stays in
 * one column; only branches are set in. A node that is met again is named by the number it was
 * given.
 *
 * <pre>{@code
 * 1 SumBackward0
 * 2 MulBackward0 float32[2, 3]
 *   3 ExpBackward0 float32[2, 3]
 *   4 AccumulateGrad float32[2, 3]
 *   4 AccumulateGrad float32[2, 3], see above
 * }</pre>
 */
final class GraphPrinter {
  private static final int LINES = 500;

  private GraphPrinter() {}

  private record Place(Node node, int depth, Spec made) {}

  static String print(Node root) {
    StringBuilder text = new StringBuilder();
    Map<Node, Integer> numbers = new HashMap<>();
    Deque<Place> waiting = new ArrayDeque<>();
    waiting.push(new Place(root, 0, null));
    for (int lines = 0; !waiting.isEmpty(); lines++) {
      if (lines == LINES) {
        return text.append("... and more\n").toString();
      }
      Place place = waiting.pop();
      Node node = place.node();
      Integer known = numbers.putIfAbsent(node, numbers.size() + 1);
      text.append("  ".repeat(place.depth())).append(numbers.get(node)).append(' ');
      text.append(node.name());
      if (place.made() != null) {
        text.append(' ').append(place.made().dtype()).append(place.made().shape());
      }
      text.append(known == null ? "\n" : ", see above\n");
      if (known == null) {
        push(place, waiting);
      }
    }
    return text.toString();
  }

  private static void push(Place place, Deque<Place> waiting) {
    Edge[] edges = place.node().edges();
    int branches = 0;
    for (Edge edge : edges) {
      branches += edge == null ? 0 : 1;
    }
    for (int i = edges.length - 1; i >= 0; i--) {
      if (edges[i] != null) {
        int depth = place.depth() + (branches > 1 ? 1 : 0);
        waiting.push(new Place(edges[i].node(), depth, place.node().inputSpec(i)));
      }
    }
  }
}
