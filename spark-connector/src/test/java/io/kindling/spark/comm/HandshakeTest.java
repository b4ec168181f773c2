package io.kindling.spark.comm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindling.distributed.ReduceOp;
import io.kindling.tensor.DType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strangers at the port of a member: they get nothing, and do not disturb the group. */
class HandshakeTest {
  private static final int SIZE = 2;
  private static final int ANSWER_MILLIS = 10_000;

  private List<Endpoint> endpoints = List.of();

  @AfterEach
  void closeEndpoints() {
    endpoints.forEach(Endpoint::close);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OFF")
  void aClientWithoutTheSecretIsRefusedThoughItKnowsTheToken(Security security) throws Exception {
    SparkConf conf = security.conf();
    Member member = listen(conf);
    try (Stranger stranger = new Stranger(member, Security.settings(Security.OFF.conf()))) {
      assertThatThrownBy(() -> stranger.call(JoinHandler.request(1, member.token())))
          .rootCause()
          .message()
          .containsAnyOf("Expected SaslMessage", "Unknown challenge message", "closed");
    }
    assertTheGroupWorks(conf);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OFF")
  void aClientWithAnotherSecretIsRefused(Security security) throws Exception {
    SparkConf conf = security.conf();
    Member member = listen(conf);
    TransportSettings otherSecret = Security.settings(security.conf());
    assertThatThrownBy(() -> new Stranger(member, otherSecret).close())
        .isInstanceOf(RuntimeException.class);
    assertTheGroupWorks(conf);
  }

  @ParameterizedTest
  @EnumSource
  void aClientWithTheSecretButWithoutTheTokenIsRefused(Security security) throws Exception {
    SparkConf conf = security.conf();
    Member member = listen(conf);
    try (Stranger stranger = new Stranger(member, Security.settings(conf))) {
      String guess = "0".repeat(member.token().length());
      assertThatThrownBy(() -> stranger.call(JoinHandler.request(1, guess)))
          .hasMessageContaining("closed");
    }
    assertTheGroupWorks(conf);
  }

  @Test
  void aMemberThatIsNotTheNeighbourIsRefused() throws Exception {
    TransportSettings settings = Security.settings(Security.SASL.conf());
    try (Endpoint endpoint = Endpoint.listen(settings, "127.0.0.1", 0, 3);
        Stranger member = new Stranger(endpoint.member(), settings)) {
      assertThatThrownBy(() -> member.call(JoinHandler.request(1, endpoint.member().token())))
          .hasMessageContaining("closed");
    }
  }

  @ParameterizedTest
  @EnumSource
  void noChunkIsServed(Security security) throws Exception {
    SparkConf conf = security.conf();
    Member member = listen(conf);
    try (Stranger stranger = new Stranger(member, Security.settings(Security.OFF.conf()))) {
      assertThatThrownBy(stranger::fetchChunk).hasMessage("refused");
    }
    assertTheGroupWorks(conf);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {1L << 30, Long.MAX_VALUE, Long.MIN_VALUE, 0, PeerChannel.MAX_HANDSHAKE_FRAME + 1})
  void aFrameOfForbiddenLengthEndsTheConnection(long length) throws Exception {
    SparkConf conf = Security.SASL.conf();
    Member member = listen(conf);
    try (Socket socket = new Socket(member.host(), member.port())) {
      socket.setSoTimeout(ANSWER_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(ByteBuffer.allocate(Long.BYTES).putLong(length).array());
      out.flush();
      assertThat(readToEnd(socket)).as("bytes sent to a stranger").isZero();
    }
    assertTheGroupWorks(conf);
  }

  @Test
  void noByteOfAnOversizedFrameIsKept() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.pipeline().addLast(new PeerChannel(channel));
    ByteBuf head = Unpooled.buffer().writeLong(1L << 30).writeZero(1024);
    ByteBuf more = Unpooled.buffer().writeZero(1024);

    channel.writeInbound(head);
    assertThat(channel.isOpen()).isFalse();
    Object passedOn = channel.readInbound();
    assertThat(passedOn).isNull();
    assertThat(head.refCnt()).isZero();
    more.release();
  }

  @Test
  void handshakeFramesPassOneByOneHoweverTheyArrive() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.pipeline().addLast(new PeerChannel(channel));
    byte[] bytes =
        ByteBuffer.allocate(2 * Long.BYTES + 5)
            .putLong(Long.BYTES + 3)
            .put(new byte[] {1, 2, 3})
            .putLong(Long.BYTES + 2)
            .put(new byte[] {4, 5})
            .array();
    for (byte one : bytes) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {one}));
    }
    ByteBuf passed = Unpooled.buffer();
    for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
      passed.writeBytes(part);
      part.release();
    }
    assertThat(ByteBufUtil.getBytes(passed)).isEqualTo(bytes);
    channel.finishAndReleaseAll();
  }

  @Test
  void thePortIsClosedOnceTheNeighbourHasJoined() throws Exception {
    SparkConf conf = Security.SASL.conf();
    Member member = listen(conf);
    try (Socket early = new Socket(member.host(), member.port());
        Ranks ranks = Ranks.connect(endpoints, Security.settings(conf), rank -> false)) {
      early.setSoTimeout(ANSWER_MILLIS);
      assertThat(readToEnd(early)).as("bytes sent to a stranger").isZero();
      assertThatThrownBy(() -> new Socket(member.host(), member.port()).close())
          .isInstanceOf(IOException.class);
      assertAllReduceWorks(ranks);
    }
  }

  /** Opens the ports of both members and returns the first. */
  private Member listen(SparkConf conf) {
    TransportSettings settings = Security.settings(conf);
    endpoints =
        List.of(
            Endpoint.listen(settings, "127.0.0.1", 0, SIZE),
            Endpoint.listen(settings, "127.0.0.1", 1, SIZE));
    return endpoints.get(0).member();
  }

  private void assertTheGroupWorks(SparkConf conf) throws Exception {
    try (Ranks ranks = Ranks.connect(endpoints, Security.settings(conf), rank -> false)) {
      assertAllReduceWorks(ranks);
    }
  }

  private static void assertAllReduceWorks(Ranks ranks) throws Exception {
    int length = 1000;
    List<long[]> results =
        ranks.run(
            (ring, rank) -> {
              try (Elements mine = Elements.random(DType.FLOAT32, length, rank)) {
                ring.submit(Call.allReduce(DType.FLOAT32, ReduceOp.SUM, length, 0), mine.address())
                    .get();
                return mine.bits();
              }
            });
    long[] expected = Elements.reduced(DType.FLOAT32, ReduceOp.SUM, length, SIZE);
    assertThat(results).allSatisfy(bits -> assertThat(bits).isEqualTo(expected));
  }

  /** How many bytes come before the connection ends, in order or not. */
  private static int readToEnd(Socket socket) {
    int count = 0;
    try (InputStream in = socket.getInputStream()) {
      while (in.read() >= 0) {
        count++;
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection was left open", e);
    } catch (IOException e) {
      // A reset is an end as well.
    }
    return count;
  }
}
