package io.kindling.spark.model;

import io.kindling.io.safetensors.Safetensors;
import io.kindling.io.safetensors.SafetensorsFile;
import io.kindling.memory.Scope;
import io.kindling.nn.Module;
import io.kindling.nn.NetworkSpec;
import io.kindling.tensor.Generator;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A network and its weights, as they are stored and sent.
 *
 * @param network the network's JSON
 * @param inputShape shape of one row's features
 * @param numClasses the width of the output
 * @param weights the state as a safetensors file
 */
@SuppressWarnings("ArrayRecordComponent")
public record TrainedNetwork(String network, long[] inputShape, int numClasses, byte[] weights)
    implements Serializable {

  /** The same network with other weights. */
  TrainedNetwork withWeights(byte[] others) {
    return new TrainedNetwork(network, inputShape, numClasses, others);
  }

  /** SHA-256 of the weights, in hexadecimal. */
  public String weightsDigest() {
    return HexFormat.of().formatHex(sha256().digest(weights));
  }

  /** Names the network together with its weights: equal for models that predict the same. */
  public String digest() {
    MessageDigest digest = sha256();
    digest.update(network.getBytes(StandardCharsets.UTF_8));
    digest.update(Arrays.toString(inputShape).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest(weights));
  }

  /**
   * Builds the network for inference: its weights loaded, in evaluation mode, without gradients, so
   * that its forward pass changes nothing and threads can share it. The caller closes it.
   *
   * @throws io.kindling.KindlingException if the weights are damaged or do not fit the network
   */
  public Module load() {
    Module module;
    try (Scope scope = Scope.open()) {
      module = NetworkSpec.parse(network).build(inputShape, new Generator(0));
    }
    try (SafetensorsFile file = Safetensors.read(weights, "the model's weights")) {
      module.loadStateDict(file.tensors());
    } catch (RuntimeException e) {
      module.close();
      throw e;
    }
    module.eval();
    module.requiresGrad_(false);
    return module;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
