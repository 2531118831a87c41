package io.mora.protocol.net;

/** The ways a loop can wait for sockets, best first. */
public enum TransportKind {
  IO_URING,
  EPOLL,
  NIO
}
