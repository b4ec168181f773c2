package io.kindling.spark.comm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.network.client.ChunkReceivedCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientBootstrap;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.server.NoOpRpcHandler;

/** Spark's own client at a member's port: someone who speaks the protocol but does not belong. */
final class Stranger implements AutoCloseable {
  private static final long ANSWER_MILLIS = 10_000;

  private final TransportContext context;
  private final TransportClientFactory factory;
  private final TransportClient client;

  /** Connects, and authenticates where {@code settings} hold a secret. */
  Stranger(Member member, TransportSettings settings) throws IOException, InterruptedException {
    List<TransportClientBootstrap> bootstraps =
        settings.secrets() == null
            ? List.of()
            : List.of(
                new AuthClientBootstrap(settings.transport(), settings.user(), settings.secrets()));
    this.context = new TransportContext(settings.transport(), new NoOpRpcHandler());
    this.factory = context.createClientFactory(bootstraps);
    try {
      this.client = factory.createClient(member.host(), member.port());
    } catch (IOException | RuntimeException e) {
      factory.close();
      context.close();
      throw e;
    }
  }

  /** Sends the request and returns the answer; throws when there is none. */
  ByteBuffer call(ByteBuffer request) {
    return client.sendRpcSync(request, ANSWER_MILLIS);
  }

  /** Asks for a chunk of a stream and returns what it gets. */
  ManagedBuffer fetchChunk() throws Exception {
    CompletableFuture<ManagedBuffer> answer = new CompletableFuture<>();
    client.fetchChunk(
        0,
        0,
        new ChunkReceivedCallback() {
          @Override
          public void onSuccess(int chunkIndex, ManagedBuffer buffer) {
            answer.complete(buffer);
          }

          @Override
          public void onFailure(int chunkIndex, Throwable cause) {
            answer.completeExceptionally(cause);
          }
        });
    try {
      return answer.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException("refused", e.getCause());
    }
  }

  @Override
  public void close() {
    client.close();
    factory.close();
    context.close();
  }
}
