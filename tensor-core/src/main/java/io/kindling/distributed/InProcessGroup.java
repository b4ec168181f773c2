package io.kindling.distributed;

import io.kindling.ShapeException;
import io.kindling.memory.OffHeap;
import io.kindling.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A group of threads in one JVM. Whoever comes last to a collective operation combines all members'
 * values, in the order of their ranks, so results do not depend on who that is.
 */
public final class InProcessGroup implements ProcessGroup {
  private final Meeting meeting;
  private final int rank;
  private long sequence;

  private InProcessGroup(Meeting meeting, int rank) {
    this.meeting = meeting;
    this.rank = rank;
  }

  /**
   * Makes a group; each thread takes one member of the list.
   *
   * @param timeout how long a member waits for the others before it fails and aborts the group
   */
  public static List<ProcessGroup> create(int size, Duration timeout) {
    if (size < 1) {
      throw new DistributedException("a group needs at least 1 member, not " + size);
    }
    Meeting meeting = new Meeting(size, timeout);
    List<ProcessGroup> members = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      members.add(new InProcessGroup(meeting, rank));
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
    Combine combine = new Combine(op, tensor.dtype());
    return enter("allReduce(" + op + ", " + described(tensor) + ")", tensor, combine::run);
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
            (addresses, elements) -> {
              for (int other = 0; other < addresses.length; other++) {
                if (other != root) {
                  OffHeap.copy(
                      addresses[root], addresses[other], elements * tensor.dtype().bytes());
                }
              }
            })
        .await();
  }

  @Override
  public void barrier() {
    enter("barrier", null, (addresses, elements) -> {}).await();
  }

  @Override
  public void abort(Throwable cause) {
    meeting.fail("rank " + rank + " aborted: " + cause.getMessage(), cause);
  }

  @Override
  public void close() {
    meeting.leave(rank);
  }

  private Work enter(String operation, Tensor tensor, Meeting.Action action) {
    if (tensor != null) {
      tensor.storage().checkWritable(operation);
      if (!tensor.layout().isDense()) {
        throw new ShapeException(
            operation + ": the tensor is not dense; pass contiguous() and copy the result back");
      }
    }
    return meeting.enter(sequence++, rank, operation, tensor, action);
  }

  private static String described(Tensor tensor) {
    String order =
        tensor.isContiguous()
            ? ""
            : " in the order of strides " + Arrays.toString(tensor.layout().strides());
    return tensor.dtype() + " of " + tensor.numel() + " elements" + order;
  }
}
