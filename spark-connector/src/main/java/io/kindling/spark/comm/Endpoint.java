package io.kindling.spark.comm;

import io.kindling.distributed.DistributedException;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.util.IOMode;
import org.apache.spark.network.util.NettyUtils;
import org.apache.spark.network.util.TransportFrameDecoder;

/**
 * One member's socket side: it listens for the previous member, connects to the next, and owns the
 * event loop of both connections. It builds Spark's own pipeline on both, so whatever Spark is set
 * to (SASL, AES, TLS or nothing) holds here as well.
 *
 * <p>The port is open from {@link #listen} until the previous member has joined, and no longer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing waits for sockets to close
final class Endpoint implements AutoCloseable {
  private static final int TOKEN_BYTES = 32;

  private final TransportSettings settings;
  private final int rank;
  private final int size;
  private final String token = randomToken();
  private final TransportContext context;
  private final EventLoopGroup loop;
  private final ChannelGroup accepted;
  private final CompletableFuture<PeerChannel> previous = new CompletableFuture<>();
  private final CompletableFuture<PeerChannel> next = new CompletableFuture<>();
  private Channel server;
  private Member member;

  private Endpoint(TransportSettings settings, int rank, int size) {
    this.settings = settings;
    this.rank = rank;
    this.size = size;
    this.context = new TransportContext(settings.transport(), new NoOpRpcHandler());
    IOMode mode = IOMode.valueOf(settings.transport().ioMode());
    this.loop = NettyUtils.createEventLoop(mode, 1, "kindling-ring-" + rank);
    this.accepted = new DefaultChannelGroup(loop.next());
  }

  /**
   * Opens a port for the previous member.
   *
   * @param host the name under which the other members reach this one
   */
  static Endpoint listen(TransportSettings settings, String host, int rank, int size) {
    Endpoint endpoint = new Endpoint(settings, rank, size);
    try {
      endpoint.bind(host);
      return endpoint;
    } catch (IOException | RuntimeException e) {
      endpoint.close();
      throw new DistributedException(
          "rank " + rank + " cannot listen on " + host + ": " + e.getMessage(), e);
    }
  }

  /** What the others must know of this member. */
  Member member() {
    return member;
  }

  /** The one thread that all sockets of this member belong to. */
  EventLoop loop() {
    return loop.next();
  }

  PeerChannel previous() {
    return previous.join();
  }

  PeerChannel next() {
    return next.join();
  }

  /** Connects to the next member and waits until the previous one has joined. */
  void connect(List<Member> members, Deadline deadline) {
    Member target = members.get((rank + 1) % size);
    String who = "rank " + target.rank() + " at " + target.host() + ":" + target.port();
    joinNext(target, who, deadline);
    deadline.await(next, who + " to accept this task");
    int before = Math.floorMod(rank - 1, size);
    deadline.await(previous, "rank " + before + " to connect to this task");
  }

  private void bind(String host) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(
                NettyUtils.getServerChannelClass(IOMode.valueOf(settings.transport().ioMode())))
            .childOption(ChannelOption.ALLOCATOR, allocator())
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel);
                  }
                });
    InetAddress address = InetAddress.getByName(host);
    // The advertised name may be a load balancer's or a container host's; then listen everywhere.
    boolean local = NetworkInterface.getByInetAddress(address) != null;
    InetSocketAddress socket = local ? new InetSocketAddress(address, 0) : new InetSocketAddress(0);
    server = bootstrap.bind(socket).syncUninterruptibly().channel();
    int port = ((InetSocketAddress) server.localAddress()).getPort();
    member = new Member(rank, host, port, token, SharedGroups.PROCESS);
    previous.thenRun(this::closeDoor);
  }

  private void accept(SocketChannel channel) {
    accepted.add(channel);
    PeerChannel peer = new PeerChannel(channel);
    RpcHandler handler = new JoinHandler(peer, Math.floorMod(rank - 1, size), token, previous);
    if (settings.secrets() != null) {
      handler =
          new AuthServerBootstrap(settings.transport(), settings.secrets())
              .doBootstrap(channel, handler);
    }
    context.initializePipeline(channel, handler, false);
    guard(channel, peer);
  }

  private void closeDoor() {
    server.close();
    accepted.close(channel -> channel.pipeline().get(PeerChannel.class).rank() < 0);
  }

  private void joinNext(Member target, String who, Deadline deadline) {
    CompletableFuture<TransportClient> connected = new CompletableFuture<>();
    PeerChannel[] peer = new PeerChannel[1];
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(
                NettyUtils.getClientChannelClass(IOMode.valueOf(settings.transport().ioMode())))
            .option(ChannelOption.ALLOCATOR, allocator())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                settings.transport().connectionCreationTimeoutMs())
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    peer[0] = new PeerChannel(channel);
                    TransportClient client =
                        context.initializePipeline(channel, new NoOpRpcHandler(), true).getClient();
                    guard(channel, peer[0]);
                    channel.closeFuture().addListener(closed -> refusedBy(who));
                    connected.complete(client);
                  }
                });
    ChannelFuture connection = bootstrap.connect(target.host(), target.port());
    deadline.await(connection, who + " to answer");
    TransportClient client = connected.join();
    authenticate(client, connection.channel(), who);
    client.sendRpc(
        JoinHandler.request(rank, target.token()),
        new RpcResponseCallback() {
          @Override
          public void onSuccess(ByteBuffer response) {
            peer[0].joined(target.rank());
            next.complete(peer[0]);
          }

          @Override
          public void onFailure(Throwable cause) {
            next.completeExceptionally(cause);
          }
        });
  }

  private void authenticate(TransportClient client, Channel channel, String who) {
    if (settings.secrets() == null) {
      return;
    }
    try {
      new AuthClientBootstrap(settings.transport(), settings.user(), settings.secrets())
          .doBootstrap(client, channel);
    } catch (RuntimeException e) {
      throw new DistributedException(
          who
              + " did not authenticate; both need the same secret and spark.network.crypto settings",
          e);
    }
  }

  private void refusedBy(String who) {
    next.completeExceptionally(
        new DistributedException(who + " closed the connection before this task had joined"));
  }

  private static void guard(SocketChannel channel, PeerChannel peer) {
    channel.pipeline().addBefore(TransportFrameDecoder.HANDLER_NAME, "peer", peer);
  }

  private ByteBufAllocator allocator() {
    return NettyUtils.getSharedPooledByteBufAllocator(
        settings.transport().preferDirectBufsForSharedByteBufAllocators(), false);
  }

  private static String randomToken() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** Closes whatever is open; connections that a ring has closed in order are closed already. */
  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    accepted.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    context.close();
  }
}
