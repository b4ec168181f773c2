package io.kindling.bench.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The operations that are measured, by PyTorch's names. A constant here says everything but how a
 * side computes it: that is a line in {@code ours/Operations}, in {@code libtorch/Operations} and
 * in {@code steps.py}.
 */
public enum OpKind {
  /** {@code (n, n)} by {@code (n, n)}. */
  MATMUL(
      sizes(of(32), of(256), of(1024)),
      s -> reads(matrix(s[0], s[0]), matrix(s[0], s[0])).writes(s[0] * s[0]).flops(cube(s[0]))),
  /** 3x3, padding 1: {@code (N, C, S, S)} to {@code (N, O, S, S)}, with bias. */
  CONV(
      sizes(of(8, 16, 16, 16), of(16, 32, 32, 32), of(64, 64, 32, 64)),
      s ->
          reads(images(s), Input.uniform(1, s[3], s[1], 3, 3), Input.uniform(1, s[3]))
              .writes(s[0] * s[3] * s[2] * s[2])
              .flops(2.0 * s[0] * s[1] * s[2] * s[2] * s[3] * 9)),
  ADD(vectors(), s -> reads(vector(s[0]), vector(s[0])).writes(s[0])),
  MUL(vectors(), s -> reads(vector(s[0]), vector(s[0])).writes(s[0])),
  RELU(vectors(), s -> reads(vector(s[0])).writes(s[0]), true),
  EXP(vectors(), s -> reads(vector(s[0])).writes(s[0])),
  LOG(vectors(), s -> reads(Input.positive(s[0])).writes(s[0])),
  SIN(vectors(), s -> reads(Input.uniform(3, s[0])).writes(s[0])),
  TANH(vectors(), s -> reads(Input.uniform(3, s[0])).writes(s[0])),
  SIGMOID(vectors(), s -> reads(Input.uniform(3, s[0])).writes(s[0])),
  GELU(vectors(), s -> reads(Input.uniform(3, s[0])).writes(s[0]), true),
  /** To between -0.5 and 0.5. */
  CLAMP(vectors(), s -> reads(vector(s[0])).writes(s[0])),
  MAXIMUM(vectors(), s -> reads(vector(s[0]), vector(s[0])).writes(s[0])),
  /** Greater than the number 0, to bool. */
  GT(vectors(), s -> reads(vector(s[0])).writes(s[0], 1)),
  /** With probability 0.5: which elements is left to each side. */
  DROPOUT(vectors(), s -> reads(vector(s[0])).writes(s[0])) {
    @Override
    public boolean isRandom() {
      return true;
    }
  },
  /** All to one number. */
  SUM(vectors(), s -> reads(vector(s[0])).writes(1)),
  /** Over rows, as a bias's gradient. */
  SUM_ROWS(rows(), s -> reads(matrix(s[0], s[1])).writes(s[1])),
  /** All to one number. */
  MEAN(vectors(), s -> reads(vector(s[0])).writes(1)),
  /** Of each row. */
  AMAX(rows(), s -> reads(matrix(s[0], s[1])).writes(s[0])),
  /** Of each row. */
  ARGMAX(rows(), s -> reads(matrix(s[0], s[1])).writes(s[0], 8)),
  /** Along each row. */
  CUMSUM(rows(), s -> reads(matrix(s[0], s[1])).writes(s[0] * s[1])),
  /** Of each row. */
  SOFTMAX(rows(), s -> reads(matrix(s[0], s[1])).writes(s[0] * s[1]), true),
  /** Of each row. */
  LOG_SOFTMAX(rows(), s -> reads(matrix(s[0], s[1])).writes(s[0] * s[1]), true),
  /** (rows, classes): the mean over the rows. */
  CROSS_ENTROPY(
      sizes(of(64, 10), of(4096, 10), of(128, 1000)),
      s -> reads(matrix(s[0], s[1]), Input.index(s[1], s[0])).writes(1),
      true),
  /** (N, C, S): {@code (N, C, S, S)} by the batch's mean and variance, with weight and bias. */
  BATCH_NORM(
      sizes(of(8, 16, 16), of(16, 32, 32), of(64, 64, 32)),
      s ->
          reads(images(s), Input.uniform(1, s[1]), Input.uniform(1, s[1]))
              .writes(s[0] * s[1] * s[2] * s[2]),
      true),
  /** Along each row. */
  GATHER(
      sizes(of(4, 256), of(256, 256), of(16_384, 256)),
      s -> reads(matrix(s[0], s[1]), Input.index(s[1], s[0], s[1])).writes(s[0] * s[1])),
  /** As many rows as there are, some of them several times. */
  INDEX_SELECT(
      sizes(of(64, 16), of(1024, 128), of(65_536, 128)),
      s -> reads(matrix(s[0], s[1]), Input.index(s[0], s[0])).writes(s[0] * s[1])),
  MASKED_SELECT(vectors(), s -> reads(vector(s[0]), Input.mask(s[0])).writes(s[0] / 2)),
  /** Each row, with the places. */
  SORT(sorted(), s -> reads(matrix(s[0], s[1])).writes(s[0] * s[1], 12)),
  /** The largest 5 of each row, with their places. */
  TOPK(sorted(), s -> reads(matrix(s[0], s[1])).writes(s[0] * 5, 12)),
  /** Two matrices beside each other. */
  CAT(rows(), s -> reads(matrix(s[0], s[1]), matrix(s[0], s[1])).writes(2 * s[0] * s[1])),
  /** {@code (n, n)}, made contiguous. */
  TRANSPOSE(sizes(of(32), of(256), of(2048)), s -> reads(matrix(s[0], s[0])).writes(s[0] * s[0])),
  TO_BFLOAT16(vectors(), s -> reads(vector(s[0])).writes(s[0], 2)),
  FROM_BFLOAT16(vectors(), s -> reads(Input.bfloat16(s[0])).writes(s[0])),
  /** A step of the optimizer: a parameter and its gradient; it writes both moments as well. */
  ADAM(vectors(), s -> reads(vector(s[0]), vector(s[0])).writes(s[0], 5 * 4));

