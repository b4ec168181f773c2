package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_clip;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_exp;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_forward_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_gelu_erf;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_gelu_tanh;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_logistic;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_tanh;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;

import io.kindling.op.elementwise.Clamp;
import io.kindling.op.elementwise.Exp;
import io.kindling.op.elementwise.Gelu;
import io.kindling.op.elementwise.Relu;
import io.kindling.op.elementwise.Sigmoid;
import io.kindling.op.elementwise.Tanh;
import io.kindling.op.elementwise.UnaryOp;
import io.kindling.tensor.DType;
import io.kindling.tensor.Tensor;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_desc;

/**
 * The functions that Java computes a number at a time. Nanoseconds an element of 2^20, one thread
 * of a Zen 5 core, Java and oneDNN: exp 12.0 and 0.28 (the search for NaN included), tanh 32 and
 * 0.21, sigmoid 4.0 and 0.20, gelu 48 and 0.25; a call costs as much as 100 elements in Java.
 * Errors are at most 5.7, 1.3 and 5.7 units in the last place, over all of float32, those of gelu
 * 4e-7 of its argument; results below 2e-38 may become 0. Of infinity its gelu makes NaN.
 *
 * <p>Elements of bfloat16 are calculated in float32 and take as long. Of relu, 2^21 elements in
 * cache take 0.08 ns each, and 0.035 to see that none is NaN, of which oneDNN makes 0; Java takes
 * 0.06 with bfloat16, which is left to it. A clamp takes as long as relu and a third of Java's; of
 * -0 and a bound of 0 either may be the result. oneDNN's log is not here: it is off by 10^6 units
 * in the last place near 1.
 */
final class OneDnnUnary<O extends UnaryOp> implements OneDnnKernel<O> {
  /** Below this many elements Java is as fast. */
  static final int FEWEST = 128;

  /** Within the caches Java is as fast, since it need not search for NaN. */
  static final int FEWEST_OF_RELU = 1 << 18;

  /** The same of a clamp. */
  static final int FEWEST_OF_CLAMP = 1 << 13;

  private static final float[] NO_BOUNDS = {0, 0};

  /** What oneDNN does not keep, so that calls with such numbers are left to Java. */
  private enum Loses {
    NOTHING,
    NAN,
    INFINITY
  }

  private final Class<O> op;
  private final ToIntFunction<O> algorithm;

  /** What else the algorithm takes: two numbers. */
  private final Function<O, float[]> bounds;

  private final int fewest;
  private final Loses loses;

  /** Nanoseconds of one thread. */
  private final double element;

  private OneDnnUnary(Class<O> op, int algorithm, int fewest, Loses loses, double element) {
    this(op, any -> algorithm, any -> NO_BOUNDS, fewest, loses, element);
  }

  private OneDnnUnary(
      Class<O> op,
      ToIntFunction<O> algorithm,
      Function<O, float[]> bounds,
      int fewest,
      Loses loses,
      double element) {
    this.op = op;
    this.algorithm = algorithm;
    this.bounds = bounds;
    this.fewest = fewest;
    this.loses = loses;
    this.element = element;
  }

  static OneDnnUnary<Exp> exp() {
    return new OneDnnUnary<>(Exp.class, dnnl_eltwise_exp, FEWEST, Loses.NAN, 0.25);
  }

  static OneDnnUnary<Relu> relu() {
    return new OneDnnUnary<>(Relu.class, dnnl_eltwise_relu, FEWEST_OF_RELU, Loses.NAN, 0.08);
  }

  static OneDnnUnary<Tanh> tanh() {
    return new OneDnnUnary<>(Tanh.class, dnnl_eltwise_tanh, FEWEST, Loses.NOTHING, 0.21);
  }

  static OneDnnUnary<Sigmoid> sigmoid() {
    return new OneDnnUnary<>(Sigmoid.class, dnnl_eltwise_logistic, FEWEST, Loses.NOTHING, 0.2);
  }

  static OneDnnUnary<Gelu> gelu() {
    return new OneDnnUnary<>(
        Gelu.class, OneDnnUnary::algorithm, any -> NO_BOUNDS, FEWEST, Loses.INFINITY, 0.3);
  }

  static OneDnnUnary<Clamp> clamp() {
    return new OneDnnUnary<>(
        Clamp.class,
        any -> dnnl_eltwise_clip,
        op -> new float[] {(float) op.low(), (float) op.high()},
        FEWEST_OF_CLAMP,
        Loses.NAN,
        0.1);
  }

  static int algorithm(Gelu op) {
    return op.tanh() ? dnnl_eltwise_gelu_tanh : dnnl_eltwise_gelu_erf;
  }

  @Override
  public Class<O> op() {
    return op;
  }

  @Override
  public boolean supports(O op, Tensor[] inputs, Tensor[] outputs) {
    boolean packed = op.hasPacked() && outputs[0].dtype() == DType.BFLOAT16;
    return outputs[0].numel() >= fewest && !packed && Operand.areLines(outputs[0], inputs);
  }

  @Override
  public Prepared.Call prepare(O op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    float[] bound = bounds.apply(op);
    if (!(bound[0] <= bound[1])) {
      return null; // oneDNN's clamp wants them in order, and numbers
    }
    // Order does not matter, so any dense tensor is one line.
    DType dtype = outputs[0].dtype();
    dnnl_memory_desc line =
        preparation.memory(dtype, new long[] {outputs[0].numel()}, new long[] {1});
    dnnl_primitive_desc operation =
        preparation.operation(
            "eltwise",
            element * outputs[0].numel(),
            created ->
                dnnl_eltwise_forward_primitive_desc_create(
                    created,
                    OneDnn.engine(),
                    dnnl_forward_inference,
                    algorithm.applyAsInt(op),
                    line,
                    line,
                    bound[0],
                    bound[1],
                    OneDnn.attributes()));
    if (operation == null) {
      return null;
    }
    Primitive primitive = preparation.primitive(operation, DNNL_ARG_SRC, DNNL_ARG_DST);
    if (loses == Loses.NOTHING) {
      return (in, out) -> primitive.execute(in[0].address(), out[0].address());
    }
    NotANumber nan = NotANumber.in(dtype, outputs[0].numel(), preparation);
    return (in, out) -> {
      long address = in[0].address();
      if (loses == Loses.NAN ? nan.isIn(address) : !nan.isFinite(address)) {
        op.reference(in, out);
      } else {
        primitive.execute(address, out[0].address());
      }
    };
  }
}
