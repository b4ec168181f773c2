package io.kindling.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.AutogradException;
import io.kindling.ShapeException;
import io.kindling.distributed.FlatTensors.Piece;
import io.kindling.memory.Scope;
import io.kindling.tensor.MemoryFormat;
import io.kindling.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlatTensorsTest {
  @Test
  void tensorsBeginAtCacheLinesAndKeepTheirOrderInMemory() {
    try (Scope scope = Scope.open()) {
      Tensor image = Tensor.ones(2, 3, 4, 5).contiguous(MemoryFormat.CHANNELS_LAST);
      try (FlatTensors flat =
          new FlatTensors(List.of(Tensor.ones(3, 7), image, Tensor.ones(0), Tensor.ones(1)))) {
        assertThat(flat.whole().numel()).isEqualTo(32 + 128 + 16);
        for (Tensor part : flat.parts()) {
          assertThat(part.address() % 64).isZero();
        }
        assertThat(flat.parts().get(1).layout()).isEqualTo(image.layout());
        flat.parts().get(1).copy_(image);
        assertThat(flat.whole().sum().item()).isEqualTo(120);
      }
    }
  }

  @Test
  void everyElementIsInOnePieceOfOneSegment() {
    try (Scope scope = Scope.open();
        FlatTensors flat =
            new FlatTensors(List.of(Tensor.ones(3, 7), Tensor.ones(100), Tensor.ones(1)))) {
      for (int count = 1; count <= 200; count += 7) {
        flat.whole().zero_();
        for (int rank = 0; rank < count; rank++) {
          Segment segment = Segment.of(flat.whole().numel(), rank, count);
          long elements = 0;
          for (Piece piece : flat.pieces(segment)) {
            elements += piece.elements().numel();
            piece.elements().add_(1 + piece.part());
            piece.elements().close();
          }
          assertThat(elements).isLessThanOrEqualTo(segment.elements());
        }
        for (int part = 0; part < 3; part++) {
          assertThat(flat.parts().get(part).flatten().toFloatArray()).containsOnly(1 + part);
        }
        assertThat(flat.whole().sum().item()).as("the gaps").isEqualTo(21 + 200 + 3);
      }
    }
  }

  @Test
  void aPartHasItsOwnVersionAndOutlivesTheOthers() {
    try (Scope scope = Scope.open()) {
      Tensor second;
      try (FlatTensors flat = new FlatTensors(List.of(Tensor.ones(3), Tensor.ones(3)))) {
        second = flat.parts().get(1).alias();
        int version = second.storage().version();
        flat.parts().get(0).fill_(1);
        assertThat(second.storage().version()).isEqualTo(version);
        Piece piece = flat.pieces(new Segment(17, 18)).get(0);
        piece.elements().fill_(2);
        piece.elements().close();
        assertThat(second.storage().version()).isGreaterThan(version);
      }
      assertThat(second.toFloatArray()).containsExactly(0, 2, 0);
    }
  }

  @Test
  void aVariableThatMovesStaysTheSame() {
    try (Scope scope = Scope.open()) {
      Tensor leaf = Tensor.of(new float[] {1, 2}).requiresGrad_();
      Tensor alias = leaf.alias();
      Tensor before = leaf.mul(leaf).sum();
      Tensor memory = Tensor.of(new float[] {5, 7});
      leaf.relocate(memory);
      assertThat(leaf.toFloatArray()).containsExactly(5, 7);
      assertThat(alias.toFloatArray()).containsExactly(1, 2);
      before.backward();
      assertThat(leaf.grad().toFloatArray()).as("of saved values").containsExactly(2, 4);
      leaf.mul(leaf).sum().backward();
      assertThat(leaf.grad().toFloatArray()).containsExactly(2 + 10, 4 + 14);
      memory.close();
      assertThat(leaf.toFloatArray()).containsExactly(5, 7);

      assertThatThrownBy(() -> leaf.relocate(Tensor.ones(3)))
          .isInstanceOf(ShapeException.class)
          .hasMessageContainingAll("[3]", "[2]");
      assertThatThrownBy(() -> leaf.mul(2).relocate(Tensor.ones(2)))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("leaf");
      assertThatThrownBy(() -> Tensor.ones(4).narrow(0, 0, 2).relocate(Tensor.ones(2)))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("view");
    }
  }
}
