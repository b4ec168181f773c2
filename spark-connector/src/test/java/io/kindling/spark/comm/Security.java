package io.kindling.spark.comm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  },
  TLS {
    @Override
    SparkConf apply(SparkConf conf) {
      return SASL.apply(conf)
          .set("spark.ssl.rpc.enabled", "true")
          .set("spark.ssl.rpc.keyStore", KeyStore.PATH)
          .set("spark.ssl.rpc.keyStorePassword", KeyStore.PASSWORD)
          .set("spark.ssl.rpc.keyPassword", KeyStore.PASSWORD)
          .set("spark.ssl.rpc.trustStore", KeyStore.PATH)
          .set("spark.ssl.rpc.trustStorePassword", KeyStore.PASSWORD);
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

  /** A self-signed certificate, made by the JDK's keytool on first use. */
  private static final class KeyStore {
    static final String PASSWORD = "changeit";
    static final String PATH = create();

    private static String create() {
      try {
        Path file = Files.createTempDirectory("kindling-tls").resolve("keystore.p12");
        file.toFile().deleteOnExit();
        file.getParent().toFile().deleteOnExit();
        Process keytool =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "test",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass",
                    PASSWORD)
                .inheritIO()
                .start();
        if (keytool.waitFor() != 0) {
          throw new IllegalStateException("keytool ended with " + keytool.exitValue());
        }
        return file.toString();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
