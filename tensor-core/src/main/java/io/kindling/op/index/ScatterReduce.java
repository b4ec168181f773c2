package io.kindling.op.index;

import io.kindling.AutogradException;
import io.kindling.autograd.Autograd;
import io.kindling.backend.cpu.IndexLoop;
import io.kindling.op.Dispatch;
import io.kindling.op.GradientContext;
import io.kindling.op.Op;
import io.kindling.op.Spec;
import io.kindling.tensor.Tensor;

/**
 * Combines a source with the elements that {@link Gather} would take: inputs {@code x}, an integer
 * {@code index} and {@code source} of x's type; for the sum and dimension 0, {@code
 * out[index[i][j]][j] += source[i][j]}.
 *
 * @param includeSelf whether x's own value counts where something comes
 */
public record ScatterReduce(int dim, ScatterReduction reduction, boolean includeSelf)
    implements Op {
  @Override
  public Spec[] infer(Tensor[] inputs) {
    Scatter.check(name(), dim, inputs);
    return Op.one(new Spec(inputs[0].layout().denseLike(inputs[0].shape()), inputs[0].dtype()));
  }

  @Override
  public void reference(Tensor[] inputs, Tensor[] outputs) {
    if (reduction == ScatterReduction.SUM && includeSelf) {
      IndexLoop.scatterAdd(inputs[0], dim, inputs[1], inputs[2], outputs[0]);
      return;
    }
    IndexLoop.scatter(
        inputs[0],
        dim,
        inputs[1],
        inputs[2],
        outputs[0],
        !includeSelf,
        reduction::combine,
        reduction::combine);
  }

  @Override
  public boolean savesInput(int index, boolean[] needed) {
    return index == 1 || reduction != ScatterReduction.SUM;
  }

  @Override
  public boolean savesOutput(int index) {
    return reduction != ScatterReduction.SUM;
  }

  @Override
  public Tensor[] gradient(GradientContext context, Tensor[] gradients) {
    Tensor index = context.input(1);
    Tensor g = gradients[0];
    Tensor[] found =
        switch (reduction) {
          case SUM -> new Tensor[] {g, g.gather(dim, index)};
          case PROD -> ofProduct(context, g, index);
          case AMAX, AMIN -> ofExtreme(context, g, index);
        };
    Tensor own = found[0];
    if (context.needs(0) && !includeSelf) {
      own = own.scatter(dim, index, 0);
    }
    return new Tensor[] {context.needs(0) ? own : null, null, context.needs(2) ? found[1] : null};
  }

  /** Those that are the extreme share the gradient. */
  private Tensor[] ofExtreme(GradientContext context, Tensor g, Tensor index) {
    Tensor result = context.output(0);
    Tensor own = context.input(0).eq(result).to(g.dtype());
    Tensor counted = includeSelf ? own : own.scatter(dim, index, 0);
    Tensor come = context.input(2).eq(result.gather(dim, index)).to(g.dtype());
    Tensor shares = g.div(counted.scatterAdd(dim, index, come));
    return new Tensor[] {own.mul(shares), come.mul(shares.gather(dim, index))};
  }

  /** A factor's gradient is the product of the others, found without a division by 0. */
  private Tensor[] ofProduct(GradientContext context, Tensor g, Tensor index) {
    Tensor x = context.input(0);
    Tensor source = context.input(2);
    Tensor result = context.output(0);
    Tensor filled = x.maskedFill(x.eq(0), 1);
    Tensor own = g.mul(Dispatch.run(this, filled, index, source)).div(filled);
    Tensor zero = source.eq(0);
    if (zero.any().item() == 0) {
      return new Tensor[] {own, g.mul(result).gather(dim, index).div(source)};
    }
    Tensor zeros =
        Tensor.zerosLike(x).scatterAdd(dim, index, zero.to(x.dtype())).gather(dim, index);
    if (Autograd.isGradEnabled() && zeros.gt(1).any().item() != 0) {
      throw new AutogradException(
          "scatterReduce: a product with more than one factor 0 from the source has no second"
              + " gradient; call backward without createGraph");
    }
    Tensor only = zero.logicalAnd(zeros.eq(1));
    Tensor without = Dispatch.run(this, x, index, source.maskedFill(only, 1));
    Tensor others = g.mul(result).gather(dim, index).div(source.maskedFill(zero, 1));
    return new Tensor[] {own, Tensor.where(only, g.mul(without).gather(dim, index), others)};
  }
}
