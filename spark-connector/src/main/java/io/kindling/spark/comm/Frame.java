package io.kindling.spark.comm;

import io.kindling.distributed.DistributedException;
import io.kindling.distributed.ReduceOp;
import io.kindling.tensor.DType;
import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/**
 * The header of what two members send each other; {@code length} bytes of payload follow it.
 *
 * <pre>
 * kind 1 | call kind 1 | dtype 1 | reduce op 1 | root 4 | layout 4 | elements 8
 * sequence 8 | step 4 | chunk 4 | length 4 | crc 4
 * </pre>
 *
 * <p>Numbers are big-endian, payloads are in the sender's native order. The checksum covers header
 * and payload: AES/CTR, Spark's default cipher, does not notice flipped bits.
 *
 * @param call the sender's call, for data
 * @param sequence the position of the call among the sender's calls; for a goodbye, how many calls
 *     it finished
 * @param step the hop of the collective, for data; the rank to blame, for heartbeat and abort
 * @param chunk the position of the payload within the step's segment
 * @param length bytes of payload
 */
record Frame(Kind kind, Call call, long sequence, int step, int chunk, int length) {
  static final int HEADER_BYTES = 44;

  /** Small enough for a core's cache, large enough to hide the cost of a frame. */
  static final int MAX_PAYLOAD_BYTES = 128 * 1024;

  private static final int CRC_OFFSET = HEADER_BYTES - 4;

  enum Kind {
    /** A piece of a tensor. */
    DATA,
    /** Sent down the ring at every tick: the sender's event loop runs. */
    HEARTBEAT,
    /** The group has failed; the payload is the message. */
    ABORT,
    /** The sender makes no more calls. */
    GOODBYE
  }

  static Frame data(Call call, long sequence, int step, int chunk, int length) {
    return new Frame(Kind.DATA, call, sequence, step, chunk, length);
  }

  static Frame heartbeat(int culprit) {
    return new Frame(Kind.HEARTBEAT, Call.barrier(), 0, culprit, 0, 0);
  }

  static Frame abort(int culprit, int length) {
    return new Frame(Kind.ABORT, Call.barrier(), 0, culprit, 0, length);
  }

  static Frame goodbye(long finishedCalls) {
    return new Frame(Kind.GOODBYE, Call.barrier(), finishedCalls, 0, 0, 0);
  }

  /** Appends the header, with the checksum over it and {@code payload}, to {@code target}. */
  @SuppressWarnings("EnumOrdinal") // both ends are tasks of one application, so of one version
  void encode(ByteBuf target, ByteBuf payload) {
    int start = target.writerIndex();
    target.writeByte(kind.ordinal());
    target.writeByte(call.kind().ordinal());
    target.writeByte(call.dtype().ordinal());
    target.writeByte(call.reduceOp().ordinal());
    target.writeInt(call.root());
    target.writeInt(call.layout());
    target.writeLong(call.elements());
    target.writeLong(sequence);
    target.writeInt(step);
    target.writeInt(chunk);
    target.writeInt(length);
    CRC32C crc = new CRC32C();
    crc.update(target.nioBuffer(start, CRC_OFFSET));
    crc.update(payload.nioBuffer());
    target.writeInt((int) crc.getValue());
  }

  /**
   * Reads the header at the start of {@code source}; its checksum needs the payload and is for
   * {@link #checksumMatches}.
   *
   * @throws DistributedException if a field is out of range
   */
  static Frame decode(ByteBuf source) {
    Kind kind = at(Kind.values(), source.getByte(0), "frame kind");
    Call call =
        new Call(
            at(Call.Kind.values(), source.getByte(1), "call kind"),
            at(DType.values(), source.getByte(2), "dtype"),
            at(ReduceOp.values(), source.getByte(3), "reduce op"),
            source.getInt(4),
            source.getLong(12),
            source.getInt(8));
    int length = source.getInt(36);
    if (length < 0 || length > MAX_PAYLOAD_BYTES) {
      throw malformed("payload length", length);
    }
    return new Frame(kind, call, source.getLong(20), source.getInt(28), source.getInt(32), length);
  }

  /** Whether the checksum fits, given header and payload from the start of {@code source}. */
  boolean checksumMatches(ByteBuf source) {
    CRC32C crc = new CRC32C();
    crc.update(source.nioBuffer(0, CRC_OFFSET));
    crc.update(source.nioBuffer(HEADER_BYTES, length));
    return (int) crc.getValue() == source.getInt(CRC_OFFSET);
  }

  private static <T> T at(T[] values, byte index, String field) {
    if (index < 0 || index >= values.length) {
      throw malformed(field, index);
    }
    return values[index];
  }

  private static DistributedException malformed(String field, int value) {
    return new DistributedException(
        "malformed frame: "
            + field
            + " is "
            + value
            + "; the members run different versions of Kindling, or the network corrupts data");
  }
}
