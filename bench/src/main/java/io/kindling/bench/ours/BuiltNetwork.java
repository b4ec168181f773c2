package io.kindling.bench.ours;

import io.kindling.autograd.Autograd;
import io.kindling.bench.model.NetworkCase;
import io.kindling.bench.model.Values;
import io.kindling.memory.Scope;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.tensor.Generator;
import io.kindling.tensor.Tensor;
import java.util.List;

/** Builds the network of a case with the values that both sides start from. */
final class BuiltNetwork {
  private BuiltNetwork() {}

  static Module of(NetworkCase network) {
    Module built =
        NetworkSpec.parse(network.json()).build(network.exampleShape(), new Generator(1));
    List<Tensor> parameters = built.parameters();
    try (Scope scope = Scope.open();
        var off = Autograd.noGrad()) {
      for (int i = 0; i < parameters.size(); i++) {
        Tensor parameter = parameters.get(i);
        long[] shape = parameter.shape().toArray();
        parameter.copy_(Tensor.of(Values.parameter(i, shape), shape));
      }
    }
    return built;
  }
}
