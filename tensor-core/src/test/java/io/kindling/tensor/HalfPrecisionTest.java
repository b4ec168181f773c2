package io.kindling.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
  @Test
  void everyFloat16SurvivesTheWayThroughFloat() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = HalfPrecision.float16ToFloat((short) bits);
      short back = HalfPrecision.floatToFloat16(value);
      if (Float.isNaN(value)) {
        assertThat(Float.isNaN(HalfPrecision.float16ToFloat(back))).isTrue();
      } else {
        assertThat(back).isEqualTo((short) bits);
      }
    }
  }

  /** Between neighbours the nearer one is chosen, and the even one in the middle. */
  @Test
  void float16RoundsToNearestEven() {
    for (int bits = 0; bits < 0x7bff; bits++) {
      float low = HalfPrecision.float16ToFloat((short) bits);
      float high = HalfPrecision.float16ToFloat((short) (bits + 1));
      float middle = (low + high) / 2;
      int even = bits % 2 == 0 ? bits : bits + 1;
      assertThat(HalfPrecision.floatToFloat16(middle)).isEqualTo((short) even);
      assertThat(HalfPrecision.floatToFloat16(Math.nextDown(middle))).isEqualTo((short) bits);
      assertThat(HalfPrecision.floatToFloat16(Math.nextUp(middle))).isEqualTo((short) (bits + 1));
    }
    assertThat(HalfPrecision.floatToFloat16(65519.996f)).isEqualTo((short) 0x7bff);
    assertThat(HalfPrecision.floatToFloat16(65520f)).isEqualTo((short) 0x7c00);
    assertThat(HalfPrecision.floatToFloat16(-0f)).isEqualTo((short) 0x8000);
  }

  @Test
  void bfloat16RoundsToNearestEven() {
    for (int bits = 0; bits < 0x7f7f; bits++) {
      float low = HalfPrecision.bfloat16ToFloat((short) bits);
      assertThat(HalfPrecision.floatToBfloat16(low)).isEqualTo((short) bits);
      float middle = Float.intBitsToFloat((bits << 16) + 0x8000);
      int even = bits % 2 == 0 ? bits : bits + 1;
      assertThat(HalfPrecision.floatToBfloat16(middle)).isEqualTo((short) even);
    }
    assertThat(Float.isNaN(HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(Float.NaN))))
        .isTrue();
  }
}
