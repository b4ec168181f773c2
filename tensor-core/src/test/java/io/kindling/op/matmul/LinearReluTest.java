package io.kindling.op.matmul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.ShapeException;
import io.kindling.amp.Autocast;
import io.kindling.autograd.Autograd;
import io.kindling.autograd.GradCheck;
import io.kindling.memory.Scope;
import io.kindling.nn.Linear;
import io.kindling.nn.Module;
import io.kindling.nn.ReLU;
import io.kindling.nn.Sequential;
import io.kindling.nn.functional.F;
import io.kindling.op.Dispatch;
import io.kindling.op.elementwise.ReluBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both operations in one against one after the other: the same bits, forward and backward. */
class LinearReluTest {
  private static final Function<List<Tensor>, Tensor> PAIR =
      in -> Dispatch.run(new LinearRelu(), in.toArray(new Tensor[0]));

  private static final Function<List<Tensor>, Tensor> ONE_BY_ONE =
      in -> F.linear(in.get(0), in.get(1), in.size() > 2 ? in.get(2) : null).relu();

  private static Tensor random(DType dtype, long seed, long... shape) {
    return Tensor.rand(new Generator(seed), shape).sub(0.5).to(dtype);
  }

  /** The output, and the gradients of the inputs. */
  private static float[][] run(
      Function<List<Tensor>, Tensor> function, List<Tensor> inputs, Tensor gradient) {
    List<Tensor> leaves = inputs.stream().map(x -> x.detach().requiresGrad_()).toList();
    Tensor output = function.apply(leaves);
    List<float[]> all = new ArrayList<>(List.of(output.toFloatArray()));
    Autograd.grad(List.of(output), leaves, List.of(gradient), false, false, false)
        .forEach(found -> all.add(found.toFloatArray()));
    return all.toArray(new float[0][]);
  }

