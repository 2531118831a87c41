package io.mora.target.controller;

import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.mora.protocol.command.Connect;
import io.mora.target.controller.queue.QueuePair;
import java.net.InetSocketAddress;

/**
 * What a host asks for by Connect, decoded.
 *
 * @param cid CID of the Connect command
 * @param shape the queue pair it wants
 * @param katoMs keep-alive timeout, 0 for none
 * @param identity who it is and what it wants
 */
public record ConnectRequest(int cid, QueuePair.Shape shape, long katoMs, Identity identity) {

  /** SQHD of the reply: entry 0 was Connect itself. */
  int replySqhd() {
    return shape.flowDisabled() ? Connect.SQHD_FLOW_DISABLED : 1 % shape.depth();
  }

  int qid() {
    return shape.qid();
  }

  /**
   * @param subNqn the subsystem
   * @param hostNqn the host's claim
   * @param hostId its identifier
   * @param cntlid FFFFh on the admin queue, the controller's otherwise
   * @param from where its connection came from
   * @param secure it came over TLS, by a key of these names
   */
  public record Identity(
      Nqn subNqn, Nqn hostNqn, HostId hostId, int cntlid, InetSocketAddress from, boolean secure) {}
}
