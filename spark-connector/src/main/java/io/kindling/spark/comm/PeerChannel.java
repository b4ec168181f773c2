package io.kindling.spark.comm;

import io.kindling.distributed.DistributedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a neighbour. The handler sits in Spark's pipeline between decryption and
 * Spark's own frame decoder, and lives in two phases.
 *
 * <p><b>Handshake.</b> Spark's messages pass through, one frame at a time, so that Spark's
 * authentication and the join request run as they do between executors. Nobody has proved anything
 * yet, and Spark's decoder would take frames of 2 GB from a stranger, so a frame above {@value
 * #MAX_HANDSHAKE_FRAME} bytes ends the connection before a byte of it is stored.
 *
 * <p><b>Joined.</b> The bytes after the frame that completed the join belong to {@link Frame}s and
 * go no further down the pipeline. Outgoing buffers pass Spark's encoder untouched and are
 * encrypted where Spark encrypts. A frame that the owner does not want yet stays here and the
 * socket is not read any more, which slows the sender down through TCP.
 *
 * <p>All methods run on the channel's event loop.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // a write that fails is seen as the loss of the connection
final class PeerChannel extends ChannelInboundHandlerAdapter {
  /** What the handshake needs at most; Spark's challenges are a few hundred bytes. */
  static final int MAX_HANDSHAKE_FRAME = 8 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(PeerChannel.class);
  private static final int SPARK_LENGTH_BYTES = 8;
  private static final int MAX_MESSAGE_BYTES = 4 * 1024;
  private static final WriteBufferWaterMark WRITE_AHEAD =
      new WriteBufferWaterMark(2 * Frame.MAX_PAYLOAD_BYTES, 4 * Frame.MAX_PAYLOAD_BYTES);

  /** Receives what a joined connection brings. */
  interface Owner {
    /**
     * Takes a frame whose checksum fits.
     *
     * @param payload valid during the call only
     * @return false to get the same frame again after {@link PeerChannel#resume}
     */
    boolean take(PeerChannel from, Frame frame, ByteBuf payload);

    /** The channel takes more data again. */
    void writable();

    /** Data of {@code collective} has left the tensor's memory. */
    void written(Collective collective);

    /**
     * Nothing more will be taken from this connection: it closed, or {@code cause} (else null) made
     * it useless. The owner closes it.
     */
    void lost(PeerChannel peer, Throwable cause);
  }

  private final Channel channel;
  private final ByteBuf lengthField = Unpooled.buffer(SPARK_LENGTH_BYTES, SPARK_LENGTH_BYTES);
  private long handshakeRemaining;
  private boolean refused;

  private int rank = -1;
  private Owner owner;
  private boolean paused = true;
  private ByteBuf assembly;
  private Frame frame;
  private final Deque<ByteBuf> unread = new ArrayDeque<>();
  private boolean closed;
  private long finishedCalls = Long.MAX_VALUE;

  PeerChannel(Channel channel) {
    this.channel = channel;
  }

  /** The neighbour's rank, once it has joined. */
  int rank() {
    return rank;
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  /** Ends the handshake; what arrives from now on is kept until {@link #start}. */
  void joined(int peerRank) {
    this.rank = peerRank;
    this.assembly = channel.alloc().directBuffer(Frame.HEADER_BYTES + Frame.MAX_PAYLOAD_BYTES);
    channel.config().setWriteBufferWaterMark(WRITE_AHEAD);
    channel.config().setAutoRead(false);
  }

  /** Hands the connection to its owner, with all that has happened since it joined. */
  void start(Owner newOwner) {
    this.owner = newOwner;
    if (closed) {
      owner.lost(this, null);
    } else {
      resume();
    }
  }

  /** Offers a frame that was not taken once more, and reads on. */
  void resume() {
    if (!paused || closed) {
      return;
    }
    paused = false;
    assemble(Unpooled.EMPTY_BUFFER);
    while (!paused && !closed && !unread.isEmpty()) {
      ByteBuf first = unread.peek();
      assemble(first);
      if (!first.isReadable()) {
        unread.remove().release();
      }
    }
    if (!paused && !closed) {
      channel.config().setAutoRead(true);
    }
  }

  void sendData(Frame data, long address, Collective collective) {
    ByteBuf payload =
        data.length() == 0
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.wrappedBuffer(address, data.length(), false);
    send(data, payload)
        .addListener(
            future -> {
              if (future.isSuccess()) {
                owner.written(collective);
              } else {
                lose(future.cause());
              }
            });
  }

  void sendHeartbeat(int culprit) {
    send(Frame.heartbeat(culprit), Unpooled.EMPTY_BUFFER);
  }

  void sendGoodbye(long calls) {
    send(Frame.goodbye(calls), Unpooled.EMPTY_BUFFER);
  }

  void sendAbort(int culprit, String message) {
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, MAX_MESSAGE_BYTES);
    send(Frame.abort(culprit, length), Unpooled.wrappedBuffer(text, 0, length));
  }

