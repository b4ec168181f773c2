package io.kindling.spark.comm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the one request that a member takes from outside: "I am rank r and know your token".
 * Where Spark authenticates, its handler stands in front of this one and only then lets a request
 * through; the token keeps out whoever knows the application's secret but is not the neighbour of
 * this run and attempt.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for a stranger's socket to close
final class JoinHandler extends RpcHandler {
  private static final Logger LOG = LoggerFactory.getLogger(JoinHandler.class);
  private static final byte[] MAGIC = "kindling-ring-1".getBytes(StandardCharsets.US_ASCII);

  private final PeerChannel peer;
  private final int expectedRank;
  private final String token;
  private final CompletableFuture<PeerChannel> joined;

  /**
   * @param joined completed by the first request that is accepted; later ones are refused
   */
  JoinHandler(
      PeerChannel peer, int expectedRank, String token, CompletableFuture<PeerChannel> joined) {
    this.peer = peer;
    this.expectedRank = expectedRank;
    this.token = token;
    this.joined = joined;
  }

  static ByteBuffer request(int rank, String token) {
    byte[] secret = token.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer request = ByteBuffer.allocate(MAGIC.length + Integer.BYTES + secret.length);
    return request.put(MAGIC).putInt(rank).put(secret).flip();
  }

  @Override
  public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
    byte[] given = new byte[message.remaining()];
    message.get(given);
    byte[] expected = request(expectedRank, token).array();
    if (!MessageDigest.isEqual(expected, given) || joined.isDone()) {
      LOG.warn(
          "refused {}: it is not rank {} of this run", client.getSocketAddress(), expectedRank);
      client.getChannel().close();
      return;
    }
    callback.onSuccess(ByteBuffer.wrap(MAGIC));
    peer.joined(expectedRank);
    joined.complete(peer);
  }

  /** Spark serves streams before it authenticates, so there are none here. */
  @Override
  public StreamManager getStreamManager() {
    return new StreamManager() {
      @Override
      public ManagedBuffer getChunk(long streamId, int chunkIndex) {
        throw new UnsupportedOperationException("this port serves no chunks");
      }
    };
  }
}
