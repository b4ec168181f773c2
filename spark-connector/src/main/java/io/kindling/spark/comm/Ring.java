package io.kindling.spark.comm;

import io.kindling.distributed.DistributedException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of the ring: it runs the calls of its task one after the other, and sees to it that
 * either all members go on or all fail with the same first reason.
 *
 * <p><b>Failure.</b> Whoever fails first (its task threw or was killed, a connection broke, a call
 * made no progress) tells both neighbours who is to blame and why, and closes. A neighbour that
 * hears it fails with that reason and tells its other neighbour, so the news goes around the ring
 * both ways. The first reason that reaches a member stays.
 *
 * <p><b>Whom to blame for a stall.</b> When one member stops, everyone waits for the member before
 * it; {@link StallWatch} says how all come to name the same one.
 *
 * <p><b>Leaving.</b> {@link #close} says goodbye and waits until both neighbours have done so too:
 * to close a connection while something waits unread at one end may destroy what the other end has
 * still to read.
 */
@SuppressWarnings("FutureReturnValueIgnored") // tasks of the event loop report by fail()
final class Ring implements PeerChannel.Owner, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ring.class);
  private static final Duration TICK = Duration.ofMillis(100);

  /** How long a failed member lets its neighbours take note before it closes by itself. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final int rank;
  private final int size;
  private final Endpoint endpoint;
  private final PeerChannel previous;
  private final PeerChannel next;
  private final EventLoop loop;
  private final Duration timeout;
  private final BooleanSupplier killed;

  /** Completed when both connections are closed, so that no tensor's memory is in use. */
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private volatile DistributedException failure;

  // Touched by the event loop only. A call is in waiting until it is finished here (the first one
  // runs), and in unfinished until its last bytes have left.
  private final Deque<Collective> waiting = new ArrayDeque<>();
  private final Set<Collective> unfinished = new LinkedHashSet<>();
  private long calls;
  private long finishedCalls;
  private final StallWatch watch;
  private boolean leaving;
  private long leavingSince;
  private int closedChannels;

  private Ring(Endpoint endpoint, int size, TransportSettings settings, BooleanSupplier killed) {
    this.rank = endpoint.member().rank();
    this.size = size;
    this.endpoint = endpoint;
    this.previous = endpoint.previous();
    this.next = endpoint.next();
    this.loop = endpoint.loop();
    this.timeout = settings.timeout();
    this.killed = killed;
    this.watch = new StallWatch(timeout, previous.rank());
  }

  /**
   * Connects to the neighbours. Takes over {@code endpoint}, also when it fails.
   *
   * @param members all members by rank, as the rendezvous gave them
   * @param killed whether Spark has killed the task; polled
   */
  static Ring connect(
      Endpoint endpoint,
      List<Member> members,
      TransportSettings settings,
      Deadline deadline,
      BooleanSupplier killed) {
    try {
      endpoint.connect(members, deadline);
      Ring ring = new Ring(endpoint, members.size(), settings, killed);
      ring.loop.submit(ring::start).syncUninterruptibly();
      return ring;
    } catch (RuntimeException e) {
      endpoint.close();
      throw e;
    }
  }

  /**
   * Makes a call on the elements at {@code address}. The memory belongs to the call until the
   * returned future is done, whether it ends well or not; the future's failure is a {@link
   * DistributedException}.
   */
  CompletableFuture<Void> submit(Call call, long address) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      loop.execute(() -> begin(call, address, done));
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(refusal(call));
    }
    return done;
  }

  /** Fails all members because of {@code cause}, and waits until the neighbours know. */
  void abort(Throwable cause) {
    try {
      loop.execute(() -> fail(rank, cause.toString(), cause));
      awaitClosed(FAREWELL.multipliedBy(2));
    } catch (RejectedExecutionException e) {
      LOG.debug("rank {} had left the group before it failed", rank, cause);
    }
  }

  /** Leaves the group: together with all others, or alone after the time-out or a failure. */
  @Override
  public void close() {
    try {
      loop.execute(this::leave);
      awaitClosed(timeout.plus(FAREWELL.multipliedBy(2)));
    } catch (RejectedExecutionException e) {
      LOG.debug("rank {} had left the group already", rank);
    } finally {
      endpoint.close();
    }
  }

  private void awaitClosed(Duration limit) {
    try {
      new Deadline(limit, () -> false).await(closed, "the neighbours to close");
    } catch (DistributedException e) {
      LOG.warn("rank {} closes alone: {}", rank, e.getMessage());
    }
  }

  private void start() {
    previous.closeFuture().addListener(future -> closedOne());
    next.closeFuture().addListener(future -> closedOne());
    loop.scheduleWithFixedDelay(
        this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    previous.start(this);
    next.start(this);
  }

  private void begin(Call call, long address, CompletableFuture<Void> done) {
    if (failure != null || leaving) {
      done.completeExceptionally(refusal(call));
      return;
    }
    long sequence = calls++;
    Collective.Place place = new Collective.Place(rank, size, next);
    Collective collective = Collective.of(call, sequence, address, place, done);
    if (unfinished.isEmpty()) {
      watch.progressed();
    }
    unfinished.add(collective);
    waiting.add(collective);
    if (waiting.size() == 1) {
      runFirst();
      advance();
    }
  }

  private void runFirst() {
    Collective first = waiting.peek();
    if (first != null && isAccompanied(previous) && isAccompanied(next)) {
      first.pump();
      previous.resume();
    }
  }

  /** Goes on to the next call when the first one is finished here. */
  private void advance() {
    while (!waiting.isEmpty() && waiting.peek().finished()) {
      Collective finished = waiting.remove();
      finishedCalls++;
      settle(finished);
      runFirst();
    }
  }

  private void settle(Collective collective) {
    if (collective.finished() && !collective.hasPendingWrites()) {
      unfinished.remove(collective);
      collective.done.complete(null);
    }
  }

  /** Whether the neighbour takes part in the first call; if it has left, the group fails. */
  private boolean isAccompanied(PeerChannel neighbour) {
    Collective first = waiting.peek();
    if (first != null && neighbour.misses(first.sequence)) {
      fail(neighbour.rank(), "it left the group before " + describe(first), null);
    }
    return failure == null;
  }

  @Override
  public boolean take(PeerChannel from, Frame frame, ByteBuf payload) {
    switch (frame.kind()) {
      case DATA -> {
        return takeData(from, frame, payload);
      }
      case HEARTBEAT -> {
        watch.heard(frame.step());
      }
      case ABORT -> {
        fail(frame.step(), payload.toString(StandardCharsets.UTF_8), null);
        // The sender waits for nothing but this.
        from.close();
      }
      case GOODBYE -> {
        from.departed(frame.sequence());
        if (isAccompanied(from)) {
          closeWhenAllLeft();
        }
      }
    }
    return true;
  }

  private boolean takeData(PeerChannel from, Frame frame, ByteBuf payload) {
    if (failure != null || leaving) {
      return true;
    }
    Collective first = waiting.peek();
    if (first == null || frame.sequence() > first.sequence) {
      return false;
    }
    if (from != previous || frame.sequence() < first.sequence || !frame.call().equals(first.call)) {
      String theirs = frame.call() + " (call " + frame.sequence() + ")";
      fail(
          from.rank(),
          "it made "
              + theirs
              + " where rank "
              + rank
              + " made "
              + describe(first)
              + "; all ranks must make the same calls in the same order",
          null);
      return true;
    }
    try {
      first.receive(frame, payload.isReadable() ? payload.memoryAddress() : 0);
    } catch (RuntimeException e) {
      fail(from.rank(), e.getMessage(), e);
      return true;
    }
    watch.progressed();
    advance();
    return true;
  }

  @Override
  public void writable() {
    if (failure == null && !waiting.isEmpty()) {
      waiting.peek().pump();
      advance();
    }
  }

  @Override
  public void written(Collective collective) {
    collective.written();
    watch.progressed();
    settle(collective);
  }

  @Override
  public void lost(PeerChannel peer, Throwable cause) {
    if (!peer.hasDeparted()) {
      String reason =
          cause == null
              ? "it closed its connection to rank " + rank + "; see the log of its executor"
              : "its connection to rank " + rank + " broke: " + cause.getMessage();
      fail(peer.rank(), reason, cause);
    }
  }

  private void tick() {
    try {
      look();
    } catch (RuntimeException e) {
      fail(rank, e.toString(), e);
    }
  }

  private void look() {
    watch.tick();
    if (failure != null) {
      return;
    }
    if (killed.getAsBoolean()) {
      fail(rank, "its task was killed", null);
    } else if (!unfinished.isEmpty() && watch.isStalled()) {
      fail(
          culprit(),
          "it held up "
              + describe(unfinished.iterator().next())
              + " for "
              + timeout.toMillis()
              + " ms; look at its executor, or raise "
              + TransportSettings.TIMEOUT,
          null);
    } else if (leaving && System.nanoTime() - leavingSince > timeout.toNanos()) {
      LOG.warn("rank {} leaves before its neighbours do", rank);
      closeBoth();
    } else if (!leaving && next.isWritable()) {
      next.sendHeartbeat(culprit());
    }
  }

  /** The rank that this one is waiting for, as far as it knows. */
  private int culprit() {
    if (waiting.isEmpty()) {
      return unfinished.isEmpty() ? rank : next.rank();
    }
    return watch.culprit();
  }

  private void fail(int culprit, String reason, Throwable cause) {
    if (failure != null || closed.isDone()) {
      return;
    }
    failure =
        new DistributedException(
            "rank "
                + culprit
                + " of "
                + size
                + " failed first: "
                + reason
                + " (this is rank "
                + rank
                + ")",
            cause);
    waiting.clear();
    previous.sendAbort(culprit, reason);
    next.sendAbort(culprit, reason);
    previous.resume();
    loop.schedule(this::closeBoth, FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void leave() {
    if (failure != null || leaving) {
      return;
    }
    if (!unfinished.isEmpty()) {
      fail(rank, "its task left during " + describe(unfinished.iterator().next()), null);
      return;
    }
    leaving = true;
    leavingSince = System.nanoTime();
    previous.sendGoodbye(finishedCalls);
    next.sendGoodbye(finishedCalls);
    previous.resume();
    closeWhenAllLeft();
  }

  private void closeWhenAllLeft() {
    if (leaving && previous.hasDeparted() && next.hasDeparted()) {
      closeBoth();
    }
  }

  private void closeBoth() {
    previous.close();
    next.close();
  }

  private void closedOne() {
    if (++closedChannels == 2) {
      for (Collective collective : unfinished) {
        collective.done.completeExceptionally(refusal(collective.call));
      }
      unfinished.clear();
      closed.complete(null);
    }
  }

  private DistributedException refusal(Call call) {
    DistributedException known = failure;
    return known != null
        ? known
        : new DistributedException(call + " on rank " + rank + ", which has left the group");
  }

  private static String describe(Collective collective) {
    return collective.call + " (call " + collective.sequence + ")";
  }
}
