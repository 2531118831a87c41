package io.mora.target.controller;

import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.controller.queue.ResponseSink;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.Port;
import io.mora.target.subsystem.Subsystem;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A host's connection as Connect sees it, before and while it gets its queue pair. */
public interface HostConnection {
  ResponseSink sink();

  /** The shard the connection is on now. */
  ShardTurn turn();

  /**
   * Moves the connection to another shard, with reading paused. On its thread, either {@code
   * arrived} runs or, when the connection is gone, {@code failed} on any thread. A move to the
   * shard it is on runs {@code arrived} at once.
   */
  void moveTo(ShardTurn to, Runnable arrived, Runnable failed);

  /** Delivers capsules to a queue pair of a subsystem from now on, and reads again. */
  void serve(QueuePair next, Subsystem subsystem);

  /** The port it came in through. */
  Port port();

  /** The key that its host has proved over TLS, or null on plain TCP. */
  @Nullable PskIdentity tlsIdentity();

  InetSocketAddress localAddress();

  InetSocketAddress remoteAddress();
}
