package io.kindling.spark.comm;

import io.kindling.distributed.DistributedException;
import java.time.Duration;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.network.netty.SparkTransportConf;
import org.apache.spark.network.sasl.SecretKeyHolder;
import org.apache.spark.network.util.TransportConf;
import scala.Option;

/**
 * How members talk, taken from Spark's own settings, under the module name {@code kindling}.
 *
 * @param secrets Spark's secret, or null when {@code spark.authenticate} is off
 * @param user the name that Spark's authentication runs under
 * @param timeout how long a call may make no progress
 * @param joinTimeout how long a task waits for all others to appear
 */
record TransportSettings(
    TransportConf transport,
    SecretKeyHolder secrets,
    String user,
    Duration timeout,
    Duration joinTimeout) {
  static final String TIMEOUT = "spark.kindling.comm.timeout";
  static final String JOIN_TIMEOUT = "spark.kindling.comm.joinTimeout";

  /**
   * Reads the settings of the running application.
   *
   * @throws DistributedException if they ask for an encryption that loses data in Spark 4.1.0
   */
  static TransportSettings of(SparkConf conf, SecurityManager security) {
    TransportConf transport =
        SparkTransportConf.fromSparkConf(
            conf, "kindling", 1, Option.empty(), Option.apply(security.getRpcSSLOptions()));
    refuseLossyEncryption(transport);
    return new TransportSettings(
        transport,
        security.isAuthenticationEnabled() ? security : null,
        security.getSaslUser(),
        positive(conf, TIMEOUT, "60s"),
        positive(conf, JOIN_TIMEOUT, "1h"));
  }

  /** What protects the connections, for the log. */
  String protection() {
    String encryption =
        transport.sslRpcEnabled()
            ? "TLS"
            : secrets != null && transport.encryptionEnabled()
                ? transport.cipherTransformation()
                : "no encryption";
    return (secrets == null ? "no authentication, " : "authenticated, ") + encryption;
  }

  private static void refuseLossyEncryption(TransportConf transport) {
    if (transport.encryptionEnabled()) {
      if (transport.cipherTransformation().contains("/GCM/")) {
        throw new DistributedException(
            "spark.network.crypto.cipher="
                + transport.cipherTransformation()
                + " loses messages in this version of Spark (SPARK-56227); set it to"
                + " AES/CTR/NoPadding, or encrypt with spark.ssl.rpc.enabled");
      }
    } else if (transport.saslEncryption() || transport.saslServerAlwaysEncrypt()) {
      // Its message reports a shrinking length to Netty, which then stops in the midst of it.
      throw new DistributedException(
          "spark.authenticate.enableSaslEncryption and spark.network.sasl.serverAlwaysEncrypt cut"
              + " off large messages; encrypt with spark.network.crypto.enabled instead");
    }
  }

  private static Duration positive(SparkConf conf, String key, String fallback) {
    Duration value = Duration.ofMillis(conf.getTimeAsMs(key, fallback));
    if (value.isZero() || value.isNegative()) {
      throw new DistributedException(
          key + "=" + conf.get(key) + " is no time-out; set it to more than 0, for example 60s");
    }
    return value;
  }
}
