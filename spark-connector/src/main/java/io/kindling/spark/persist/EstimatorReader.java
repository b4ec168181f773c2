package io.kindling.spark.persist;

import java.util.function.Function;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;

/** Loads what {@link EstimatorWriter} saved. */
public final class EstimatorReader<T extends Params> extends MLReader<T> {
  private final Class<T> type;
  private final Function<String, T> constructor;

  /**
   * @param constructor makes an instance with a uid
   */
  public EstimatorReader(Class<T> type, Function<String, T> constructor) {
    this.type = type;
    this.constructor = constructor;
  }

  @Override
  public T load(String path) {
    Metadata metadata = Metadata.read(path, type, sparkSession());
    T instance = constructor.apply(metadata.uid());
    metadata.setParams(instance);
    return instance;
  }
}
