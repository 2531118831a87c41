package io.mora.initiator.queue;

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
 */
public record QueueConnect(
    InetSocketAddress address,
    boolean headerDigest,
    boolean dataDigest,
    long timeoutMs,
    int katoMs,
    ConnectData data,
    HostAuthenticator authenticator) {}
