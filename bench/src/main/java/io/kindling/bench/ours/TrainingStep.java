package io.kindling.bench.ours;

import io.kindling.bench.model.Format;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.Values;
import io.kindling.bench.model.Work;
import io.kindling.memory.Scope;
import io.kindling.nn.CrossEntropyLoss;
import io.kindling.nn.Module;
import io.kindling.optim.Adam;
import io.kindling.optim.Optimizer;
import io.kindling.optim.SGD;
import io.kindling.tensor.Tensor;

/** Forward, cross entropy, backward, update. */
final class TrainingStep implements Work {
  private final Module network;
  private final Optimizer optimizer;
  private final CrossEntropyLoss criterion = new CrossEntropyLoss();
  private final Tensor x;
  private final Tensor y;

  TrainingStep(NetworkCase one, Format format) {
    network = BuiltNetwork.of(one);
    network.train();
    optimizer =
        one.adam() ? new Adam(network.parameters(), 1e-3) : new SGD(network.parameters(), 1e-2);
    long[] shape = one.batchShape();
    x = Ours.tensor(Values.uniform(1, Values.product(shape, 0), 1), shape, format);
    y = Scope.detach(Tensor.of(Values.classes(2, one.batch(), NetworkCase.CLASSES), one.batch()));
  }

  private Tensor step() {
    optimizer.zeroGrad();
    Tensor loss = criterion.forward(network.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  }

  @Override
  public void run() {
    try (Scope scope = Scope.open()) {
      step();
    }
  }

  @Override
  public double check() {
    for (int i = 1; i < CHECK_STEPS; i++) {
      run();
    }
    try (Scope scope = Scope.open()) {
      return step().item();
    }
  }

  @Override
  public void close() {
    optimizer.close();
    network.close();
    x.close();
    y.close();
  }
}
