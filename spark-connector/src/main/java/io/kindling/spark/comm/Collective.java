package io.kindling.spark.comm;

import io.kindling.distributed.DistributedException;
import io.kindling.distributed.Segment;
import java.util.concurrent.CompletableFuture;

/**
 * One call under way on one member: a small state machine that the ring feeds with frames from the
 * previous member, and that sends frames to the next one. It reads and writes the tensor's own
 * memory, so it is {@link #done} only once the last byte has left that memory.
 */
abstract class Collective {
  final Call call;
  final long sequence;
  protected final int rank;
  protected final int size;
  protected final long address;

  /** Completed by {@link Ring}: after the last write, or after a failure closed the channel. */
  final CompletableFuture<Void> done;

  private final PeerChannel next;
  private final int elementBytes;
  private final int chunkElements;
  private int pendingWrites;

  Collective(Call call, long sequence, long address, Place place, CompletableFuture<Void> done) {
    this.call = call;
    this.sequence = sequence;
    this.address = address;
    this.rank = place.rank();
    this.size = place.size();
    this.next = place.next();
    this.done = done;
    this.elementBytes = call.dtype().bytes();
    this.chunkElements = Frame.MAX_PAYLOAD_BYTES / elementBytes;
  }

  static Collective of(
      Call call, long sequence, long address, Place place, CompletableFuture<Void> done) {
    return switch (call.kind()) {
      case ALL_REDUCE, REDUCE_SCATTER, ALL_GATHER, BARRIER ->
          new RingAllReduce(call, sequence, address, place, done);
      case BROADCAST -> new RingBroadcast(call, sequence, address, place, done);
    };
  }

  /** Sends what this member contributes by itself, for as long as the channel takes more. */
  abstract void pump();

  /** Takes the chunk at {@code payload}, an address that is valid during the call only. */
  abstract void receive(Frame frame, long payload);

  /** Whether everything was received, and everything to be sent was given to the channel. */
  abstract boolean finished();

  /** Whether some of this call's bytes still wait in the channel. */
  final boolean hasPendingWrites() {
    return pendingWrites > 0;
  }

  final void written() {
    pendingWrites--;
  }

  protected final boolean channelTakesMore() {
    return next.isWritable();
  }

  /** How many frames a segment takes; an empty one takes one, so that it synchronises as well. */
  protected final int chunks(Segment segment) {
    return (int) Math.max(1, (segment.elements() + chunkElements - 1) / chunkElements);
  }

  protected final int chunkElements(Segment segment, int chunk) {
    return (int) Math.min(chunkElements, segment.elements() - (long) chunk * chunkElements);
  }

  protected final long chunkAddress(Segment segment, int chunk) {
    return address + (segment.start() + (long) chunk * chunkElements) * elementBytes;
  }

  protected final void send(Segment segment, int step, int chunk) {
    int bytes = chunkElements(segment, chunk) * elementBytes;
    pendingWrites++;
    next.sendData(
        Frame.data(call, sequence, step, chunk, bytes), chunkAddress(segment, chunk), this);
  }

  /** Fails unless {@code frame} is chunk number {@code chunk} of {@code segment}. */
  protected final void checkChunk(Frame frame, Segment segment, int chunk) {
    int bytes = chunk < chunks(segment) ? chunkElements(segment, chunk) * elementBytes : -1;
    if (frame.chunk() != chunk || frame.length() != bytes) {
      throw new DistributedException(
          call
              + ": expected chunk "
              + chunk
              + " of "
              + bytes
              + " bytes in step "
              + frame.step()
              + ", got chunk "
              + frame.chunk()
              + " of "
              + frame.length()
              + " bytes; the connection lost or repeated data");
    }
  }

  protected final int elements(Frame frame) {
    return frame.length() / elementBytes;
  }

  /** Where in the ring a call runs, and the connection that it sends on. */
  record Place(int rank, int size, PeerChannel next) {}
}