  /** Header and payload leave together; the future is the payload's, which leaves last. */
  private ChannelFuture send(Frame header, ByteBuf payload) {
    ByteBuf encoded = channel.alloc().directBuffer(Frame.HEADER_BYTES);
    header.encode(encoded, payload);
    if (!payload.isReadable()) {
      return channel.writeAndFlush(encoded);
    }
    channel.write(encoded, channel.voidPromise());
    return channel.writeAndFlush(payload);
  }

  /** Notes that the neighbour makes no more calls after its first {@code calls}. */
  void departed(long calls) {
    finishedCalls = calls;
  }

  boolean hasDeparted() {
    return finishedCalls != Long.MAX_VALUE;
  }

  /** Whether the neighbour has left without taking part in call number {@code sequence}. */
  boolean misses(long sequence) {
    return sequence >= finishedCalls;
  }

  ChannelFuture close() {
    return channel.close();
  }

  ChannelFuture closeFuture() {
    return channel.closeFuture();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      while (in.isReadable()) {
        if (refused || closed) {
          in.skipBytes(in.readableBytes());
        } else if (rank < 0) {
          passHandshake(context, in);
        } else if (paused) {
          unread.add(in.readRetainedSlice(in.readableBytes()));
        } else {
          assemble(in);
        }
      }
    } finally {
      in.release();
    }
  }

  private void passHandshake(ChannelHandlerContext context, ByteBuf in) {
    if (handshakeRemaining > 0) {
      int bytes = (int) Math.min(handshakeRemaining, in.readableBytes());
      handshakeRemaining -= bytes;
      context.fireChannelRead(in.readRetainedSlice(bytes));
      return;
    }
    lengthField.writeBytes(in, Math.min(in.readableBytes(), lengthField.writableBytes()));
    if (lengthField.isWritable()) {
      return;
    }
    long length = lengthField.getLong(0);
    lengthField.clear();
    if (length <= SPARK_LENGTH_BYTES || length > MAX_HANDSHAKE_FRAME) {
      refused = true;
      LOG.warn(
          "refused {}: it announced a frame of {} bytes before it had joined; at most {} are taken",
          channel.remoteAddress(),
          length,
          MAX_HANDSHAKE_FRAME);
      channel.close();
      return;
    }
    handshakeRemaining = length - SPARK_LENGTH_BYTES;
    context.fireChannelRead(Unpooled.copyLong(length));
  }

  /** Takes bytes of {@code in} up to the end of the current frame, and offers a whole frame. */
  private void assemble(ByteBuf in) {
    try {
      fill(in, Frame.HEADER_BYTES);
      if (frame == null && assembly.readableBytes() >= Frame.HEADER_BYTES) {
        frame = Frame.decode(assembly);
      }
      if (frame == null) {
        return;
      }
      int whole = Frame.HEADER_BYTES + frame.length();
      fill(in, whole);
      if (assembly.readableBytes() == whole) {
        offer();
      }
    } catch (RuntimeException e) {
      in.skipBytes(in.readableBytes());
      lose(e);
    }
  }

  private void fill(ByteBuf in, int wanted) {
    int missing = wanted - assembly.readableBytes();
    if (missing > 0) {
      assembly.writeBytes(in, Math.min(missing, in.readableBytes()));
    }
  }

  private void offer() {
    if (!frame.checksumMatches(assembly)) {
      throw new DistributedException(
          "the checksum of a frame of "
              + frame.call()
              + " does not fit; the network corrupts data");
    }
    ByteBuf payload = assembly.slice(Frame.HEADER_BYTES, frame.length());
    if (owner.take(this, frame, payload)) {
      frame = null;
      assembly.clear();
    } else {
      paused = true;
      channel.config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (owner != null && channel.isWritable()) {
      owner.writable();
    }
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (rank < 0) {
      context.fireExceptionCaught(cause);
    } else {
      lose(cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    lose(null);
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    lengthField.release();
    unread.forEach(ByteBuf::release);
    unread.clear();
    if (assembly != null) {
      assembly.release();
    }
  }

  private void lose(Throwable cause) {
    if (closed) {
      return;
    }
    closed = true;
    if (owner == null) {
      channel.close();
    } else {
      owner.lost(this, cause);
    }
  }
}
