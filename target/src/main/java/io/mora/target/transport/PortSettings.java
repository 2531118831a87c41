package io.mora.target.transport;

import io.mora.protocol.pdu.PduLimits;
import io.mora.target.controller.queue.Limits;
import io.mora.target.subsystem.Port;

/**
 * What every connection of a listener is told and held to.
 *
 * @param port the port as hosts see it
 * @param limits bounds of the controllers behind it
 * @param socketQueueMax bytes of replies the host may leave in the socket's queue before its
 *     connection is no longer read
 * @param handshakeMs time to ICReq, and again to Connect
 */
public record PortSettings(Port port, Limits limits, long socketQueueMax, long handshakeMs) {
  PduLimits pduLimits() {
    return new PduLimits(
        Math.max(PduLimits.ADMIN_IN_CAPSULE, limits.inCapsuleBytes()), limits.maxH2cDataBytes(), 4);
  }
}
