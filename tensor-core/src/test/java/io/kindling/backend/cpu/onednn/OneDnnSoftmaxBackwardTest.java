package io.kindling.backend.cpu.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.op.Op;
import io.kindling.op.norm.LogSoftmax;
import io.kindling.op.norm.LogSoftmaxBackward;
import io.kindling.op.norm.Softmax;
import io.kindling.op.norm.SoftmaxBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OneDnnSoftmaxBackwardTest {
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void alongEveryDimension() {
    for (long size : new long[] {1, 13, 207, 1031}) {
      check(Oracle.random(1, size).mul(5), 0);
      check(Oracle.random(1, size, 13).mul(30), 0);
      check(Oracle.random(1, 13, size).mul(30), -1);
      check(Oracle.random(1, 3, size, 5).mul(10), 1);
    }
  }

  /**
   * A sum of n terms is off by at most n units of the sum of their sizes, an exponential by a share
   * of |y| + 6 units; both are multiplied by a probability.
   */
  private static void check(Tensor x, int dim) {
    Tensor g = Oracle.random(2, x.shape().toArray());
    Tensor p = Oracle.reference(new Softmax(dim), x)[0];
    Tensor y = Oracle.reference(new LogSoftmax(dim), x)[0];
    double units = (x.size(dim) + 10) * Oracle.FLOAT32;
    Tensor terms = p.mul(g.abs().mul(p).sum(dim, true).add(g.abs()));
    compare(new SoftmaxBackward(dim), g, p, terms.mul(units).add(1e-37));
    Tensor weight = y.abs().add(x.size(dim) + 10).mul(Oracle.FLOAT32);
    Tensor sizes = p.mul(g.abs().sum(dim, true)).mul(weight);
    Tensor rounding = g.abs().mul(2 * Oracle.FLOAT32);
    compare(new LogSoftmaxBackward(dim), g, y, sizes.add(rounding).add(1e-37));
  }

  private static void compare(Op op, Tensor g, Tensor y, Tensor bound) {
    Tensor expected = Oracle.reference(op, g.toDouble(), y.toDouble())[0];
    for (Tensor gradient : new Tensor[] {g, g.transpose(0, -1).contiguous().transpose(0, -1)}) {
      Oracle.checkWithin(op + " " + g.layout(), expected, Oracle.oneDnn(op, gradient, y)[0], bound);
    }
  }

  @Test
  void notANumberAndInfinityAreAsInJava() {
    for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      Tensor x = Oracle.random(1, 40, 50);
      Tensor p = Oracle.reference(new Softmax(1), x)[0];
      Tensor y = Oracle.reference(new LogSoftmax(1), x)[0];
      Tensor g = Oracle.random(2, 40, 50);
      same(new SoftmaxBackward(1), with(g, odd), p);
      same(new LogSoftmaxBackward(1), with(g, odd), y);
      if (!(odd > 0)) { // what results may be
        same(new LogSoftmaxBackward(1), g, with(y, odd));
      }
      if (Float.isNaN(odd)) {
        same(new SoftmaxBackward(1), g, with(p, odd));
      }
    }
  }

  private static Tensor with(Tensor values, float odd) {
    Tensor copy = values.clone();
    copy.select(0, 7).narrow(0, 3, 1).fill_(odd);
    return copy;
  }

  private static void same(Op op, Tensor g, Tensor y) {
    double[] expected = Oracle.reference(op, g, y)[0].toDoubleArray();
    double[] found = Oracle.oneDnn(op, g, y)[0].toDoubleArray();
    for (int i = 0; i < found.length; i++) {
      assertThat(
              found[i] == expected[i]
                  || Double.isNaN(found[i]) && Double.isNaN(expected[i])
                  || Math.abs(found[i] - expected[i]) < 1e-5)
          .as("%s: element %d is %s for %s", op, i, found[i], expected[i])
          .isTrue();
    }
  }

  @Test
  void whatIsLeftToJava() {
    Tensor x = Oracle.random(1, 200, 10);
    assertThat(Oracle.supports(new LogSoftmaxBackward(0), x.t().contiguous().t(), x)).isTrue();
    assertThat(Oracle.supports(new LogSoftmaxBackward(0), x, x.t().contiguous().t())).isFalse();
    assertThat(Oracle.supports(new SoftmaxBackward(1), x.to(DType.FLOAT64), x.to(DType.FLOAT64)))
        .isFalse();
  }
}
