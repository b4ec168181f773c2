package io.kindling.testing;

import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * A line of the op test table.
 *
 * @param name the case of golden.py with the inputs and what PyTorch makes of them
 * @param function the op
 * @param sizes shapes of inputs on which backends are compared beyond the golden ones
 * @param smooth whether differences have an answer at the golden inputs
 */
public record OpCase(
    String name,
    Function<List<Tensor>, List<Tensor>> function,
    List<List<Shape>> sizes,
    boolean smooth) {
  /**
   * An op with one output.
   *
   * @param sizes shapes of the inputs such as {@code "13x207, 207x702"}; a scalar's is {@code ""}
   */
  static OpCase op(String name, Function<List<Tensor>, Tensor> function, String... sizes) {
    return ops(name, in -> List.of(function.apply(in)), sizes);
  }

  /** An op with several outputs. */
  static OpCase ops(String name, Function<List<Tensor>, List<Tensor>> function, String... sizes) {
    return new OpCase(name, function, Arrays.stream(sizes).map(OpCase::shapes).toList(), true);
  }

  /** An op of one input of any shape. */
  static OpCase unary(String name, Function<Tensor, Tensor> function) {
    return op(
        name,
        in -> function.apply(in.get(0)),
        "0",
        "1",
        "13",
        "207",
        "702",
        "3x0x2",
        "13x207",
        "2x3x17x5");
  }

  /** An op of two inputs that broadcast. */
  static OpCase binary(String name, java.util.function.BinaryOperator<Tensor> function) {
    return op(
        name,
        in -> function.apply(in.get(0), in.get(1)),
        "0, 1",
        "1, 1",
        "13, 13",
        "207, 1",
        "13x702, 702",
        "13x1, 207",
        "2x3x17x5, 3x1x1",
        "1x5, 2x1x17x5");
  }

  /** This case without a comparison with differences: its inputs are where a gradient jumps. */
  OpCase jumps() {
    return new OpCase(name, function, sizes, false);
  }

  private static List<Shape> shapes(String sizes) {
    return Arrays.stream(sizes.split(",")).map(String::trim).map(OpCase::shape).toList();
  }

  private static Shape shape(String sizes) {
    return sizes.isEmpty()
        ? Shape.SCALAR
        : Shape.of(Arrays.stream(sizes.split("x")).mapToLong(Long::parseLong).toArray());
  }

  @Override
  public String toString() {
    return name;
  }
}
