package io.kindling.bench.libtorch;

import io.kindling.bench.model.OpKind;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** How each operation is written; the operands are those of {@link OpKind}. */
final class Operations {
  private static final long[] ONE = {1, 1};

  private Operations() {}

  static Supplier<Tensor> of(OpKind kind, List<Tensor> operands) {
    Tensor x = operands.get(0);
    Tensor y = operands.size() > 1 ? operands.get(1) : null;
    TensorOptional weight = new TensorOptional(y == null ? x : y);
    TensorOptional bias = new TensorOptional(operands.get(operands.size() - 1));
    return switch (kind) {
      case MATMUL -> () -> x.matmul(y);
      case CONV -> () -> torch.conv2d(x, y, bias, ONE, ONE, ONE, 1);
      case ADD -> () -> x.add(y);
      case MUL -> () -> x.mul(y);
      case RELU -> x::relu;
      case EXP -> x::exp;
      case LOG -> x::log;
      case SIN -> x::sin;
      case TANH -> x::tanh;
      case SIGMOID -> x::sigmoid;
      case GELU -> () -> torch.gelu(x);
      case CLAMP -> {
        ScalarOptional low = new ScalarOptional(new Scalar(-0.5));
        ScalarOptional high = new ScalarOptional(new Scalar(0.5));
        yield () -> x.clamp(low, high);
      }
      case MAXIMUM -> () -> x.maximum(y);
      case GT -> {
        Scalar zero = new Scalar(0L);
        yield () -> x.gt(zero);
      }
      case DROPOUT -> () -> torch.dropout(x, 0.5, true);
      case SUM -> x::sum;
      case SUM_ROWS -> () -> x.sum(0);
      case MEAN -> x::mean;
      case AMAX -> {
        long[] rows = {1};
        yield () -> x.amax(rows, false);
      }
      case ARGMAX -> {
        LongOptional rows = new LongOptional(1);
        yield () -> x.argmax(rows, false);
      }
      case CUMSUM -> () -> x.cumsum(1);
      case SOFTMAX -> () -> x.softmax(1);
      case LOG_SOFTMAX -> () -> x.log_softmax(1);
      case CROSS_ENTROPY -> () -> torch.cross_entropy(x, y);
      case BATCH_NORM -> {
        TensorOptional mean = new TensorOptional(torch.zeros(y.shape()));
        TensorOptional variance = new TensorOptional(torch.ones(y.shape()));
        yield () -> torch.batch_norm(x, weight, bias, mean, variance, true, 0.1, 1e-5, false);
      }
      case GATHER -> () -> x.gather(1, y);
      case INDEX_SELECT -> () -> x.index_select(0, y);
      case MASKED_SELECT -> () -> x.masked_select(y);
      case SORT -> () -> x.sort(1, false).get0();
      case TOPK -> () -> x.topk(5, 1, true, true).get0();
      case CAT -> {
        TensorVector both = new TensorVector(x, y);
        yield () -> torch.cat(both, 1);
      }
      case TRANSPOSE -> () -> x.t().contiguous();
      case TO_BFLOAT16 -> () -> x.to(torch.ScalarType.BFloat16);
      case FROM_BFLOAT16 -> () -> x.to(torch.ScalarType.Float);
      case ADAM -> {
        x.set_requires_grad(true).mutable_grad().put(y);
        Adam adam = new Adam(new TensorVector(x), new AdamOptions(0.1));
        yield () -> {
          adam.step();
          return x;
        };
      }
    };
  }
}
