package io.mora.target.transport;

import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.net.tls.TlsStage;
import io.mora.target.controller.Associations;
import io.mora.target.controller.auth.Arrivals;
import io.mora.target.log.HostLog;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.Port;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * A listening socket on one shard. Connections start on that shard and move to their queue's during
 * Connect.
 */
public final class Listener {
  private static final HostLog TOO_MANY =
      HostLog.of(Listener.class, Level.WARN, "Connections closed, being one too many,");

  /** Of every connection, also before it is known whether it speaks NVMe/TCP. */
  private static final AttributeKey<Port> CAME_IN_BY =
      AttributeKey.valueOf(Listener.class, "cameInBy");

  /** Connections the kernel holds before they are accepted. */
  private static final int BACKLOG = 1024;

  /** What the kernel takes of replies before it has sent the rest: a later one may go before. */
  private static final long UNSENT_BYTES = 128 << 10;

  private final ShardTurn turn;
  private final ChannelGroup connections;
  private final Arrivals arrivals;
  private volatile @Nullable PortSettings settings;
  private volatile @Nullable Associations associations;
  private @Nullable Channel channel;

  /**
   * @param connections every open connection of the target
   * @param arrivals of the whole target: one too many is closed at once
   */
  public Listener(ShardTurn turn, ChannelGroup connections, Arrivals arrivals) {
    this.turn = turn;
    this.connections = connections;
    this.arrivals = arrivals;
  }

  /**
   * Binds without accepting yet.
   *
   * @return the address bound to, with the port the system chose if 0 was asked for
   * @throws IOException naming the address
   */
  public InetSocketAddress bind(InetSocketAddress address) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(turn.shard().loop().eventLoop(), turn.shard().loop().eventLoop())
            .channel(turn.shard().loop().transport().serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1 << 20, 4 << 20))
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel child) {
                    accept(child);
                  }
                });
    ChannelOption<Long> unsent = turn.shard().loop().transport().unsentBytesOption();
    if (unsent != null) {
      bootstrap.childOption(unsent, UNSENT_BYTES);
    }
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen on " + address + ": " + bound.cause().getMessage());
    }
    channel = bound.channel();
    return (InetSocketAddress) channel.localAddress();
  }

  /** Starts accepting, or accepts by other settings from now on. */
  public void accept(PortSettings portSettings, Associations forConnect) {
    settings = portSettings;
    associations = forConnect;
    Channel bound = channel;
    if (bound == null) {
      throw new IllegalStateException("not bound");
    }
    bound.config().setAutoRead(true);
  }

  private void accept(Channel child) {
    PortSettings portSettings = settings;
    Associations forConnect = associations;
    InetSocketAddress from = (InetSocketAddress) child.remoteAddress();
    if (portSettings == null || forConnect == null || from == null) {
      child.close(); // It is not served any more, or has ended.
      return;
    }
    String refusal = arrivals.refusal(from.getAddress(), System.nanoTime());
    if (refusal != null) {
      TOO_MANY.line("Connection from {} closed: {}", from, refusal);
      child.close();
      return;
    }
    child.closeFuture().addListener(closed -> arrivals.left(from.getAddress(), System.nanoTime()));
    child.attr(CAME_IN_BY).set(portSettings.port());
    connections.add(child);
    TlsPolicy tls = portSettings.port().tls();
    if (tls == TlsPolicy.NONE) {
      child
          .pipeline()
          .addLast(new TcpConnection(child, turn, portSettings, forConnect, null, null));
      return;
    }
    Reception reception = new Reception(turn);
    child.config().setRecvByteBufAllocator(reception.sizes());
    Consumer<@Nullable PskIdentity> serve =
        identity ->
            child
                .pipeline()
                .addLast(
                    new TcpConnection(child, turn, portSettings, forConnect, reception, identity));
    Runnable secure =
        () ->
            child
                .pipeline()
                .addLast(new TlsStage(new TlsArrival(forConnect.tls(), from, tls, serve)));
    if (tls == TlsPolicy.REQUIRED) {
      secure.run();
      return;
    }
    child
        .pipeline()
        .addLast(
            new FirstByte(
                portSettings.handshakeMs(),
                isTls -> {
                  if (isTls) {
                    secure.run();
                  } else {
                    serve.accept(null);
                  }
                }));
  }

  /** Accepts no more. */
  public void close() {
    Channel bound = channel;
    if (bound != null) {
      bound.close().awaitUninterruptibly();
    }
  }

  /** Lets every connection finish what it has begun and take nothing new. */
  public static void quiesce(ChannelGroup connections) {
    for (Channel child : connections) {
      child
          .eventLoop()
          .execute(
              () -> {
                TcpConnection connection = child.pipeline().get(TcpConnection.class);
                if (connection != null) {
                  connection.quiesce();
                } else {
                  child.close(); // It has begun nothing.
                }
              });
    }
  }

  /** Closes the connections that came in through a port, which is gone. */
  public static void closeAll(ChannelGroup connections, Port gone) {
    closeIf(connections, gone, connection -> true, "its listener was removed");
  }

  /**
   * Closes those that came in through a port to subsystems that it does not serve any more, and
   * those that are shaking hands by what was asked there before.
   */
  public static void closeUnserved(ChannelGroup connections, Port now) {
    closeIf(
        connections,
        now,
        connection -> connection.isUnserved(now),
        "its listener does not serve its subsystem any more");
  }

  private static void closeIf(
      ChannelGroup connections, Port by, Predicate<TcpConnection> which, String reason) {
    for (Channel child : connections) {
      Port port = child.attr(CAME_IN_BY).get();
      if (port != null && port.portId() == by.portId()) {
        closeWhereItIs(child, which, reason);
      }
    }
  }

  /** A connection may be on its way to another shard. */
  private static void closeWhereItIs(Channel child, Predicate<TcpConnection> which, String reason) {
    child
        .eventLoop()
        .execute(
            () -> {
              TcpConnection connection = child.pipeline().get(TcpConnection.class);
              if (!child.eventLoop().inEventLoop()) {
                closeWhereItIs(child, which, reason);
              } else if (connection == null) {
                child.close();
              } else if (which.test(connection)) {
                connection.close(reason);
              }
            });
  }

  /** True when no connection has anything left to say. Asks each on its own thread. */
  public static boolean isIdle(ChannelGroup connections) {
    for (Channel child : connections) {
      TcpConnection connection = child.pipeline().get(TcpConnection.class);
      if (connection == null) {
        if (child.isOpen()) {
          return false; // Shaking hands.
        }
        continue;
      }
      var idle = child.eventLoop().submit(connection::isIdle).awaitUninterruptibly();
      if (idle.isSuccess() && !idle.getNow()) {
        return false;
      }
    }
    return true;
  }
}
