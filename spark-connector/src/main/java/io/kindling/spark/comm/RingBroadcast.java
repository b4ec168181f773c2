package io.kindling.spark.comm;

import io.kindling.distributed.DistributedException;
import io.kindling.distributed.Segment;
import io.kindling.memory.OffHeap;
import java.util.concurrent.CompletableFuture;

/**
 * Sends the root's tensor around the ring: each member stores a chunk and passes it on, the last
 * one before the root only stores. As chunks overlap, a large tensor takes hardly longer than one
 * hop of it. The root is done when its bytes are on their way, not when they have arrived.
 */
final class RingBroadcast extends Collective {
  private final Segment whole;
  private final int distance;
  private int received;
  private int sent;

  RingBroadcast(Call call, long sequence, long address, Place place, CompletableFuture<Void> done) {
    super(call, sequence, address, place, done);
    this.whole = new Segment(0, call.elements());
    this.distance = Math.floorMod(rank - call.root(), size);
  }

  @Override
  void pump() {
    while (distance == 0 && sent < chunks(whole) && channelTakesMore()) {
      send(whole, 0, sent++);
    }
  }

  @Override
  void receive(Frame frame, long payload) {
    if (frame.step() != distance - 1) {
      throw new DistributedException(
          call + ": got step " + frame.step() + ", expected " + (distance - 1));
    }
    int chunk = received++;
    checkChunk(frame, whole, chunk);
    OffHeap.copy(payload, chunkAddress(whole, chunk), frame.length());
    if (distance < size - 1) {
      send(whole, distance, chunk);
    }
  }

  @Override
  boolean finished() {
    return (distance == 0 ? sent : received) == chunks(whole);
  }
}
