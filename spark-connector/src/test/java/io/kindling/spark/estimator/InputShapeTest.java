package io.kindling.spark.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.spark.param.ParamException;
import io.kindling.spark.testing.Blobs;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shape is that of the first row there is, in whichever partition. */
@Timeout(60)
class InputShapeTest {
  private static final int PARTITIONS = 22;

  @Test
  void partitionsWithoutRowsArePassedOver() {
    // Looked at are the first, 3 more, 12 more and the rest.
    for (int partition : new int[] {0, 1, 3, 4, 15, 16, 21}) {
      assertThat(InputShape.infer(only(partition), "features"))
          .as("row in partition %d", partition)
          .containsExactly(Blobs.WIDTH);
    }
  }

  @Test
  void noPartitionHasARow() {
    assertThatThrownBy(() -> InputShape.infer(only(PARTITIONS), "features"))
        .isInstanceOf(ParamException.class)
        .hasMessageContaining("no rows");
  }

  /** One row, and many partitions that have none. */
  private static Dataset<Row> only(int partition) {
    return Blobs.dataset(PARTITIONS, PARTITIONS)
        .where(functions.spark_partition_id().equalTo(partition));
  }
}
