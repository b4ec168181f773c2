package io.kindling.spark.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.MemoryException;
import io.kindling.backend.Backends;
import io.kindling.memory.Block;
import io.kindling.memory.CachingAllocator;
import io.kindling.spark.testing.LocalSpark;
import io.kindling.tensor.Device;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ExecutorMemoryTest {
  private static final long MEBIBYTE = 1 << 20;

  /** The limit that an executor of these settings has, in MiB. */
  private static long limit(String master, String... settings) {
    SparkConf conf = new SparkConf(false).set("spark.master", master);
    for (int i = 0; i < settings.length; i += 2) {
      conf.set(settings[i], settings[i + 1]);
    }
    CachingAllocator allocator = new CachingAllocator(Long.MAX_VALUE);
    ExecutorMemory.limit(conf, allocator);
    long bytes = allocator.statistics().limit();
    return bytes == Long.MAX_VALUE ? bytes : bytes / MEBIBYTE;
  }

  @Test
  void tensorsHaveWhatTheJvmLeavesOfTheOverhead() {
    for (String master : new String[] {"yarn", "k8s://https://host:443"}) {
      assertThat(limit(master, "spark.executor.memoryOverhead", "4g")).isEqualTo(4096 - 384 - 32);
      assertThat(limit(master, "spark.executor.memoryOverhead", "2000")).isEqualTo(2000 - 384 - 32);
      assertThat(limit(master, "spark.executor.memoryOverhead", "500m")).isEqualTo(250);
    }
  }

  @Test
  void theOverheadThatNobodySetIsSparks() {
    assertThat(limit("yarn")).isEqualTo(384 / 2);
    assertThat(limit("yarn", "spark.executor.memory", "20g")).isEqualTo(2048 / 2);
    assertThat(limit("yarn", "spark.executor.minMemoryOverhead", "1g")).isEqualTo(1024 - 384 - 32);
    assertThat(
            limit(
                "yarn",
                "spark.executor.memory",
                "10g",
                "spark.executor.memoryOverheadFactor",
                "0.4",
                "spark.kubernetes.memoryOverheadFactor",
                "0.2"))
        .isEqualTo(4096 - 384 - 320);
    assertThat(
            limit(
                "k8s://host",
                "spark.executor.memory",
                "10g",
                "spark.kubernetes.memoryOverheadFactor",
                "0.2"))
        .isEqualTo(2048 - 384 - 320);
  }

  @Test
  void whereThereIsNoContainerThereIsNoLimit() {
    for (String master :
        new String[] {"local[4]", "spark://host:7077", "local-cluster[2,1,1024]"}) {
      assertThat(limit(master, "spark.executor.memoryOverhead", "1g")).isEqualTo(Long.MAX_VALUE);
    }
    long before = Backends.allocator(Device.CPU).statistics().limit();
    LocalSpark.session();
    ExecutorMemory.limit();
    assertThat(Backends.allocator(Device.CPU).statistics().limit()).isEqualTo(before);
  }

  @Test
  void beyondItTheErrorNamesTheSettingOfSpark() {
    CachingAllocator allocator = new CachingAllocator(Long.MAX_VALUE);
    ExecutorMemory.limit(new SparkConf(false).set("spark.master", "yarn"), allocator);

    Block most = allocator.allocate(192 * MEBIBYTE);
    assertThatThrownBy(() -> allocator.allocate(MEBIBYTE))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("the limit is " + 192 * MEBIBYTE)
        .hasMessageEndingWith(
            "raise spark.executor.memoryOverhead (384 MiB, of which tensors may take 192)");
    most.free();
    allocator.trim();
  }
}
