package io.kindling.distributed;

import io.kindling.DeviceException;
import io.kindling.ShapeException;
import io.kindling.memory.OffHeap;
import io.kindling.tensor.Device;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;

/**
 * A group of threads in one JVM. Once all have come to a collective operation, those that wait for
 * it share its work; the order in which values are combined is fixed, so results do not depend on
 * who does what.
 */
public final class InProcessGroup implements ProcessGroup {
  private final Meeting meeting;
  private final int rank;
  private final BooleanSupplier killed;
  private long sequence;

  private InProcessGroup(Meeting meeting, int rank, BooleanSupplier killed) {
    this.meeting = meeting;
    this.rank = rank;
    this.killed = killed;
  }

  /**
   * Makes a group; each thread takes one member of the list.
   *
   * @param timeout how long a member waits for the others before it fails and aborts the group
   */
  public static List<ProcessGroup> create(int size, Duration timeout) {
    return create(size, timeout, rank -> false);
  }

  /**
   * As {@link #create(int, Duration)}, for members that may be killed from outside.
   *
   * @param killed whether the member of that rank is to fail the group instead of waiting; polled
   *     while it waits
   */
  public static List<ProcessGroup> create(int size, Duration timeout, IntPredicate killed) {
    if (size < 1) {
      throw new DistributedException("a group needs at least 1 member, not " + size);
    }
    Meeting meeting = new Meeting(size, timeout);
    List<ProcessGroup> members = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      int self = rank;
      members.add(new InProcessGroup(meeting, rank, () -> killed.test(self)));
    }
    return members;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return meeting.size();
  }

  @Override
  public Work allReduceAsync(Tensor tensor, ReduceOp op) {
    Combine combine = new Combine(op, tensor.dtype(), false);
    return enter("allReduce(" + op + ", " + described(tensor) + ")", tensor, combine);
  }

  @Override
  public Work reduceScatterAsync(Tensor tensor, ReduceOp op) {
    Combine combine = new Combine(op, tensor.dtype(), true);
    return enter("reduceScatter(" + op + ", " + described(tensor) + ")", tensor, combine);
  }

  @Override
  public Work allGatherAsync(Tensor tensor) {
    Gather gather = new Gather(tensor.dtype().bytes());
    return enter("allGather(" + described(tensor) + ")", tensor, gather);
  }

  @Override
  public void broadcast(Tensor tensor, int root) {
    if (root < 0 || root >= size()) {
      throw new DistributedException(
          "broadcast from rank " + root + ", but the group's ranks are 0 to " + (size() - 1));
    }
    enter(
            "broadcast(from " + root + ", " + described(tensor) + ")",
            tensor,
            new Broadcast(root, tensor.dtype().bytes()))
        .await();
  }

  @Override
  public void barrier() {
    enter("barrier", null, new Nothing()).await();
  }

  @Override
  public void abort(Throwable cause) {
    meeting.fail(rank, cause.toString(), cause);
  }

  @Override
  public void close() {
    meeting.leave(rank);
  }

  private Work enter(String operation, Tensor tensor, Meeting.Action action) {
    if (tensor != null) {
      if (tensor.device().type() != Device.Type.CPU) {
        throw new DeviceException(
            operation + ": the tensor is on " + tensor.device() + "; move it to the CPU with to()");
      }
      tensor.storage().checkWritable(operation);
      if (!tensor.layout().isDense()) {
        throw new ShapeException(
            operation + ": the tensor is not dense; pass contiguous() and copy the result back");
      }
    }
    return meeting.enter(sequence++, rank, operation, tensor, action, killed);
  }

  private static String described(Tensor tensor) {
    String order =
        tensor.isContiguous()
            ? ""
            : " in the order of strides " + Arrays.toString(tensor.layout().strides());
    return tensor.dtype() + " of " + tensor.numel() + " elements" + order;
  }

  /** Copies each member's segment to the others. */
  private record Gather(int elementBytes) implements Meeting.Action {
    @Override
    public int parts(long elements) {
      return Combine.partsOf(elements);
    }

    @Override
    public void run(int part, long[] addresses, long elements) {
      for (int rank = 0; rank < addresses.length; rank++) {
        Segment piece = Combine.pieceOf(Segment.of(elements, rank, addresses.length), part);
        for (int other = 0; other < addresses.length; other++) {
          if (other != rank && piece.elements() > 0) {
            long offset = piece.start() * elementBytes;
            long bytes = piece.elements() * elementBytes;
            OffHeap.copy(addresses[rank] + offset, addresses[other] + offset, bytes);
          }
        }
      }
    }
  }

  /** Copies the root's values to the others. */
  private record Broadcast(int root, int elementBytes) implements Meeting.Action {
    @Override
    public int parts(long elements) {
      return 1;
    }

    @Override
    public void run(int part, long[] addresses, long elements) {
      for (int other = 0; other < addresses.length; other++) {
        if (other != root) {
          OffHeap.copy(addresses[root], addresses[other], elements * elementBytes);
        }
      }
    }
  }

  /** What a barrier does. */
  private record Nothing() implements Meeting.Action {
    @Override
    public int parts(long elements) {
      return 0;
    }

    @Override
    public void run(int part, long[] addresses, long elements) {}
  }
}
