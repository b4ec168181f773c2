package io.kindling.data.arrow;

import io.kindling.data.DataException;
import io.kindling.memory.OffHeap;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * Arrow columns as tensors and back, on the same memory.
 *
 * <p>A column of N numbers is a tensor {@code (N)}; a column of lists that all have L elements,
 * whether Arrow calls them fixed-size or not, is {@code (N, L)}, and lists of lists go on in the
 * same way. Nothing is copied, with one exception: Arrow packs booleans into bits and tensors have
 * a byte each, so bool columns are copied in both directions.
 *
 * <p>Lifetimes hold in both directions. A tensor keeps the column's memory until it is closed, also
 * when the vector or its allocator is closed before it; a vector keeps the tensor's memory in the
 * same way. (Arrow's root allocator still insists on being closed last.) A tensor on Arrow memory
 * is read-only: operations on it make new tensors, in-place operations are refused.
 */
public final class ArrowTensors {
  private ArrowTensors() {}

  /**
   * The column as a tensor, which belongs to the current {@link io.kindling.memory.Scope}.
   *
   * @throws DataException if a value is null, if lists have different lengths, or if no tensor has
   *     the column's type; it names the column and the row
   */
  public static Tensor toTensor(FieldVector vector) {
    return new VectorReader(vector.getName()).read(vector);
  }

  /** Every column of a batch as a tensor, by name, in the batch's order. */
  public static Map<String, Tensor> toTensors(VectorSchemaRoot batch) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try {
      for (FieldVector vector : batch.getFieldVectors()) {
        if (tensors.containsKey(vector.getName())) {
          throw new DataException(
              "the Arrow batch has two columns named '" + vector.getName() + "'; rename one");
        }
        tensors.put(vector.getName(), toTensor(vector));
      }
      return tensors;
    } catch (RuntimeException | Error e) {
      tensors.values().forEach(Tensor::close);
      throw e;
    }
  }

  /**
   * The tensor {@code (N, ...)} as an Arrow column of N rows: numbers for {@code (N)}, fixed-size
   * lists for {@code (N, L)}, lists of them for more dimensions. The values are shared, so later
   * in-place changes show in the vector; a tensor that is not contiguous is copied first. Arrow's
   * validity bits, one a value, are new memory of {@code allocator}.
   *
   * @throws DataException for a tensor without dimensions
   * @throws io.kindling.DTypeException for bfloat16, which Arrow does not have
   */
  public static FieldVector toVector(String name, Tensor tensor, BufferAllocator allocator) {
    if (tensor.dim() == 0) {
      throw new DataException(
          "column '" + name + "': a tensor without dimensions has no rows; unsqueeze(0) it first");
    }
    Field field = field(name, tensor, 0);
    FieldVector vector = field.createVector(allocator);
    Tensor dense = tensor.contiguous();
    try {
      load(vector, dense, 0, tensor.size(0));
      return vector;
    } catch (RuntimeException | Error e) {
      vector.close();
      throw e;
    } finally {
      if (dense != tensor) {
        dense.close();
      }
    }
  }

  /** Named tensors with the same first size as one batch; see {@link #toVector}. */
  public static VectorSchemaRoot toBatch(Map<String, Tensor> tensors, BufferAllocator allocator) {
    List<FieldVector> vectors = new ArrayList<>();
    try {
      for (Map.Entry<String, Tensor> column : tensors.entrySet()) {
        vectors.add(toVector(column.getKey(), column.getValue(), allocator));
        int rows = vectors.get(vectors.size() - 1).getValueCount();
        if (rows != vectors.get(0).getValueCount()) {
          throw new DataException(
              "column '"
                  + column.getKey()
                  + "' has "
                  + rows
                  + " rows and column '"
                  + vectors.get(0).getName()
                  + "' has "
                  + vectors.get(0).getValueCount()
                  + "; the columns of a batch have the same number");
        }
      }
      return new VectorSchemaRoot(vectors);
    } catch (RuntimeException | Error e) {
      vectors.forEach(FieldVector::close);
      throw e;
    }
  }

  private static Field field(String name, Tensor tensor, int dim) {
    if (dim == tensor.dim() - 1) {
      return new Field(
          name, FieldType.notNullable(ElementTypes.arrowType(tensor.dtype())), List.of());
    }
    int length = arrowCount(name, tensor.size(dim + 1));
    return new Field(
        name,
        FieldType.notNullable(new ArrowType.FixedSizeList(length)),
        List.of(field("element", tensor, dim + 1)));
  }

  /** Gives {@code vector}, which stands for dimension {@code dim}, the tensor's values. */
  private static void load(FieldVector vector, Tensor tensor, int dim, long rows) {
    int count = arrowCount(vector.getName(), rows);
    if (vector instanceof FixedSizeListVector lists) {
      // Loading without nulls makes Arrow write the validity bits itself.
      lists.loadFieldBuffers(new ArrowFieldNode(count, 0), Collections.singletonList(null));
      load(lists.getDataVector(), tensor, dim + 1, rows * tensor.size(dim + 1));
    } else if (vector instanceof BitVector bits) {
      copyBits(tensor, bits, count);
    } else if (count == 0) {
      ((BaseFixedWidthVector) vector).allocateNew(0);
      vector.setValueCount(0);
    } else {
      try (ArrowBuf values = VectorMemory.wrap(tensor, vector.getAllocator())) {
        List<ArrowBuf> buffers = new ArrayList<>();
        buffers.add(null);
        buffers.add(values);
        vector.loadFieldBuffers(new ArrowFieldNode(count, 0), buffers);
      }
    }
  }

  private static void copyBits(Tensor tensor, BitVector bits, int count) {
    bits.allocateNew(count);
    for (int i = 0; i < count; i++) {
      bits.set(i, OffHeap.getByte(tensor.address() + i) != 0 ? 1 : 0);
    }
    bits.setValueCount(count);
  }

  private static int arrowCount(String name, long count) {
    if (count > Integer.MAX_VALUE) {
      throw new DataException(
          "column '"
              + name
              + "' would have "
              + count
              + " values, and an Arrow vector counts to "
              + Integer.MAX_VALUE
              + "; convert parts of the tensor with narrow()");
    }
    return (int) count;
  }
}
