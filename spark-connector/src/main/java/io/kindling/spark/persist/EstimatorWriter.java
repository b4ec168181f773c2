package io.kindling.spark.persist;

import java.util.Map;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLWriter;

/** Saves what consists of nothing but Params. */
public final class EstimatorWriter extends MLWriter {
  private final Params instance;

  public EstimatorWriter(Params instance) {
    this.instance = instance;
  }

  @Override
  public void saveImpl(String path) {
    Metadata.write(instance, Map.of(), path, sparkSession());
  }
}
