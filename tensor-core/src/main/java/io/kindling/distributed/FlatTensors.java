package io.kindling.distributed;

import io.kindling.memory.Scope;
import io.kindling.memory.Storage;
import io.kindling.op.Spec;
import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import io.kindling.tensor.Shape;
import io.kindling.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors one behind the other in one piece of memory, so that one collective operation carries
 * them all. Each begins where memory of its own would, at a multiple of {@value #ALIGNMENT} bytes,
 * and has a version of its own.
 */
final class FlatTensors implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  private final Tensor whole;
  private final List<Tensor> parts = new ArrayList<>();
  private final List<Long> starts = new ArrayList<>();

  /**
   * What a segment of the whole has of one tensor.
   *
   * @param part the tensor's number
   * @param elements in their order in memory, in one dimension; in no scope
   */
  record Piece(int part, Tensor elements) {}

  /** Zeros of the shapes of {@code models}, which are of one type, in their orders in memory. */
  FlatTensors(List<Tensor> models) {
    DType dtype = models.get(0).dtype();
    int boundary = ALIGNMENT / dtype.bytes();
    long end = 0;
    for (Tensor model : models) {
      starts.add(end);
      end += (model.numel() + boundary - 1) / boundary * boundary;
    }
    this.whole = Scope.detach(Tensor.zeros(Shape.of(end), dtype, models.get(0).device()));
    for (int i = 0; i < models.size(); i++) {
      parts.add(part(models.get(i), starts.get(i)));
    }
  }

  private Tensor part(Tensor model, long start) {
    Storage memory = whole.storage();
    memory.retain();
    int bytes = whole.dtype().bytes();
    Storage own =
        Storage.wrap(
            memory.address() + start * bytes, model.numel() * bytes, false, memory::release);
    Layout layout = model.layout().denseLike(model.shape());
    return Scope.detach(new Tensor(own, new Spec(layout, whole.dtype()), whole.device()));
  }

  /** All tensors and the gaps between them, which hold zeros. */
  Tensor whole() {
    return whole;
  }

  /** The tensors, each dense and with its model's order in memory. */
  List<Tensor> parts() {
    return parts;
  }

  /** What {@code segment} of the whole has of each tensor that it has anything of. */
  List<Piece> pieces(Segment segment) {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Tensor part = parts.get(i);
      long from = Math.max(0, segment.start() - starts.get(i));
      long to = Math.min(part.numel(), segment.end() - starts.get(i));
      if (from < to) {
        Storage storage = part.storage();
        storage.retain();
        Layout layout = Layout.strided(Shape.of(to - from), new long[] {1}, from);
        Spec spec = new Spec(layout, part.dtype());
        pieces.add(new Piece(i, Scope.detach(new Tensor(storage, spec, part.device()))));
      }
    }
    return pieces;
  }

  /** Leaves alone what else holds a part. */
  @Override
  public void close() {
    parts.forEach(Tensor::close);
    whole.close();
  }
}
