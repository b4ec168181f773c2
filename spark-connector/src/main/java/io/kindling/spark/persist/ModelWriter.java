package io.kindling.spark.persist;

import io.kindling.spark.model.TrainedNetwork;
import io.kindling.spark.param.NetworkParams;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLWriter;

/** Saves a model: its files first, its metadata last. */
public final class ModelWriter extends MLWriter {
  static final String NUM_CLASSES = "numClasses";
  static final String WEIGHTS_DIGEST = "weightsSha256";

  private final NetworkParams model;
  private final TrainedNetwork network;

  public ModelWriter(NetworkParams model, TrainedNetwork network) {
    this.model = model;
    this.network = network;
  }

  @Override
  public void saveImpl(String path) {
    Configuration configuration = sparkSession().sessionState().newHadoopConf();
    ModelDirectory directory = new ModelDirectory(path, configuration);
    directory.write(ModelDirectory.NETWORK, network.network().getBytes(StandardCharsets.UTF_8));
    directory.write(ModelDirectory.WEIGHTS, network.weights());

    // network.json is where the network is; a second copy in the metadata could differ from it.
    NetworkParams params = (NetworkParams) model.copy(ParamMap.empty());
    params.clear(params.network());
    Map<String, Object> extra =
        Map.of(NUM_CLASSES, network.numClasses(), WEIGHTS_DIGEST, network.weightsDigest());
    Metadata.write(params, extra, path, sparkSession());
  }
}
