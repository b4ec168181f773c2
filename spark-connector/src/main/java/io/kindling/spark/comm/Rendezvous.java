package io.kindling.spark.comm;

import io.kindling.distributed.DistributedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.BarrierTaskContext;

/**
 * Tells the tasks of a barrier stage where each of them listens. It uses Spark's {@code allGather}
 * exactly once, and with a deadline of its own, as Spark's is a year.
 */
final class Rendezvous {
  private static final String SEPARATOR = "\t";

  private Rendezvous() {}

  /**
   * Fails when the stage was not started as a whole. Spark may rerun a part of a failed barrier map
   * stage; the missing tasks would never come.
   */
  static void checkWhole(BarrierTaskContext context) {
    int launched = context.getTaskInfos().length;
    if (launched != context.numPartitions()) {
      throw new DistributedException(
          "attempt "
              + context.stageAttemptNumber()
              + " of the barrier stage launched only "
              + launched
              + " of its "
              + context.numPartitions()
              + " tasks; all must run together, so this attempt fails for the next to start whole");
    }
  }

  /**
   * Exchanges addresses and tokens.
   *
   * @param runId names the training run; tasks of different runs refuse each other
   * @return all members by rank
   */
  static List<Member> gather(
      BarrierTaskContext context, String runId, Member self, Deadline deadline) {
    String run = runId + SEPARATOR + context.stageAttemptNumber();
    CompletableFuture<String[]> answer = new CompletableFuture<>();
    // Nothing ends Spark's wait but its answer or the end of the stage, so it has its own thread.
    Thread waiting =
        new Thread(
            () -> {
              try {
                answer.complete(context.allGather(encode(run, self)));
              } catch (Throwable e) {
                answer.completeExceptionally(e);
              }
            },
            "kindling-rendezvous-" + self.rank());
    waiting.setDaemon(true);
    waiting.start();
    String[] messages =
        deadline.await(
            answer, "all " + context.numPartitions() + " tasks to appear", () -> wake(waiting));
    return decode(messages, run);
  }

  /**
   * Spark looks once a second whether the answer has come. To its wait an interrupt is the sign to
   * look now, and to go on if the task was not killed.
   */
  private static void wake(Thread waiting) {
    if (waiting.getState() == Thread.State.TIMED_WAITING) {
      waiting.interrupt();
    }
  }

  static String encode(String run, Member member) {
    return String.join(
        SEPARATOR,
        Integer.toString(member.rank()),
        member.host(),
        Integer.toString(member.port()),
        member.token(),
        member.process(),
        run);
  }

  /** The members, after a check that message i comes from rank i of the same run and attempt. */
  static List<Member> decode(String[] messages, String run) {
    List<Member> members = new ArrayList<>();
    for (String message : messages) {
      String[] fields = message.split(SEPARATOR, 6);
      int rank = Integer.parseInt(fields[0]);
      if (rank != members.size() || !fields[5].equals(run)) {
        throw new DistributedException(
            "rank "
                + rank
                + " of run '"
                + fields[5]
                + "' answered in place of rank "
                + members.size()
                + " of run '"
                + run
                + "'; give every task the same run id");
      }
      members.add(new Member(rank, fields[1], Integer.parseInt(fields[2]), fields[3], fields[4]));
    }
    return members;
  }
}
