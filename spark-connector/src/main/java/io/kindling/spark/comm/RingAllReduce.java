package io.kindling.spark.comm;

import io.kindling.distributed.DistributedException;
import io.kindling.distributed.Segment;
import io.kindling.memory.OffHeap;
import java.util.concurrent.CompletableFuture;

/**
 * The ring all-reduce, or one of its halves: every member ends with the element-wise sum (or
 * maximum, minimum) of all members' tensors, and each sends and receives only {@code 2 (N-1) / N}
 * of the tensor, whatever the number of members N. That is the least possible, and all links carry
 * load all the time (P. Patarasu and X. Yuan, "Bandwidth optimal all-reduce algorithms for clusters
 * of workstations", 2009).
 *
 * <p><b>Segments and steps.</b> The tensor is cut into N segments; segment k spans elements {@code
 * [k n / N, (k+1) n / N)}, so lengths differ by one at most and may be zero. Member r talks to two
 * neighbours: it receives from r-1 and sends to r+1 (modulo N). In step s of the all-reduce it
 * receives segment {@code r-2-s} and passes it on in step s+1:
 *
 * <pre>
 *                     segment received by
 *   N = 3             rank 0   rank 1   rank 2
 *   step 0   reduce      1        2        0      every rank first sends the segment before its own
 *   step 1   reduce      0        1        2      now rank r holds the whole of segment r
 *   step 2   copy        2        0        1
 *   step 3   copy        1        2        0      now every rank holds everything
 * </pre>
 *
 * The first N-1 steps combine what arrives with the member's own elements, and are all there is of
 * a reduce-scatter; the other N-1 overwrite them, and are all there is of an all-gather, in which
 * every rank first sends its own segment. What arrives in one step is exactly what leaves in the
 * next, so there is no schedule to keep: a member starts by sending its first segment and from then
 * on forwards whatever arrives. Segments travel in chunks, and each chunk goes on its way as soon
 * as it is combined, so all hops of a large tensor overlap.
 *
 * <p><b>The order of a reduction is fixed</b>, whatever the timing: segment k is {@code
 * (...((x[k+1] + x[k+2]) + x[k+3]) ... + x[k])}, ranks modulo N, and all members receive the same
 * bits of it. The same inputs on the same number of members therefore give the same bits, on every
 * run and every rank. Another number of members rounds differently.
 *
 * <p><b>No copies, and why that is safe.</b> Chunks are written to the socket straight from the
 * tensor's memory, and that memory is overwritten while the call runs. But the only thing that
 * overwrites a chunk that a member has sent is a later state of the same chunk, and that state
 * exists only because the chunk went all around the ring: it has left. The caller may touch the
 * tensor once {@link #done} says that all writes have ended.
 *
 * <p><b>One call at a time.</b> {@link Ring} starts a call when the one before is finished here. A
 * faster neighbour may be a call ahead; its frames then wait in the socket. Running calls side by
 * side would look faster and can deadlock: frames of a call that this member has not made yet would
 * stand in the way of frames that it needs to finish the call it waits for.
 *
 * <p>An empty segment still travels, as one empty frame a step. So a call on an empty tensor is a
 * barrier: nobody's last frame exists before everyone has sent a first one.
 */
final class RingAllReduce extends Collective {
  private final int first;
  private final int reducing;
  private final int steps;
  private final int[] received;
  private long missing;
  private int sent;

  RingAllReduce(Call call, long sequence, long address, Place place, CompletableFuture<Void> done) {
    super(call, sequence, address, place, done);
    boolean gathers = call.kind() == Call.Kind.ALL_GATHER;
    boolean scatters = call.kind() == Call.Kind.REDUCE_SCATTER;
    this.first = gathers ? rank : rank - 1;
    this.reducing = gathers ? 0 : size - 1;
    this.steps = reducing + (scatters ? 0 : size - 1);
    this.received = new int[steps];
    for (int step = 0; step < steps; step++) {
      missing += chunks(segmentReceivedIn(step));
    }
  }

  @Override
  void pump() {
    Segment start = segment(first);
    while (sent < chunks(start) && channelTakesMore()) {
      send(start, 0, sent++);
    }
  }

  @Override
  void receive(Frame frame, long payload) {
    int step = frame.step();
    if (step < 0 || step >= steps) {
      throw new DistributedException(
          call + ": got step " + step + " of " + steps + "; the members differ in their number");
    }
    Segment segment = segmentReceivedIn(step);
    int chunk = received[step]++;
    checkChunk(frame, segment, chunk);
    missing--;

    long target = chunkAddress(segment, chunk);
    if (step < reducing) {
      Reduction.accumulate(call.dtype(), call.reduceOp(), target, payload, elements(frame));
    } else {
      OffHeap.copy(payload, target, frame.length());
    }
    if (step + 1 < steps) {
      send(segment, step + 1, chunk);
    }
  }

  @Override
  boolean finished() {
    return missing == 0 && sent == chunks(segment(first));
  }

  private Segment segmentReceivedIn(int step) {
    return segment(first - 1 - step);
  }

  private Segment segment(int index) {
    return Segment.of(call.elements(), Math.floorMod(index, size), size);
  }
}
