package io.kindling.spark.persist;

import io.kindling.FormatException;
import io.kindling.KindlingException;
import io.kindling.spark.model.TrainedNetwork;
import io.kindling.spark.param.NetworkParams;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.util.MLReader;

/** Loads what {@link ModelWriter} saved, after checking that it is whole. */
public final class ModelReader<T extends NetworkParams> extends MLReader<T> {
  private final Class<T> type;
  private final BiFunction<String, TrainedNetwork, T> constructor;

  /**
   * @param constructor makes a model with a uid
   */
  public ModelReader(Class<T> type, BiFunction<String, TrainedNetwork, T> constructor) {
    this.type = type;
    this.constructor = constructor;
  }

  @Override
  public T load(String path) {
    Metadata metadata = Metadata.read(path, type, sparkSession());
    Configuration configuration = sparkSession().sessionState().newHadoopConf();
    ModelDirectory directory = new ModelDirectory(path, configuration);
    String network =
        new String(
            directory.read(ModelDirectory.NETWORK, ModelDirectory.MAX_NETWORK_BYTES),
            StandardCharsets.UTF_8);
    byte[] weights = directory.read(ModelDirectory.WEIGHTS, ModelDirectory.MAX_WEIGHTS_BYTES);

    TrainedNetwork trained =
        new TrainedNetwork(
            network,
            metadata.shape("inputShape"),
            metadata.number(ModelWriter.NUM_CLASSES),
            weights);
    check(trained, metadata, directory);

    T model = constructor.apply(metadata.uid(), trained);
    metadata.setParams(model);
    model.set(model.network(), network);
    return model;
  }

  private static void check(TrainedNetwork trained, Metadata metadata, ModelDirectory directory) {
    String weights = directory.name(ModelDirectory.WEIGHTS);
    if (!trained.weightsDigest().equals(metadata.text(ModelWriter.WEIGHTS_DIGEST))) {
      throw new FormatException(
          weights
              + " is damaged: its SHA-256 is not the one that the metadata names; copy or save the"
              + " model again");
    }
    try {
      trained.load().close();
    } catch (KindlingException e) {
      throw new FormatException(
          directory.name(ModelDirectory.NETWORK)
              + " and "
              + weights
              + " do not make a network: "
              + e.getMessage(),
          e);
    }
  }
}
