package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.memory.Storage;
import io.kindling.op.Dispatch;
import io.kindling.op.Spec;
import io.kindling.op.elementwise.ReluBackward;
import io.kindling.op.matmul.LinearRelu;
import io.kindling.op.matmul.LinearReluBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Device;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An operation may write its gradient over the one that it got, but only where nobody else can see
 * that: each way in which somebody could. Once in Java's loops and once in oneDNN's.
 */
class GradientsWrittenOverTest {
  private static final Generator RANDOM = new Generator(7);

  /** Two ways to a relu whose gradient is that of its input where the output is above 0. */
  private enum Relu {
    ALONE(6),
    ALONE_LARGE(200),
    WITH_LINEAR(6),
    WITH_LINEAR_LARGE(200);

    final int size;

    Relu(int size) {
      this.size = size;
    }

    Tensor of(Tensor x) {
      boolean alone = this == ALONE || this == ALONE_LARGE;
      return alone ? x.relu() : Dispatch.run(new LinearRelu(), x, Tensor.eye(size, size), zeros());
    }

    private Tensor zeros() {
      return Tensor.zeros(size).requiresGrad_();
    }

    Tensor random() {
      return Tensor.rand(RANDOM, size, size).sub(0.5);
    }

    Tensor leaf() {
      return random().requiresGrad_();
    }
  }

  /** What reaches x through a relu of it. */
  private static float[] passed(Tensor x, Tensor gradient) {
    float[] in = x.detach().toFloatArray();
    float[] all = gradient.detach().toFloatArray();
    for (int i = 0; i < all.length; i++) {
      all[i] = in[i] <= 0 ? 0 : all[i];
    }
    return all;
  }

  /** A copy forward; backward, what {@code gradient} makes of what arrives. */
  private static Tensor through(Tensor x, UnaryOperator<Tensor> gradient) {
    return ExampleFunctions.of(
            (context, input) -> ExampleFunctions.one(input.clone()),
            (context, gradients) -> ExampleFunctions.one(gradient.apply(gradients[0])))
        .apply(x);
  }

