package io.kindling.spark.comm;

import java.util.UUID;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import scala.Option;

/** The ways in which Spark can protect a connection, as a job would configure them. */
enum Security {
  OFF {
    @Override
    SparkConf apply(SparkConf conf) {
      return conf;
    }
  },
  SASL {
    @Override
    SparkConf apply(SparkConf conf) {
      return conf.set("spark.authenticate", "true")
          .set("spark.authenticate.secret", UUID.randomUUID().toString());
    }
  },
  AES_CTR {
    @Override
    SparkConf apply(SparkConf conf) {
      return SASL.apply(conf)
          .set("spark.network.crypto.enabled", "true")
          .set("spark.network.crypto.authEngineVersion", "2")
          .set("spark.network.crypto.saslFallback", "false");
    }
  };

  abstract SparkConf apply(SparkConf conf);

  SparkConf conf() {
    return apply(new SparkConf(false));
  }

  static TransportSettings settings(SparkConf conf) {
    return TransportSettings.of(
        conf,
        new SecurityManager(
            conf,
            Option.empty(),
            org.apache.spark.internal.config.package$.MODULE$.AUTH_SECRET_FILE()));
  }
}
