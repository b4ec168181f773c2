package io.kindling.amp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindling.KindlingException;
import io.kindling.io.safetensors.Safetensors;
import io.kindling.io.safetensors.SafetensorsFile;
import io.kindling.memory.Scope;
import io.kindling.optim.Optimizer;
import io.kindling.optim.SGD;
import io.kindling.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradScalerTest {
  private static GradScaler scaler(String name) {
    return switch (name) {
      case "default" -> new GradScaler();
      case "quick" ->
          new GradScaler().initScale(8).growthFactor(3).backoffFactor(0.3).growthInterval(2);
      case "largest" -> new GradScaler().initScale(Math.pow(2, 127)).growthInterval(1);
      default -> new GradScaler(false);
    };
  }

  /** The ways of amp_golden.py. */
  @ParameterizedTest
  @ValueSource(strings = {"default", "quick", "largest", "off"})
  void scalesAndStepsArePyTorchs(String name) throws IOException {
    try (InputStream in = GradScalerTest.class.getResourceAsStream("/amp/scaler.safetensors");
        SafetensorsFile golden = Safetensors.read(in.readAllBytes(), "scaler");
        Scope scope = Scope.open()) {
      Tensor parameter = golden.get(name + ".start").clone().requiresGrad_();
      Optimizer optimizer = new SGD(List.of(parameter), 0.1);
      GradScaler scaler = scaler(name);
      for (int step = 0; step < 12; step++) {
        parameter.setGrad(scaler.scale(golden.get(name + ".gradient." + step)).clone());
        if (step % 3 == 0) {
          scaler.unscale_(optimizer);
        }
        scaler.step(optimizer);
        scaler.update();
        assertThat(scaler.getScale())
            .as("scale after step %s", step)
            .isEqualTo(golden.get(name + ".scale." + step).item());
        assertThat(parameter.toFloatArray())
            .as("step %s", step)
            .containsExactly(golden.get(name + ".parameter." + step).toFloatArray(), within(1e-6f));
        if (step == 6) {
          GradScaler resumed = new GradScaler(scaler.isEnabled());
          resumed.loadStateDict(scaler.stateDict());
          scaler = resumed;
        }
      }
    }
  }

  @Test
  void oneOptimizersOverflowLowersTheScaleOfAll() {
    try (Scope scope = Scope.open()) {
      Tensor good = Tensor.ones(1).requiresGrad_();
      Tensor bad = Tensor.ones(1).requiresGrad_();
      Optimizer first = new SGD(List.of(good), 1);
      Optimizer second = new SGD(List.of(bad), 1);
      GradScaler scaler = new GradScaler().initScale(4);
      good.setGrad(Tensor.full(new long[] {1}, 2.0));
      bad.setGrad(Tensor.full(new long[] {1}, Double.NaN));
      assertThat(scaler.step(first)).isTrue();
      assertThat(scaler.step(second)).isFalse();
      scaler.update();
      assertThat(good.item()).isEqualTo(0.5);
      assertThat(bad.item()).isEqualTo(1);
      assertThat(scaler.getScale()).isEqualTo(2);
      scaler.update(16);
      assertThat(scaler.getScale()).isEqualTo(16);
    }
  }

  @Test
  void theOrderOfCallsIsChecked() {
    try (Scope scope = Scope.open()) {
      Tensor w = Tensor.ones(1).requiresGrad_();
      Optimizer optimizer = new SGD(List.of(w), 1);
      GradScaler scaler = new GradScaler().initScale(4);
      assertThatThrownBy(scaler::update).hasMessageContaining("step(optimizer) first");
      assertThatThrownBy(() -> scaler.step(optimizer)).hasMessageContaining("scale(loss)");
      scaler.update(4);
      scaler.scale(w.mul(3)).backward();
      assertThat(w.grad().item()).isEqualTo(12);
      scaler.unscale_(optimizer);
      assertThat(w.grad().item()).isEqualTo(3);
      assertThatThrownBy(() -> scaler.unscale_(optimizer)).hasMessageContaining("before");
      scaler.step(optimizer);
      assertThat(w.item()).isEqualTo(-2);
      assertThatThrownBy(() -> scaler.step(optimizer)).hasMessageContaining("update()");
      assertThatThrownBy(() -> scaler.unscale_(optimizer)).hasMessageContaining("after step()");
      scaler.update();
      scaler.step(optimizer);
    }
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new GradScaler().initScale(0)).isInstanceOf(KindlingException.class);
    assertThatThrownBy(() -> new GradScaler().growthFactor(1)).hasMessageContaining("growthFactor");
    assertThatThrownBy(() -> new GradScaler().backoffFactor(1)).hasMessageContaining("backoff");
    assertThatThrownBy(() -> new GradScaler().growthInterval(0)).hasMessageContaining("Interval");
    try (Scope scope = Scope.open()) {
      Map<String, Tensor> other = Map.of("scale", Tensor.ones(1));
      assertThatThrownBy(() -> new GradScaler().loadStateDict(other))
          .hasMessageContaining("growthFactor");
    }
  }
}