  @ParameterizedTest
  @EnumSource(names = {"ALONE", "ALONE_LARGE"})
  void whatNobodyElseSeesIsWrittenOver(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor given = relu.random();
      List<Long> addresses = new ArrayList<>();
      UnaryOperator<Tensor> note =
          gradient -> {
            addresses.add(gradient.storage().address());
            return gradient;
          };
      UnaryOperator<Tensor> fresh = gradient -> note.apply(gradient.clone());
      through(relu.of(through(x, note)), fresh).backward(given);
      assertThat(addresses).hasSize(2);
      assertThat(addresses.get(1)).isEqualTo(addresses.get(0));
      assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, given));
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFirstOutputTakesTheMemoryAndTheOthersTheirOwn(Relu relu) {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16}) {
      try (Scope scope = Scope.open()) {
        Tensor g = relu.random().to(dtype);
        Tensor y = relu.random().to(dtype).relu();
        Tensor[] expected = Dispatch.runAll(new LinearReluBackward(), g, y);
        int version = g.storage().version();
        Tensor[] found = Dispatch.runOver(new LinearReluBackward(), g, y);
        assertThat(found[0].storage()).isSameAs(g.storage());
        assertThat(g.storage().version()).isEqualTo(version + 1);
        assertThat(found[1].storage()).isNotSameAs(g.storage());
        for (int i = 0; i < 2; i++) {
          assertThat(found[i].toFloatArray()).isEqualTo(expected[i].toFloatArray());
        }
      }
    }
  }

  /** Where the output does not look like the input, it has memory of its own. */
  @ParameterizedTest
  @EnumSource
  void anotherLayoutOrTypeIsNotWrittenOver(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor y = relu.random().relu();
      Tensor row = relu.random().select(0, 0);
      for (Tensor g :
          List.of(relu.random().to(DType.BFLOAT16), row, row.expand(y.shape().toArray()))) {
        float[] before = g.toFloatArray();
        Tensor[] found = Dispatch.runOver(new ReluBackward(), g, y);
        assertThat(found[0].storage()).isNotSameAs(g.storage());
        assertThat(found[0].toFloatArray())
            .isEqualTo(Dispatch.run(new ReluBackward(), g, y).toFloatArray());
        assertThat(g.toFloatArray()).isEqualTo(before);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherConsumerOfTheSameGradient(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor other = relu.leaf();
      Tensor given = relu.random();
      for (boolean reluLast : new boolean[] {true, false}) {
        x.setGrad(null);
        other.setGrad(null);
        // The latest operation's gradient is computed first.
        Tensor early = reluLast ? other.mul(1) : relu.of(x);
        Tensor late = reluLast ? relu.of(x) : other.mul(1);
        // Backward hands one gradient to both.
        through(early.add(late), Tensor::clone).backward(given);
        assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, given));
        assertThat(other.grad().toFloatArray()).isEqualTo(given.toFloatArray());
      }
    }
  }

  /** A leaf takes over the gradient's memory, or adds to what it has, before relu or after. */
  @ParameterizedTest
  @EnumSource
  void aLeafThatAccumulatesTheSameGradient(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor leaf = relu.leaf();
      Tensor given = relu.random();
      float[] expected = new float[relu.size * relu.size];
      float[] expectedOfX = new float[relu.size * relu.size];
      for (int pass = 0; pass < 3; pass++) {
        Tensor output = pass == 1 ? relu.of(x).add(leaf) : leaf.add(relu.of(x));
        through(output, Tensor::clone).backward(given);
        float[] flows = given.toFloatArray();
        float[] flowsToX = passed(x, given);
        for (int i = 0; i < expected.length; i++) {
          expected[i] += flows[i];
          expectedOfX[i] += flowsToX[i];
        }
        assertThat(leaf.grad().toFloatArray()).isEqualTo(expected);
        assertThat(x.grad().toFloatArray()).isEqualTo(expectedOfX);
      }
    }
  }

  /** The gradient that a leaf holds is no other tensor's. */
  @ParameterizedTest
  @EnumSource
  void aGradientThatALeafHasTaken(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor leaf = relu.leaf();
      Tensor given = relu.random();
      leaf.mul(1).backward(given);
      Tensor x = relu.leaf();
      relu.of(x).backward(leaf.grad());
      assertThat(leaf.grad().toFloatArray()).isEqualTo(given.toFloatArray());
      assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, given));
    }
  }

  @ParameterizedTest
  @EnumSource
  void retainedGradients(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor given = relu.random();
      Tensor y = relu.of(x.mul(1));
      y.retainGrad();
      Tensor z = through(y, Tensor::clone);
      z.retainGrad();
      z.backward(given);
      assertThat(z.grad().toFloatArray()).isEqualTo(given.toFloatArray());
      assertThat(y.grad().toFloatArray()).isEqualTo(given.toFloatArray());
      assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, given));
    }
  }

  /** What the operation that made {@code y} says it got, once it has run. */
  private static List<float[]> shownAfterwards(Tensor y) {
    List<float[]> shown = new ArrayList<>();
    y.gradFn()
        .registerHook(
            (results, gradients) -> {
              shown.add(gradients.get(0).toFloatArray());
              return null;
            });
    return shown;
  }

  @ParameterizedTest
  @EnumSource
  void hooksOfTensorsAndOfOperations(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor given = relu.random();
      Tensor y = relu.of(x);
      List<Tensor> kept = new ArrayList<>();
      y.registerHook(
          gradient -> {
            kept.add(gradient.alias());
            return null;
          });
      List<float[]> shown = shownAfterwards(y);
      through(y, Tensor::clone).backward(given);
      assertThat(shown.get(0)).isEqualTo(given.toFloatArray());
      kept.forEach(Tensor::close);
      assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, given));
    }
  }

  /** The hook after the operation is shown what the operation got, with no other holder. */
  @ParameterizedTest
  @EnumSource
  void aHookThatIsShownTheGradientAfterwards(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor given = relu.random();
      Tensor y = relu.of(x);
      List<float[]> shown = shownAfterwards(y);
      through(y, Tensor::clone).backward(given);
      assertThat(shown.get(0)).isEqualTo(given.toFloatArray());
      assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, given));
    }
  }

  @ParameterizedTest
  @EnumSource
  void gradientsOfWhatLiesBetween(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor given = relu.random();
      Tensor y = relu.of(x);
      Tensor z = through(y, Tensor::clone);
      List<Tensor> found =
          Autograd.grad(List.of(z), List.of(y, x, z), List.of(given), false, false, false);
      assertThat(found.get(0).toFloatArray()).isEqualTo(given.toFloatArray());
      assertThat(found.get(1).toFloatArray()).isEqualTo(passed(x, given));
      assertThat(found.get(2).toFloatArray()).isEqualTo(given.toFloatArray());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCallersOwnGradient(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor given = relu.random();
      float[] before = given.toFloatArray();
      relu.of(x).backward(given);
      assertThat(given.toFloatArray()).isEqualTo(before);
      assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, given));
    }
  }

  @ParameterizedTest
  @EnumSource
  void expandedGradients(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      relu.of(x).sum().backward();
      assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, Tensor.onesLike(x)));
      Tensor weights = relu.random().select(0, 0);
      x.setGrad(null);
      relu.of(x).sum(0).mul(weights).sum().backward();
      Tensor all = weights.expand(relu.size, relu.size);
      assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, all));
    }
  }

  /** Backward hands on two views of one gradient, which overlap. */
  @ParameterizedTest
  @EnumSource
  void viewsOfOneGradient(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor other = relu.leaf();
      Tensor given = relu.random();
      Tensor both =
          new Function() {
            @Override
            protected Tensor[] forward(FunctionContext context, Tensor... inputs) {
              return new Tensor[] {inputs[0].add(inputs[1])};
            }

            @Override
            protected Tensor[] backward(FunctionContext context, Tensor... gradients) {
              Tensor fresh = gradients[0].clone();
              return new Tensor[] {fresh.t(), fresh.view(relu.size, relu.size)};
            }
          }.apply(other.mul(1), relu.of(x));
      both.backward(given);
      assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, given));
      assertThat(other.grad().toFloatArray()).isEqualTo(given.t().toFloatArray());
    }
  }

  /** A part of a larger gradient, the rest of which goes elsewhere. */
  @ParameterizedTest
  @EnumSource
  void partsOfOneGradient(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor other = relu.leaf();
      Tensor given = Tensor.cat(List.of(relu.random(), relu.random()), 1);
      Tensor joined = Tensor.cat(List.of(other.mul(1), relu.of(x)), 1);
      through(joined, Tensor::clone).backward(given);
      assertThat(x.grad().toFloatArray())
          .isEqualTo(passed(x, given.narrow(1, relu.size, relu.size)));
      assertThat(other.grad().toFloatArray())
          .isEqualTo(given.narrow(1, 0, relu.size).toFloatArray());
    }
  }

  /** What an operation saved may itself be the gradient that it returns. */
  @ParameterizedTest
  @EnumSource
  void aSavedTensorThatIsTheGradient(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor slope = relu.random();
      float[] expected = passed(x, slope);
      Tensor z =
          ExampleFunctions.of(
                  (context, input) -> {
                    context.saveForBackward(slope.clone());
                    return ExampleFunctions.one(input.mul(slope));
                  },
                  (context, gradients) -> ExampleFunctions.one(context.savedTensors()[0]))
              .apply(relu.of(x));
      for (int pass = 0; pass < 3; pass++) {
        x.setGrad(null);
        z.backward(slope, true, false);
        assertThat(x.grad().toFloatArray()).isEqualTo(expected);
      }
    }
  }

  /** Memory that belongs to somebody else, whom nobody can ask whether it is still read. */
  @ParameterizedTest
  @EnumSource
  void memoryOfSomebodyElse(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor given = relu.random();
      ByteBuffer buffer =
          ByteBuffer.allocateDirect(relu.size * relu.size * 4).order(ByteOrder.nativeOrder());
      buffer.asFloatBuffer().put(given.toFloatArray());
      Spec spec = given.spec();
      through(relu.of(x), gradient -> new Tensor(Storage.wrap(buffer), spec, Device.CPU))
          .backward(given);
      float[] after = new float[relu.size * relu.size];
      buffer.asFloatBuffer().get(after);
      assertThat(after).isEqualTo(given.toFloatArray());
      assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, given));
    }
  }

  /** Recorded gradients are differentiated again, with the values that they had. */
  @ParameterizedTest
  @EnumSource
  void gradientsOfGradients(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor given = relu.leaf();
      Tensor y = relu.of(x);
      Tensor z = y.mul(y);
      List<Tensor> first = Autograd.grad(List.of(z), List.of(x), List.of(given), true, true, false);
      Tensor twice = relu.random();
      // z = y^2: its gradient 2 y g is linear in g and in y.
      List<Tensor> second =
          Autograd.grad(first, List.of(given, x), List.of(twice), false, false, false);
      Tensor positive = x.detach().relu();
      assertThat(first.get(0).toFloatArray())
          .isEqualTo(passed(x, positive.mul(given.detach()).mul(2)));
      assertThat(second.get(0).toFloatArray()).isEqualTo(passed(x, positive.mul(twice).mul(2)));
      assertThat(second.get(1).toFloatArray())
          .isEqualTo(passed(x, given.detach().mul(twice).mul(2)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRetainedGraphGivesTheSameAgain(Relu relu) {
    try (Scope scope = Scope.open()) {
      Tensor x = relu.leaf();
      Tensor given = relu.random();
      Tensor z = through(relu.of(relu.of(x)), Tensor::clone);
      for (int pass = 0; pass < 3; pass++) {
        x.setGrad(null);
        z.backward(given, true, false);
        assertThat(x.grad().toFloatArray()).isEqualTo(passed(x, given));
      }
    }
  }
}
