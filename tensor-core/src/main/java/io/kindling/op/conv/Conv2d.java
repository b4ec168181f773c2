package io.kindling.op.conv;

import io.kindling.DTypeException;
import io.kindling.ShapeException;
import io.kindling.backend.cpu.ConvLoop;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;

/**
 * Two-dimensional cross-correlation: inputs {@code x (N, C, H, W)}, {@code weight (O, C/groups, kH,
 * kW)} and, optionally, {@code bias (O)}, all of one floating type; output {@code (N, O, H', W')}
 * with {@code H' = (H + 2 padH - dilationH (kH - 1) - 1) / strideH + 1}, in x's memory format.
 */
public record Conv2d(
    int strideH, int strideW, int padH, int padW, int dilationH, int dilationW, int groups)
    implements Op {
  public Conv2d {
    if (strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1 || groups < 1) {
      throw new ShapeException(
          "conv2d: stride, dilation and groups must be positive, got ("
              + strideH
              + ", "
              + strideW
              + "), ("
              + dilationH
              + ", "
              + dilationW
              + ") and "
              + groups);
    }
    if (padH < 0 || padW < 0) {
      throw new ShapeException(
          "conv2d: padding must not be negative, got (" + padH + ", " + padW + ")");
    }
  }

  @Override
  public CastPolicy castPolicy() {
    return CastPolicy.LOWER_PRECISION;
  }

  @Override
  public Spec[] infer(Tensor[] inputs) {
    Op.checkCount(name(), inputs, 2, 3);
    Shape weight = inputs[1].shape();
    Shape out = result(name(), inputs[0].shape(), weight);
    if (inputs.length > 2 && !inputs[2].shape().equals(Shape.of(weight.size(0)))) {
      throw new ShapeException(
          "conv2d: bias "
              + inputs[2].shape()
              + " does not fit weight "
              + weight
              + "; expected ["
              + weight.size(0)
              + "]");
    }
    checkTypes(name(), inputs);
    return Op.one(new Spec(Layout.of(out, inputs[0].layout().format()), inputs[0].dtype()));
  }

  /** The output's shape; fails if the two do not fit. */
  Shape result(String op, Shape x, Shape weight) {
    if (x.rank() != 4 || weight.rank() != 4) {
      throw new ShapeException(
          op
              + ": expected an input (N, C, H, W) and a weight (O, C/groups, kH, kW), got "
              + x
              + " and "
              + weight);
    }
    checkSizes(op, x);
    checkSizes(op, weight);
    if (x.size(1) != weight.size(1) * groups || weight.size(0) % groups != 0) {
      throw new ShapeException(
          op
              + ": input "
              + x
              + " and weight "
              + weight
              + " do not fit with groups "
              + groups
              + "; expected "
              + weight.size(1) * groups
              + " input channels, and output channels divisible by the groups");
    }
    return Shape.of(
        x.size(0),
        weight.size(0),
        outputSize(op, x.size(2), weight.size(2), padH, strideH, dilationH),
        outputSize(op, x.size(3), weight.size(3), padW, strideW, dilationW));
  }

  /** Fails unless a gradient has the shape of the output. */
  void checkGradient(String op, Shape gradient, Shape x, Shape weight) {
    Shape expected = result(op, x, weight);
    if (!gradient.equals(expected)) {
      throw new ShapeException(
          op
              + ": gradient "
              + gradient
              + " does not fit input "
              + x
              + " and weight "
              + weight
              + "; expected "
              + expected);
    }
  }

  /** Fails for sizes beyond what kernels count with. */
  private static void checkSizes(String op, Shape shape) {
    for (int dim = 0; dim < 4; dim++) {
      if (shape.size(dim) > Integer.MAX_VALUE) {
        throw new ShapeException(
            op + ": no size may exceed " + Integer.MAX_VALUE + ", got " + shape);
      }
    }
  }

  private static long outputSize(
      String op, long size, long kernel, int pad, int stride, int dilation) {
    if (size + 2L * pad > Integer.MAX_VALUE) {
      throw new ShapeException(
          op
              + ": a padded size must not exceed "
              + Integer.MAX_VALUE
              + ", got "
              + size
              + " with padding "
              + pad);
    }
    long extent = dilation * (kernel - 1) + 1;
    if (kernel < 1 || size + 2L * pad < extent) {
      throw new ShapeException(
          op
              + ": the kernel covers "
              + extent
              + " elements, more than the padded input's "
              + (size + 2L * pad));
    }
    return (size + 2L * pad - extent) / stride + 1;
  }

  static void checkTypes(String name, Tensor[] inputs) {
    for (Tensor input : inputs) {
      if (input.dtype() != inputs[0].dtype() || !input.dtype().isFloatingPoint()) {
        throw new DTypeException(
            name
                + ": the inputs must have one floating type, got "
                + inputs[0].dtype()
                + " and "
                + input.dtype()
                + "; convert with to()");
      }
    }
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    Tensor bias = inputs.length > 2 ? inputs[2] : null;
    ConvLoop.forward(this, inputs[0], inputs[1], bias, outputs[0]);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index < 2 && needed[1 - index];
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor g = gradients[0];
    Tensor x = null;
    Tensor weight = null;
    Tensor bias = null;
    if (context.needs(0)) {
      Layout input = context.inputSpec(0).layout();
      Op op = new Conv2dInputGrad(this, input.shape(), input.format());
      x = Dispatch.run(op, g, context.input(1));
    }
    if (context.needs(1)) {
      Op op = new Conv2dWeightGrad(this, context.inputSpec(1).shape(), context.needs(2));
      Tensor[] both = Dispatch.runAll(op, g, context.input(0));
      weight = both[0];
      bias = context.needs(2) ? both[1] : null;
    } else if (context.needs(2)) {
      bias = g.sum(0, 2, 3);
    }
    return new Tensor[] {x, weight, bias};
  }
}
