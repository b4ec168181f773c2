package io.kindling.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.amp.Autocast;
import io.kindling.memory.Scope;
import io.kindling.nn.functional.F;
import io.kindling.op.loss.LossReduction;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InputTypeTest {
  private static final Generator GENERATOR = new Generator(3);

  /** Eight numbers a row, or one image of two channels; eighteen rows, enough for oneDNN's cast. */
  private enum Input {
    NUMBERS(8),
    IMAGE(2, 16, 16);

    private final long[] shape;

    Input(long... shape) {
      this.shape = shape;
    }

    Tensor sample(long rows) {
      long[] sizes = new long[shape.length + 1];
      sizes[0] = rows;
      System.arraycopy(shape, 0, sizes, 1, shape.length);
      Tensor values = Tensor.rand(GENERATOR, sizes).sub(0.5).mul(3);
      return shape.length == 3 ? values.contiguous(MemoryFormat.CHANNELS_LAST) : values;
    }
  }

  /** A network and what it is, for the test's name. */
  private record Case(String name, Input input, Supplier<Module> network) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A user's own module: a linear layer and what is done with it. */
  private static final class Own extends Module {
    private final Linear linear = child("linear", new Linear(8, 8, true, GENERATOR));
    private final UnaryOperator<Tensor> before;

    private Own(UnaryOperator<Tensor> before) {
      this.before = before;
    }

    @Override
    public Tensor forward(Tensor input) {
      return linear.forward(before.apply(input));
    }
  }

  @SafeVarargs
  private static Case numbers(String name, Supplier<Module>... layers) {
    return new Case(name, Input.NUMBERS, () -> sequential(layers));
  }

  @SafeVarargs
  private static Case images(String name, Supplier<Module>... layers) {
    return new Case(name, Input.IMAGE, () -> sequential(layers));
  }

  @SafeVarargs
  private static Module sequential(Supplier<Module>... layers) {
    return new Sequential(Stream.of(layers).map(Supplier::get).toArray(Module[]::new));
  }

  private static Case own(String name, UnaryOperator<Tensor> before) {
    return new Case(name, Input.NUMBERS, () -> new Own(before));
  }

  private static Linear linear() {
    return new Linear(8, 8, true, GENERATOR);
  }

  private static Conv2d convolution() {
    return new Conv2d(2, 4, 3, 1, 1);
  }

  static Stream<Case> thatRound() {
    return Stream.of(
        numbers("linear", InputTypeTest::linear, ReLU::new, InputTypeTest::linear),
        numbers("identity first", Identity::new, InputTypeTest::linear),
        numbers(
            "dropout later",
            InputTypeTest::linear,
            () -> new Dropout(0.5, GENERATOR),
            InputTypeTest::linear),
        images("convolution", InputTypeTest::convolution, () -> new BatchNorm2d(4), Flatten::new),
        images("flatten first", Flatten::new, () -> new Linear(512, 4, true, GENERATOR)),
        own("own, unchanged", x -> x),
        own("own, cast", x -> x.to(DType.BFLOAT16)),
        own("own, copied", x -> x.clone()),
        own("own, as an image and back", x -> x.reshape(-1, 2, 4).flatten(1, 2)),
        own("own, two products", x -> x.matmul(x.t()).matmul(x)));
  }

  static Stream<Case> thatDoNot() {
    return Stream.of(
        numbers("nothing", Identity::new),
        numbers("relu", ReLU::new, InputTypeTest::linear),
        numbers("tanh", Tanh::new, InputTypeTest::linear),
        numbers("softmax", () -> new Softmax(1), InputTypeTest::linear),
        numbers("dropout", () -> new Dropout(0.5, GENERATOR), InputTypeTest::linear),
        images("batch normalisation", () -> new BatchNorm2d(2), InputTypeTest::convolution),
        images("max pooling", () -> new MaxPool2d(2), InputTypeTest::convolution),
        own("times one", x -> x.mul(1.0)),
        own("in place", x -> x.add_(0.0)),
        own("sum", x -> x.sub(x.mean())),
        own("beside a product", x -> x.matmul(x.t()).matmul(x).add(x)),
        own("cat", x -> Tensor.cat(List.of(x, x), 1).narrow(1, 0, 8)),
        own("to float64 and back", x -> x.to(DType.FLOAT64).to(DType.FLOAT32)),
        own("class numbers", x -> x.to(DType.INT64).toFloat()),
        own("its own region", InputTypeTest::withoutAutocast),
        own("by type", x -> x.dtype() == DType.FLOAT32 ? x : x.mul(2.0)),
        own("only that type", InputTypeTest::onlyFloat32),
        own("changes the cast", x -> x.to(DType.BFLOAT16).mul_(2.0)),
        own("only in Java", x -> Tensor.of(x.toFloatArray(), x.shape().toArray())),
        own("fails", x -> x.reshape(-1, 7)),
        new Case("the input comes out", Input.NUMBERS, InputAndProduct::new),
        new Case("eval mode", Input.NUMBERS, Scaling::new));
  }

  private static Tensor withoutAutocast(Tensor x) {
    try (var off = Autocast.enabled(false)) {
      return x.matmul(Tensor.ones(8, 8));
    }
  }

  private static Tensor onlyFloat32(Tensor x) {
    if (x.dtype() != DType.FLOAT32) {
      throw new IllegalArgumentException("expected float32, got " + x.dtype());
    }
    return x;
  }

  /** Reads its input by a product, but gives the input itself on. */
  private static final class InputAndProduct extends Module {
    private final Linear linear = child("linear", linear());

    @Override
    public Tensor forward(Tensor input) {
      linear.forward(input);
      return input.reshape(-1, 8);
    }
  }

  /** Scales its input in eval mode. */
  private static final class Scaling extends Module {
    private final Linear linear = child("linear", linear());

    @Override
    public Tensor forward(Tensor input) {
      return linear.forward(isTraining() ? input : input.mul(1.5));
    }
  }

  private static DType type(Case tested) {
    try (Scope scope = Scope.open();
        Module network = tested.network().get()) {
      DType type = InputType.under(DType.BFLOAT16, network, tested.input().sample(2));
      assertThat(network.isTraining()).isTrue();
      return type;
    }
  }

  @ParameterizedTest
  @MethodSource("thatDoNot")
  void networksThatReadTheirInputOtherwiseNeedItsBits(Case tested) {
    assertThat(type(tested)).isEqualTo(DType.FLOAT32);
  }

  /** Only the outputs and gradients themselves say that no bit is lost. */
  @ParameterizedTest
  @MethodSource("thatRound")
  void networksThatBeginWithProductsRoundTheirInputAndLoseNothing(Case tested) {
    try (Scope scope = Scope.open();
        Module network = tested.network().get()) {
      assertThat(InputType.under(DType.BFLOAT16, network, tested.input().sample(2)))
          .isEqualTo(DType.BFLOAT16);
      network.eval(); // no dropout, which would draw other numbers the second time
      // Up to 8,192 numbers are cast in Java, more by oneDNN.
      for (long rows : new long[] {3, 1500}) {
        Tensor exact = tested.input().sample(rows);
        Tensor rounded = exact.to(DType.BFLOAT16);
        assertThat(rounded.toFloat().eq(exact).all().item()).isZero();
        assertThat(learned(network, rounded)).isDeepEqualTo(learned(network, exact));
      }
    }
  }

  /** Outputs and gradients. */
  private static float[][] learned(Module network, Tensor input) {
    network.zeroGrad();
    List<float[]> all = new ArrayList<>();
    Tensor output;
    try (var cast = Autocast.enable(DType.BFLOAT16)) {
      output = network.forward(input);
      F.mseLoss(output, output.detach().add(1.0), LossReduction.MEAN).backward();
    }
    all.add(output.toFloatArray());
    network.parameters().forEach(weight -> all.add(weight.grad().toFloatArray()));
    return all.toArray(new float[0][]);
  }

  @Test
  void nothingOfTheNetworkChanges() {
    try (Scope scope = Scope.open();
        Module network = new Sequential(convolution(), new BatchNorm2d(4), new Flatten())) {
      network.eval();
      float[][] before = values(network);
      assertThat(InputType.under(DType.BFLOAT16, network, Input.IMAGE.sample(2)))
          .isEqualTo(DType.BFLOAT16);
      assertThat(values(network)).isDeepEqualTo(before);
      assertThat(network.isTraining()).isFalse();
      assertThat(network.parameters()).allSatisfy(weight -> assertThat(weight.grad()).isNull());
    }
  }

  private static float[][] values(Module network) {
    return network.stateDict().values().stream().map(Tensor::toFloatArray).toArray(float[][]::new);
  }
}
