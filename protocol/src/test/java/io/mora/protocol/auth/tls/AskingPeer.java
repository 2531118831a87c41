package io.mora.protocol.auth.tls;

/** Sends what this implementation takes and does not send itself. */
public final class AskingPeer {
  private AskingPeer() {}

  /** A KeyUpdate that asks for one; returns bytes written. */
  public static int keyUpdate(TlsTraffic from, byte[] out) {
    byte[] message = {24, 0, 0, 1, 1, TlsTraffic.HANDSHAKE};
    int written = from.writer().seal(message, message.length, out, 0);
    from.writer().update();
    return written;
  }
}