  /** In Java and, from 2^15 outputs on, in oneDNN; 700 rows are more than two of its parts. */
  @ParameterizedTest
  @CsvSource({
    "3, 5, 7",
    "0, 5, 7",
    "1, 1, 1",
    "64, 31, 300",
    "128, 31, 300",
    "700, 20, 512",
    "5003, 8, 10"
  })
  void theSameBitsAsOneAfterTheOther(long rows, long in, long out) {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.FLOAT16}) {
      try (Scope scope = Scope.open()) {
        Tensor x = random(dtype, 1, rows, in);
        Tensor weight = random(dtype, 2, out, in);
        Tensor bias = random(dtype, 3, out);
        Tensor gradient = random(dtype, 4, rows, out);
        for (List<Tensor> inputs : List.of(List.of(x, weight, bias), List.of(x, weight))) {
          assertThat(run(PAIR, inputs, gradient))
              .as(dtype.toString())
              .isDeepEqualTo(run(ONE_BY_ONE, inputs, gradient));
        }
      }
    }
  }

  @Test
  void anyLeadingDimensionsAndOrdersInMemory() {
    try (Scope scope = Scope.open()) {
      Tensor weight = random(DType.BFLOAT16, 2, 48, 6);
      Tensor bias = random(DType.BFLOAT16, 3, 48);
      Tensor line = random(DType.BFLOAT16, 1, 6);
      Tensor lineGradient = random(DType.BFLOAT16, 4, 48);
      List<Tensor> ofLine = List.of(line, weight, bias);
      assertThat(run(PAIR, ofLine, lineGradient))
          .isDeepEqualTo(run(ONE_BY_ONE, ofLine, lineGradient));
      Tensor x = random(DType.BFLOAT16, 1, 70, 6, 9).transpose(1, 2);
      List<Tensor> inputs = List.of(x, weight, bias);
      Tensor dense = random(DType.BFLOAT16, 4, 70, 9, 48);
      Tensor other = random(DType.BFLOAT16, 5, 48, 9, 70).permute(2, 1, 0);
      Tensor number = random(DType.BFLOAT16, 6, 1, 1, 1).expand(70, 9, 48);
      for (Tensor gradient : List.of(dense, other, number)) {
        assertThat(run(PAIR, inputs, gradient)).isDeepEqualTo(run(ONE_BY_ONE, inputs, gradient));
      }
    }
  }

  @Test
  void onlyTheGradientsThatAreWanted() {
    try (Scope scope = Scope.open()) {
      Tensor gradient = random(DType.FLOAT32, 4, 600, 64);
      for (int wanted = 1; wanted < 8; wanted++) {
        List<float[][]> found = new ArrayList<>();
        for (Function<List<Tensor>, Tensor> function : List.of(PAIR, ONE_BY_ONE)) {
          List<Tensor> inputs =
              List.of(
                  random(DType.FLOAT32, 1, 600, 20).requiresGrad_((wanted & 1) != 0),
                  random(DType.FLOAT32, 2, 64, 20).requiresGrad_((wanted & 2) != 0),
                  random(DType.FLOAT32, 3, 64).requiresGrad_((wanted & 4) != 0));
          function.apply(inputs).backward(gradient);
          found.add(
              inputs.stream()
                  .map(x -> x.grad() == null ? new float[0] : x.grad().toFloatArray())
                  .toArray(float[][]::new));
        }
        assertThat(found.get(0)).isDeepEqualTo(found.get(1));
      }
    }
  }

  /** NaN stays and lets the gradient pass; an infinite gradient is stopped by a choice. */
  @ParameterizedTest
  @CsvSource({"2", "600", "4200"})
  void notANumberAndInfinity(int rows) {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.BFLOAT16}) {
      try (Scope scope = Scope.open()) {
        Tensor x = random(dtype, 1, rows, 40);
        x.select(0, 1).select(0, 3).fill_(Double.NaN);
        Tensor weight = random(dtype, 2, 64, 40);
        Tensor bias = random(dtype, 3, 64);
        bias.select(0, 5).fill_(Double.NEGATIVE_INFINITY);
        bias.select(0, 6).fill_(Double.POSITIVE_INFINITY);
        Tensor gradient = random(dtype, 4, rows, 64);
        gradient.select(0, 0).fill_(Double.POSITIVE_INFINITY);
        List<Tensor> inputs = List.of(x, weight, bias);
        float[][] found = run(PAIR, inputs, gradient);
        float[][] expected = run(ONE_BY_ONE, inputs, gradient);
        for (int i = 0; i < expected.length; i++) {
          assertThat(found[i]).as("%s, %d", dtype, i).containsExactly(expected[i]);
        }
        assertThat(found[0][64]).isNaN();
        assertThat(found[0][5]).isZero();
        assertThat(found[0][6]).isInfinite();
      }
    }
  }

  @Test
  void gradientsAndTheirGradients() {
    try (Scope scope = Scope.open()) {
      Tensor x = random(DType.FLOAT64, 1, 4, 3);
      Tensor weight = random(DType.FLOAT64, 2, 5, 3);
      Tensor bias = random(DType.FLOAT64, 3, 5);
      // The kink is not near.
      assertThat(F.linear(x, weight, bias).abs().amin().item()).isGreaterThan(1e-3);
      List<Tensor> inputs = List.of(x, weight, bias);
      inputs.forEach(Tensor::requiresGrad_);
      Function<List<Tensor>, List<Tensor>> pair = in -> List.of(PAIR.apply(in));
      assertThat(GradCheck.gradcheck(pair, inputs)).isTrue();
      assertThat(GradCheck.gradgradcheck(pair, inputs)).isTrue();
      Tensor gradient = random(DType.FLOAT64, 4, 4, 5).requiresGrad_();
      Tensor y = PAIR.apply(inputs).detach();
      Function<List<Tensor>, List<Tensor>> backward =
          in -> List.of(Dispatch.runAll(new LinearReluBackward(), in.get(0), y));
      assertThat(GradCheck.gradcheck(backward, List.of(gradient))).isTrue();
      assertThat(GradCheck.gradgradcheck(backward, List.of(gradient))).isTrue();
    }
  }

  @Test
  void wrongShapesAreRefusedAsByTheLayer() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.ones(2, 3);
      Tensor weight = Tensor.ones(5, 4);
      assertThatThrownBy(() -> PAIR.apply(List.of(x, weight)))
          .isInstanceOf(ShapeException.class)
          .hasMessage(
              "linear: input [2, 3] and weight [5, 4] do not fit; expected (..., in) and (out, in)");
      assertThatThrownBy(() -> Dispatch.run(new LinearReluBackward(), x, weight))
          .isInstanceOf(ShapeException.class)
          .hasMessageContaining("gradient [2, 3] and output [5, 4] do not fit");
    }
  }

  /** What a network gives, and what its parameters learn, with its parts called one by one. */
  @Test
  void aNetworkGivesWhatItsLayersGive() {
    Module[] layers = {
      new Linear(12, 40),
      new ReLU(),
      new Linear(40, 24, false, new Generator(1)),
      new ReLU(),
      new ReLU(),
      new Linear(24, 3)
    };
    try (Scope scope = Scope.open();
        Sequential network = new Sequential(layers)) {
      Tensor x = random(DType.FLOAT32, 1, 900, 12);
      for (boolean cast : new boolean[] {false, true}) {
        float[][] whole = learned(network, network::forward, x, cast);
        float[][] parts =
            learned(
                network,
                input -> {
                  Tensor output = input;
                  for (Module layer : layers) {
                    output = layer.forward(output);
                  }
                  return output;
                },
                x,
                cast);
        assertThat(whole).isDeepEqualTo(parts);
      }
      assertThat(network.namedModules()).hasSize(7);
      try (var off = Autograd.noGrad()) {
        assertThat(network.forward(x).requiresGrad()).isFalse();
      }
    }
  }

  private static float[][] learned(
      Module network, Function<Tensor, Tensor> forward, Tensor x, boolean cast) {
    network.zeroGrad();
    Tensor output;
    try (Autocast region = cast ? Autocast.enable(DType.BFLOAT16) : null) {
      output = forward.apply(x);
    }
    output.mul(output).sum().backward();
    List<float[]> all = new ArrayList<>(List.of(output.toFloatArray()));
    network.parameters().forEach(parameter -> all.add(parameter.grad().toFloatArray()));
    return all.toArray(new float[0][]);
  }

  /** The rows' sums are of what the mask lets pass. */
  @Test
  void theBiasesGradientIsTheSumOfTheMasked() {
    try (Scope scope = Scope.open()) {
      Tensor g = random(DType.BFLOAT16, 1, 1031, 70);
      Tensor y = random(DType.BFLOAT16, 2, 1031, 70).relu();
      Tensor[] both = Dispatch.runAll(new LinearReluBackward(), g, y);
      Tensor masked = Dispatch.run(new ReluBackward(), g, y);
      assertThat(both[0].toFloatArray()).isEqualTo(masked.toFloatArray());
      assertThat(both[1].toFloatArray()).isEqualTo(masked.sum(0).toFloatArray());
    }
  }
}
