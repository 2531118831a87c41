package io.mora.protocol.net.tls;

import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsSession;
import io.mora.protocol.auth.tls.TlsTraffic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What came of whole records that a worker gave to a handshake.
 *
 * @param taken bytes that belonged to it
 * @param output to be sent, also with a failure
 * @param traffic at its end
 */
record HandshakeStep(
    @Nullable TlsHandshake handshake,
    int taken,
    ByteBuf output,
    @Nullable TlsTraffic traffic,
    @Nullable TlsException failure) {
  /** Of a TLS record; types of PDUs are below. */
  private static final int LEAST_TYPE = 20;

  /** A record with an alert in the clear. */
  private static final int ALERT_BYTES = TlsTraffic.HEADER_BYTES + 2;

  /**
   * Takes it; on a worker.
   *
   * @param known null: it begins
   */
  static HandshakeStep take(TlsEnd end, @Nullable TlsHandshake known, byte[] bytes, int length) {
    try {
      return taken(end, known, bytes, length);
    } catch (RuntimeException | Error e) {
      // Whatever it was: the handshake has to end.
      TlsException fault = new TlsException(TlsException.NONE, "internal error: " + e);
      return new HandshakeStep(known, 0, Unpooled.EMPTY_BUFFER, null, fault);
    }
  }

  private static HandshakeStep taken(
      TlsEnd end, @Nullable TlsHandshake known, byte[] bytes, int length) {
    TlsHandshake at = known;
    try {
      at = at == null ? end.handshake() : at;
      int taken = at.accept(bytes, length);
      TlsSession session = at.session();
      TlsTraffic keys = session == null ? null : new TlsTraffic(session, end.isClient());
      return new HandshakeStep(at, taken, said(at), keys, null);
    } catch (TlsException e) {
      // Without an alert the peer takes it for a lost connection, and tries again.
      ByteBuf told = e.alert() == TlsException.NONE ? Unpooled.EMPTY_BUFFER : said(at);
      return new HandshakeStep(at, 0, told, null, e);
    }
  }

  private static ByteBuf said(@Nullable TlsHandshake by) {
    return by == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(by.output());
  }

  /**
   * Bytes of whole records that were received; on the loop's thread.
   *
   * @param first nothing was given to the handshake yet
   * @throws TlsException if this is no TLS, or the peer gives up
   */
  static int wholeRecords(byte[] held, int heldBytes, boolean first) throws TlsException {
    if (first && heldBytes > 0 && held[0] >= 0 && held[0] < LEAST_TYPE) {
      throw new TlsException(
          TlsException.NONE, "plain NVMe/TCP where TLS is due (first byte " + held[0] + ")");
    }
    int at = 0;
    while (heldBytes - at >= TlsTraffic.HEADER_BYTES) {
      if (held[at] == TlsTraffic.ALERT && heldBytes - at >= ALERT_BYTES) {
        // Told here and now: a worker's answer might come after the end of the connection.
        throw TlsHandshake.refusedByPeer(held[at + ALERT_BYTES - 1] & 0xFF);
      }
      int next = at + TlsTraffic.recordLength(held, at);
      if (next > heldBytes) {
        break;
      }
      at = next;
    }
    return at;
  }
}
