package io.kindling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.DeviceException;
import io.kindling.memory.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
  @Test
  void namesArePyTorchs() {
    for (String name : List.of("cpu", "cuda:0", "cuda:3")) {
      assertThat(Device.parse(name)).hasToString(name);
    }
    assertThat(Device.parse("cuda")).isEqualTo(Device.cuda(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu", "cuda:", "cuda:-1", "CPU", "cuda:99999", ""})
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> Device.parse(name))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("'" + name + "' names no device");
  }

  @Test
  void aTensorThatIsThereStays() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2});
      assertThat(x.cpu()).isSameAs(x);
      assertThat(x.to(Device.CPU)).isSameAs(x);
    }
  }

  @Test
  void aDeviceThatIsNotThereIsNamed() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new float[] {1, 2});
      assertThatThrownBy(x::cuda)
          .isInstanceOf(DeviceException.class)
          .hasMessageContainingAll("cpu", "cuda:0");
      assertThatThrownBy(() -> x.cuda(7)).hasMessageContainingAll("cpu", "cuda:7");
      assertThatThrownBy(() -> Tensor.zeros(Shape.of(2), DType.FLOAT32, Device.cuda(0)))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("cuda:0");
    }
  }
}
