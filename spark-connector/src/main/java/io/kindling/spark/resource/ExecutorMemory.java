package io.kindling.spark.resource;

import io.kindling.backend.Backends;
import io.kindling.memory.CachingAllocator;
import io.kindling.tensor.Device;
import java.util.OptionalLong;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;
import org.apache.spark.resource.ResourceProfile$;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much memory tensors may take on an executor that runs in a container.
 *
 * <p>YARN and Kubernetes end an executor that takes more than its heap and {@code
 * spark.executor.memoryOverhead}, and all it tells is that it is gone. Tensors are in the overhead,
 * together with what the JVM needs besides its heap. So they may take what of the overhead is left
 * when the JVM has its part, and whoever wants more is told how to get it. Other executors, local
 * mode and drivers have no container that Spark knows of, and no limit but the one that {@code
 * -Dkindling.memory.limit} sets, which goes before this one everywhere.
 */
public final class ExecutorMemory {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorMemory.class);
  private static final String OVERHEAD = "spark.executor.memoryOverhead";
  private static final String LEAST_OVERHEAD = "spark.executor.minMemoryOverhead";
  private static final String FACTOR = "spark.executor.memoryOverheadFactor";
  private static final String KUBERNETES_FACTOR = "spark.kubernetes.memoryOverheadFactor";
  private static final double USUAL_FACTOR = 0.1;
  private static final long MEBIBYTE = 1 << 20;

  /**
   * What classes, compiled code, stacks and the buffers of Spark's network take. Spark gives at
   * least as much, too, as an overhead; 250 MiB were measured in a training on one machine.
   */
  private static final long JVM_MEBIBYTES = 384;

  /** The two bitmaps that the G1 collector of Java 17 has of the heap are a 32nd of it. */
  private static final long HEAP_TO_BITMAPS = 32;

  private ExecutorMemory() {}

  /** Sets the limit of this JVM, if it is an executor in a container. Every task may call it. */
  public static void limit() {
    SparkEnv env = SparkEnv.get();
    if (env != null
        && !env.executorId().equals(SparkContext$.MODULE$.DRIVER_IDENTIFIER())
        && System.getProperty(CachingAllocator.LIMIT_PROPERTY) == null
        && Backends.allocator(Device.CPU) instanceof CachingAllocator allocator) {
      limit(env.conf(), allocator);
    }
  }

  /** Sets the limit that an executor's settings give. */
  static void limit(SparkConf conf, CachingAllocator allocator) {
    OptionalLong overhead = overheadMebibytes(conf);
    if (overhead.isEmpty()) {
      return;
    }
    long forTensors = forTensors(overhead.getAsLong(), heapMebibytes(conf));
    if (allocator.statistics().limit() != forTensors * MEBIBYTE) {
      String setting =
          OVERHEAD
              + " ("
              + overhead.getAsLong()
              + " MiB, of which tensors may take "
              + forTensors
              + ")";
      LOG.info("limit of tensors' memory, from {}", setting);
      allocator.setLimit(forTensors * MEBIBYTE, setting);
    }
  }

  /** The JVM has half at most: a small network must run as things are. */
  private static long forTensors(long overhead, long heap) {
    return overhead - Math.min(JVM_MEBIBYTES + heap / HEAP_TO_BITMAPS, overhead / 2);
  }

  private static long heapMebibytes(SparkConf conf) {
    return conf.getSizeAsMb("spark.executor.memory", "1g");
  }

  /** What an executor's container has besides the heap; empty if it is in none. */
  private static OptionalLong overheadMebibytes(SparkConf conf) {
    String master = conf.get("spark.master", "");
    boolean kubernetes = master.startsWith("k8s");
    if (!kubernetes && !master.startsWith("yarn")) {
      return OptionalLong.empty();
    }
    if (conf.contains(OVERHEAD)) {
      return OptionalLong.of(conf.getSizeAsMb(OVERHEAD));
    }
    double factor =
        conf.getDouble(
            FACTOR, kubernetes ? conf.getDouble(KUBERNETES_FACTOR, USUAL_FACTOR) : USUAL_FACTOR);
    return OptionalLong.of(
        ResourceProfile$.MODULE$.calculateOverHeadMemory(
            scala.Option.empty(),
            conf.getSizeAsMb(LEAST_OVERHEAD, JVM_MEBIBYTES + "m"),
            heapMebibytes(conf),
            factor));
  }
}