  private final List<long[]> sizes;
  private final Function<long[], Operands> operands;
  private final boolean hasBackward;

  OpKind(List<long[]> sizes, Function<long[], Operands> operands) {
    this(sizes, operands, false);
  }

  OpKind(List<long[]> sizes, Function<long[], Operands> operands, boolean hasBackward) {
    this.sizes = sizes;
    this.operands = operands;
    this.hasBackward = hasBackward;
  }

  /**
   * What an operation reads, writes and calculates.
   *
   * @param written bytes
   */
  record Operands(List<Input> inputs, double written, double flops) {
    Operands writes(long elements) {
      return writes(elements, 4);
    }

    Operands writes(long elements, int bytes) {
      return new Operands(inputs, (double) elements * bytes, flops);
    }

    Operands flops(double count) {
      return new Operands(inputs, written, count);
    }
  }

  /** Small, medium, and large: element-wise ones beyond the caches. */
  List<long[]> sizes() {
    return sizes;
  }

  Operands operands(long[] of) {
    return operands.apply(of);
  }

  /** Whether it is measured with its gradient as well. */
  boolean hasBackward() {
    return hasBackward;
  }

  /** Whether the sides' results differ, so that only their number can be compared. */
  public boolean isRandom() {
    return false;
  }

  /** As in the names of cases. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Operands reads(Input... inputs) {
    return new Operands(List.of(inputs), 0, 0);
  }

  private static Input vector(long length) {
    return Input.uniform(1, length);
  }

  private static Input matrix(long rows, long columns) {
    return Input.uniform(1, rows, columns);
  }

  private static Input images(long[] of) {
    return Input.uniform(1, of[0], of[1], of[2], of[2]);
  }

  private static double cube(long n) {
    return 2.0 * n * n * n;
  }

  private static List<long[]> vectors() {
    return sizes(of(1024), of(131_072), of(8_388_608));
  }

  private static List<long[]> rows() {
    return sizes(of(64, 10), of(128, 1000), of(4096, 1000));
  }

  private static List<long[]> sorted() {
    return sizes(of(4, 256), of(256, 256), of(4096, 256));
  }

  private static List<long[]> sizes(long[]... of) {
    return Arrays.asList(of);
  }

  private static long[] of(long... size) {
    return size;
  }
}
