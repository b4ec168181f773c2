package io.kindling.distributed;

import io.kindling.autograd.Autograd;
import io.kindling.distributed.FlatTensors.Piece;
import io.kindling.tensor.Tensor;
import java.util.List;

/** The parameters of a bucket in flat memory, and this rank's segment of them. */
final class Shard implements AutoCloseable {
  private final GradientBucket bucket;
  private final ProcessGroup group;
  private final FlatTensors parameters;
  private final List<Piece> pieces;
  private final List<Piece> gradients;

  /** Moves the bucket's parameters into flat memory. */
  Shard(GradientBucket bucket, ProcessGroup group) {
    this.bucket = bucket;
    this.group = group;
    this.parameters = new FlatTensors(bucket.parameters());
    Segment own = Segment.of(parameters.whole().numel(), group.rank(), group.size());
    this.pieces = parameters.pieces(own);
    this.gradients = bucket.gradients().pieces(own);
    try (var off = Autograd.noGrad()) {
      for (int i = 0; i < parameters.parts().size(); i++) {
        Tensor parameter = bucket.parameters().get(i);
        parameter.relocate(parameters.parts().get(i).copy_(parameter));
      }
    }
  }

  /** This rank's parameters: what its segment has of each, which may be none at all. */
  List<Tensor> pieces() {
    return pieces.stream().map(Piece::elements).toList();
  }

  /** Gives the pieces the sums of their gradients, and those of no gradient none. */
  void setGradients() {
    for (int i = 0; i < pieces.size(); i++) {
      boolean present = bucket.isPresent(pieces.get(i).part());
      pieces.get(i).elements().setGrad(present ? gradients.get(i).elements() : null);
    }
  }

  /** Starts to exchange the parameters that each rank changed. */
  Work gather() {
    return group.allGatherAsync(parameters.whole());
  }

  /** Ends a step. */
  void gathered() {
    parameters.parts().forEach(parameter -> parameter.storage().bumpVersion());
    bucket.parameters().forEach(parameter -> parameter.setGrad(null));
  }

  @Override
  public void close() {
    pieces.forEach(piece -> piece.elements().close());
    gradients.forEach(piece -> piece.elements().close());
    parameters.close();
  }
}
