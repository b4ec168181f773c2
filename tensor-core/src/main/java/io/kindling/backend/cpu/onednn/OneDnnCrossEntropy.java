package io.kindling.backend.cpu.onednn;

import io.kindling.op.loss.CrossEntropy;
import io.kindling.op.norm.Softmax;
import io.kindling.tensor.Tensor;

/**
 * Cross entropy whose probabilities are oneDNN's; what they say of the targets is Java's. 4096 x 10
 * with the gradient take 195 us, where log-softmax, picks and their gradients took 630; 512 x 256
 * take 84 instead of 360.
 */
final class OneDnnCrossEntropy implements OneDnnKernel<CrossEntropy> {
  private final OneDnnSoftmax softmax = new OneDnnSoftmax();

  @Override
  public Class<CrossEntropy> op() {
    return CrossEntropy.class;
  }

  @Override
  public boolean supports(CrossEntropy op, Tensor[] inputs, Tensor[] outputs) {
    return softmax.supports(softmax(inputs), scores(inputs), probabilities(outputs));
  }

  @Override
  public Prepared.Call prepare(
      CrossEntropy op, Tensor[] inputs, Tensor[] outputs, Preparation preparation) {
    Prepared.Call call =
        softmax.prepare(softmax(inputs), scores(inputs), probabilities(outputs), preparation);
    return call == null
        ? null
        : (in, out) -> {
          call.run(scores(in), probabilities(out));
          op.losses(in, out);
        };
  }

  private static Softmax softmax(Tensor[] inputs) {
    return new Softmax(inputs[0].dim() == 1 ? 0 : 1);
  }

  private static Tensor[] scores(Tensor[] inputs) {
    return new Tensor[] {inputs[0]};
  }

  private static Tensor[] probabilities(Tensor[] outputs) {
    return new Tensor[] {outputs[2]};
  }
}
