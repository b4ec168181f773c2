package io.kindling.bench.ours;

import io.kindling.bench.model.OpKind;
import io.kindling.nn.functional.F;
import io.kindling.op.loss.LossReduction;
import io.kindling.optim.Adam;
import io.kindling.tensor.DType;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** How each operation is written; the operands are those of {@link OpKind}. */
final class Operations {
  private static final int[] ONE = {1, 1};

  private Operations() {}

  static Supplier<Tensor> of(OpKind kind, List<Tensor> operands) {
    Tensor x = operands.get(0);
    Tensor y = operands.size() > 1 ? operands.get(1) : null;
    return switch (kind) {
      case MATMUL -> () -> x.matmul(y);
      case CONV -> () -> F.conv2d(x, y, operands.get(2), ONE, ONE, ONE, 1);
      case ADD -> () -> x.add(y);
      case MUL -> () -> x.mul(y);
      case RELU -> x::relu;
      case EXP -> x::exp;
      case LOG -> x::log;
      case SIN -> x::sin;
      case TANH -> x::tanh;
      case SIGMOID -> x::sigmoid;
      case GELU -> () -> F.gelu(x);
      case CLAMP -> () -> x.clamp(-0.5, 0.5);
      case MAXIMUM -> () -> x.maximum(y);
      case GT -> () -> x.gt(0);
      case DROPOUT -> {
        Generator generator = new Generator(1);
        yield () -> F.dropout(x, 0.5, true, generator);
      }
      case SUM -> x::sum;
      case SUM_ROWS -> () -> x.sum(0);
      case MEAN -> x::mean;
      case AMAX -> () -> x.amax(1);
      case ARGMAX -> () -> x.argmax(1);
      case CUMSUM -> () -> x.cumsum(1);
      case SOFTMAX -> () -> x.softmax(1);
      case LOG_SOFTMAX -> () -> x.logSoftmax(1);
      case CROSS_ENTROPY -> () -> F.crossEntropy(x, y, null, -100, LossReduction.MEAN);
      case BATCH_NORM -> {
        Tensor mean = Ours.kept(() -> Tensor.zeros(y.shape().toArray()));
        Tensor variance = Ours.kept(() -> Tensor.ones(y.shape().toArray()));
        yield () -> F.batchNorm(x, mean, variance, y, operands.get(2), true, 0.1, 1e-5);
      }
      case GATHER -> () -> x.gather(1, y);
      case INDEX_SELECT -> () -> x.indexSelect(0, y);
      case MASKED_SELECT -> () -> x.maskedSelect(y);
      case SORT -> () -> x.sort(1).values();
      case TOPK -> () -> x.topk(5, 1, true).values();
      case CAT -> () -> Tensor.cat(List.of(x, y), 1);
      case TRANSPOSE -> () -> x.t().contiguous();
      case TO_BFLOAT16 -> () -> x.to(DType.BFLOAT16);
      case FROM_BFLOAT16 -> () -> x.to(DType.FLOAT32);
      case ADAM -> {
        x.requiresGrad_().setGrad(y);
        Adam adam = new Adam(List.of(x), 0.1);
        yield () -> {
          adam.step();
          return x;
        };
      }
    };
  }
}
