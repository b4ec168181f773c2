package io.kindling.spark.comm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.distributed.DistributedException;
import io.kindling.distributed.ReduceOp;
import io.kindling.tensor.DType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class FrameTest {
  private static final int LENGTH_OFFSET = Frame.HEADER_BYTES - 8;

  private static final Frame FRAME =
      new Frame(
          Frame.Kind.DATA,
          new Call(Call.Kind.BROADCAST, DType.FLOAT64, ReduceOp.MAX, 3, 1L << 40, 0xcafe),
          1L << 33,
          5,
          70_000,
          6);

  @Test
  void everyFieldSurvives() {
    assertThat(Frame.decode(encoded())).isEqualTo(FRAME);
    assertThat(FRAME.checksumMatches(encoded())).isTrue();
  }

  @Test
  void everyFlippedBitIsNoticed() {
    int bits = 8 * (Frame.HEADER_BYTES + FRAME.length());
    for (int bit = 0; bit < bits; bit++) {
      ByteBuf damaged = encoded();
      damaged.setByte(bit / 8, damaged.getByte(bit / 8) ^ (1 << bit % 8));
      assertThat(FRAME.checksumMatches(damaged)).as("bit %d", bit).isFalse();
    }
  }

  @Test
  void fieldsOutOfRangeAreRefused() {
    for (int field = 0; field < 4; field++) {
      ByteBuf damaged = encoded().setByte(field, 100);
      assertMalformed(damaged);
      assertMalformed(damaged.setByte(field, -1));
    }
    assertMalformed(encoded().setInt(LENGTH_OFFSET, Frame.MAX_PAYLOAD_BYTES + 1));
    assertMalformed(encoded().setInt(LENGTH_OFFSET, -1));
  }

  private static void assertMalformed(ByteBuf source) {
    assertThatThrownBy(() -> Frame.decode(source))
        .isInstanceOf(DistributedException.class)
        .hasMessageContaining("malformed frame");
  }

  private static ByteBuf encoded() {
    ByteBuf payload = Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4, 5, 6});
    ByteBuf target = Unpooled.buffer();
    FRAME.encode(target, payload);
    return target.writeBytes(payload);
  }
}
