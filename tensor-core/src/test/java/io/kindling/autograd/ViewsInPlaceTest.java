package io.kindling.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.memory.Scope;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Writes through views, and to tensors that have views: all of them are differentiated. */
class ViewsInPlaceTest {
  private static final double[] SIX = {0.5, -1.5, 2, 0.3, 1.1, -0.2};

  private static Tensor matrix() {
    return Tensor.of(SIX, 2, 3).requiresGrad_();
  }

  @Test
  void aWriteThroughAViewIsPartOfTheBasesHistory() {
    try (Scope scope = Scope.open()) {
      Tensor w = Tensor.of(new double[] {3, 4, 5}).requiresGrad_();
      Function<List<Tensor>, List<Tensor>> function =
          in -> {
            Tensor y = in.get(0).mul(2);
            y.select(0, 1).mul_(in.get(1));
            return List.of(y.mul(y));
          };
      GradCheck.gradcheck(function, List.of(matrix(), w));
      GradCheck.gradgradcheck(function, List.of(matrix(), w));
    }
  }

  @Test
  void aWriteThroughAViewOfAViewOfATransposedTensor() {
    try (Scope scope = Scope.open()) {
      Function<List<Tensor>, List<Tensor>> function =
          in -> {
            Tensor y = in.get(0).mul(3);
            Tensor corner = y.transpose(0, 1).narrow(0, 1, 2).select(1, 0);
            corner.mul_(in.get(0).select(0, 0).narrow(0, 0, 2));
            corner.add_(1);
            return List.of(y.tanh().mul(y));
          };
      GradCheck.gradcheck(function, List.of(matrix()));
      GradCheck.gradgradcheck(function, List.of(matrix()));
    }
  }

  @Test
  void aViewSeesAWriteToItsBase() {
    try (Scope scope = Scope.open()) {
      Function<List<Tensor>, List<Tensor>> function =
          in -> {
            Tensor y = in.get(0).mul(2);
            Tensor row = y.select(0, 0);
            y.mul_(in.get(0));
            return List.of(row.mul(row));
          };
      GradCheck.gradcheck(function, List.of(matrix()));
      GradCheck.gradgradcheck(function, List.of(matrix()));
    }
  }

  @Test
  void aViewSeesAWriteThroughAnotherView() {
    try (Scope scope = Scope.open()) {
      GradCheck.gradcheck(
          in -> {
            Tensor y = in.get(0).mul(2);
            Tensor row = y.select(0, 0);
            Tensor column = y.select(1, 0);
            column.mul_(in.get(0).select(1, 1));
            return List.of(row.mul(3).sum().add(column.mul(column).sum()));
          },
          List.of(matrix()));
    }
  }

  @Test
  void aBufferWithoutAGradientTakesPartOnceAVariableIsWrittenIntoIt() {
    try (Scope scope = Scope.open()) {
      Tensor x = Tensor.of(new double[] {1, 2, 3}).requiresGrad_();
      Tensor buffer = Tensor.of(new double[6]).view(2, 3);
      buffer.select(0, 1).copy_(x);
      assertThat(buffer.requiresGrad()).isTrue();
      buffer.mul(buffer).sum().backward();
      assertThat(x.grad().toDoubleArray()).containsExactly(2, 4, 6);
    }
  }

  @Test
  void whatPyTorchRefusesIsRefused() {
    try (Scope scope = Scope.open()) {
      Tensor leaf = matrix();
      assertThatThrownBy(() -> leaf.select(0, 0).add_(1))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("leaf");
      Tensor y = leaf.mul(2);
      Tensor view;
      try (var off = Autograd.noGrad()) {
        view = y.select(0, 0);
      }
      assertThatThrownBy(() -> view.add_(leaf.select(0, 0)))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("noGrad");
    }
  }
}
