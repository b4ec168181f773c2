package io.kindling.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.ShapeException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayoutTest {
  /** Positions of all elements in row-major order, computed the slow way. */
  private static long[] positions(Layout layout) {
    int count = (int) layout.shape().numel();
    long[] positions = new long[count];
    for (int i = 0; i < count; i++) {
      long rest = i;
      long position = layout.offset();
      for (int dim = layout.rank() - 1; dim >= 0; dim--) {
        position += (rest % layout.size(dim)) * layout.stride(dim);
        rest /= layout.size(dim);
      }
      positions[i] = position;
    }
    return positions;
  }

  private static Layout randomLayout(Random random) {
    long[] sizes = new long[1 + random.nextInt(4)];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = 1 + random.nextInt(4);
    }
    Layout layout = Layout.contiguous(Shape.of(sizes));
    for (int step = 0; step < 3; step++) {
      int dim = random.nextInt(layout.rank());
      layout =
          switch (random.nextInt(5)) {
            case 0 -> layout.transpose(dim, random.nextInt(layout.rank()));
            case 1 -> layout.slice(dim, layout.size(dim) / 2, layout.size(dim), 1);
            case 2 -> layout.slice(dim, 0, layout.size(dim), 2);
            case 3 -> layout.unsqueeze(dim);
            default -> layout;
          };
    }
    return layout;
  }

  @Test
  void aViewShowsTheSameElementsInTheSameOrder() {
    Random random = new Random(7);
    int views = 0;
    for (int i = 0; i < 20_000; i++) {
      Layout layout = randomLayout(random);
      long count = layout.shape().numel();
      long first = 1 + random.nextInt((int) Math.max(count, 1));
      Shape to = count % first == 0 ? Shape.of(first, count / first) : Shape.of(count);
      Layout view = layout.view(to);
      if (view != null) {
        views++;
        assertThat(positions(view)).as("%s as %s", layout, to).isEqualTo(positions(layout));
      } else {
        assertThat(layout.isContiguous()).isFalse();
      }
    }
    assertThat(views).isGreaterThan(5000);
  }

  @Test
  void aViewIsFoundWhereverStridesAllowIt() {
    // (4, 6) transposed twice over parts: rows of 6 out of 8, seen as (2, 2, 3, 2).
    Layout rows = Layout.contiguous(Shape.of(4, 8)).slice(1, 0, 6, 1);
    assertThat(rows.view(Shape.of(2, 2, 3, 2))).isNotNull();
    assertThat(rows.view(Shape.of(24))).isNull();
    assertThat(Layout.contiguous(Shape.of(2, 3)).transpose(0, 1).view(Shape.of(6))).isNull();
    assertThat(Layout.contiguous(Shape.of(2, 3)).transpose(0, 1).view(Shape.of(3, 1, 2)))
        .isNotNull();
  }

  @Test
  void channelsLastIsADenseOrderOfTheSameShape() {
    Layout layout = Layout.of(Shape.of(2, 3, 4, 5), MemoryFormat.CHANNELS_LAST);
    assertThat(layout.strides()).containsExactly(60, 1, 15, 3);
    assertThat(layout.isDense()).isTrue();
    assertThat(layout.isContiguous()).isFalse();
    assertThat(layout.format()).isEqualTo(MemoryFormat.CHANNELS_LAST);
    assertThat(layout.denseLike(Shape.of(7, 8, 2, 2)).format())
        .isEqualTo(MemoryFormat.CHANNELS_LAST);
    assertThat(Layout.contiguous(Shape.of(2, 3, 4, 5)).format()).isEqualTo(MemoryFormat.CONTIGUOUS);
  }

  @Test
  void errorsNameShapeAndLimit() {
    Layout layout = Layout.contiguous(Shape.of(2, 3));
    assertThatThrownBy(() -> layout.select(1, 3))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("3")
        .hasMessageContaining("[2, 3]");
    assertThatThrownBy(() -> layout.size(2)).hasMessageContaining("-2 to 1");
    assertThatThrownBy(() -> layout.expand(4, 3)).hasMessageContaining("neither 1 nor 4");
    assertThatThrownBy(() -> layout.view(Shape.of(7))).hasMessageContaining("6");
    assertThatThrownBy(() -> Shape.of(1L << 40, 1L << 40)).isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> Shape.of(-1)).isInstanceOf(ShapeException.class);
  }

  @Test
  void stridesOutsideOfAnyMemoryAreRefused() {
    Shape shape = Shape.of(2, 3);
    assertThatThrownBy(() -> Layout.strided(shape, new long[] {3, -1}, 2))
        .isInstanceOf(ShapeException.class)
        .hasMessageContaining("negative");
    assertThatThrownBy(() -> Layout.strided(shape, new long[] {3, 1}, -1))
        .isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> Layout.strided(shape, new long[] {Long.MAX_VALUE, 1}, 0))
        .isInstanceOf(ShapeException.class);
    assertThatThrownBy(() -> Layout.strided(shape, new long[] {1}, 0))
        .isInstanceOf(ShapeException.class);
  }

  @Test
  void overlapIsSeen() {
    Layout dense = Layout.contiguous(Shape.of(2, 3, 4));
    assertThat(dense.mayOverlap()).isFalse();
    assertThat(dense.permute(2, 0, 1).slice(0, 1, 4, 2).mayOverlap()).isFalse();
    assertThat(Layout.contiguous(Shape.of(2, 1)).expand(2, 3).mayOverlap()).isTrue();
    assertThat(Layout.contiguous(Shape.of(2, 1)).slice(0, 0, 0, 1).expand(0, 3).mayOverlap())
        .isFalse();
    assertThat(Layout.strided(Shape.of(3, 3), new long[] {1, 1}, 0).mayOverlap()).isTrue();
    assertThat(Layout.strided(Shape.of(3, 3), new long[] {2, 1}, 0).mayOverlap()).isTrue();
    assertThat(Layout.strided(Shape.of(1, 3), new long[] {0, 2}, 0).mayOverlap()).isFalse();
  }
}
