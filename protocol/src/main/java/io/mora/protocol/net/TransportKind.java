package io.mora.protocol.net;

import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ways a loop can wait for sockets, best first. */
public enum TransportKind {
  /** Linux, native library loadable. Files go by a ring of their own where there are rings. */
  EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
  /** One ring for sockets and files: Linux 5.9 or newer, unless seccomp or a sysctl refuses it. */
  IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class),
  /** Everywhere the JDK runs. */
  NIO(NioServerSocketChannel.class, NioSocketChannel.class);

  /*
   * With multishot polls Netty 4.2.18 now and then misses that a connection was reset (about one
   * reset in forty under load; netty issue 17049 is of the kind): nobody is told, and a queue is
   * silent until its commands time out. Must be set before Netty's IoUring is first used.
   */
  private static final String MULTISHOT_POLL = "io.netty.iouring.pollAddMultishotEnabled";

  static {
    if (System.getProperty(MULTISHOT_POLL) == null) {
      System.setProperty(MULTISHOT_POLL, "false");
    }
  }

  private final Class<? extends ServerSocketChannel> serverChannel;
  private final Class<? extends SocketChannel> socketChannel;

  TransportKind(
      Class<? extends ServerSocketChannel> serverChannel,
      Class<? extends SocketChannel> socketChannel) {
    this.serverChannel = serverChannel;
    this.socketChannel = socketChannel;
  }

  /** The best kind this machine allows, in the order of declaration. */
  public static TransportKind best() {
    for (TransportKind kind : values()) {
      if (kind.available()) {
        return kind;
      }
    }
    return NIO;
  }

  /**
   * A kind from its configured name, or {@link #best} for {@code auto}.
   *
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public static TransportKind fromConfig(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    return name.equals("auto") ? best() : parse(name);
  }

  /**
   * A kind from its configured name: {@code io_uring}, {@code epoll} or {@code nio}.
   *
   * @throws IllegalArgumentException naming the value and what is allowed
   */
  public static TransportKind parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    for (TransportKind kind : values()) {
      if (kind.configName().equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "transport \"" + text + "\": one of auto, io_uring, epoll, nio");
  }

  /** Name in configuration, logs and tables: {@code io_uring}, {@code epoll}, {@code nio}. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether loops of this kind can be started here. */
  public boolean available() {
    return switch (this) {
      case IO_URING -> IoUring.isAvailable();
      case EPOLL -> Epoll.isAvailable();
      case NIO -> true;
    };
  }

  /** Why {@link #available} is false, in one line; null when it is true. */
  public @Nullable String unavailableReason() {
    return switch (this) {
      case IO_URING -> reason(IoUring.unavailabilityCause());
      case EPOLL -> reason(Epoll.unavailabilityCause());
      case NIO -> null;
    };
  }

  /** Whether a target's loops of this kind read and write files through a ring here. */
  public boolean hasFileRing() {
    return this != NIO && IoUring.isAvailable();
  }

  /** Channel class of listening sockets on loops of this kind. */
  public Class<? extends ServerSocketChannel> serverChannel() {
    return serverChannel;
  }

  /** Channel class of connections on loops of this kind. */
  public Class<? extends SocketChannel> socketChannel() {
    return socketChannel;
  }

  /** The kernel's bound on bytes not yet sent, by connection; null where it cannot be set. */
  public @Nullable ChannelOption<Long> unsentBytesOption() {
    return switch (this) {
      case IO_URING -> IoUringChannelOption.TCP_NOTSENT_LOWAT;
      case EPOLL -> EpollChannelOption.TCP_NOTSENT_LOWAT;
      case NIO -> null;
    };
  }

  /** Acknowledging at once what is received; null where it cannot be set. */
  public @Nullable ChannelOption<Boolean> quickAckOption() {
    return switch (this) {
      case IO_URING -> IoUringChannelOption.TCP_QUICKACK;
      case EPOLL -> EpollChannelOption.TCP_QUICKACK;
      case NIO -> null;
    };
  }

  IoHandlerFactory handlerFactory(LoopOptions options) {
    return switch (this) {
      case IO_URING -> IoUringIoHandler.newFactory(options.ringConfig());
      case EPOLL -> EpollIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  private static @Nullable String reason(@Nullable Throwable cause) {
    if (cause == null) {
      return null;
    }
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null
        ? root.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }
}
