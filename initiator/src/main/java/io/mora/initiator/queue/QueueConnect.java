package io.mora.initiator.queue;

import io.mora.initiator.auth.AuthDemand;
import io.mora.initiator.auth.HostAuthenticator;
import io.mora.protocol.data.ConnectData;
import java.net.InetSocketAddress;

/**
 * How a queue connects.
 *
 * @param address resolved
 * @param headerDigest asked for; the connect fails if it is declined
 * @param dataDigest asked for; the connect fails if it is declined
 * @param timeoutMs for the TCP connection, and again for ICResp
 * @param katoMs keep-alive timeout told to the controller; 0 on I/O queues
 * @param data who asks for what
 * @param authenticator proves who asks
 * @param byKey of an I/O queue: over TLS by the key that its association has made, or not at all
 */
public record QueueConnect(
    InetSocketAddress address,
    boolean headerDigest,
    boolean dataDigest,
    long timeoutMs,
    int katoMs,
    ConnectData data,
    HostAuthenticator authenticator,
    boolean byKey) {
  /** Of the admin queue, with which an association begins. */
  boolean isAdmin() {
    return data.controllerId() == ConnectData.DYNAMIC_CONTROLLER;
  }

  /**
   * What a successful Connect said.
   *
   * @param dw0 15:0 CNTLID, and what the host has to prove (AUTHREQ)
   * @param flowDisabled SQ flow control is off, as asked
   */
  public record Reply(int dw0, boolean flowDisabled) {
    public int controllerId() {
      return dw0 & 0xFFFF;
    }

    AuthDemand demand() {
      return AuthDemand.of(dw0);
    }
  }
}
