package io.kindling.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindling.memory.Scope;
import io.kindling.op.elementwise.ReluBackward;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The numbers at which loops over bits go wrong. */
class ReluTest {
  private static final float NEGATIVE_NAN = Float.intBitsToFloat(0xffc00001);
  private static final float[] ODD = {
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    NEGATIVE_NAN
  };

  @Test
  void keepsWhatIsAboveZeroAndNaN() {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16}) {
      try (Scope scope = Scope.open()) {
        Tensor x = Tensor.of(ODD).to(dtype);
        double[] in = x.toDoubleArray();
        double[] out = x.relu().toDoubleArray();
        double[] gradient =
            Dispatch.run(new ReluBackward(), Tensor.onesLike(x).mul(3), x).toDoubleArray();
        for (int i = 0; i < in.length; i++) {
          assertThat(Double.valueOf(out[i])).isEqualTo(Double.valueOf(in[i] <= 0 ? 0 : in[i] + 0));
          assertThat(gradient[i]).as("gradient at %s", in[i]).isEqualTo(in[i] <= 0 ? 0 : 3);
        }
      }
    }
  }
}
