package io.mora.protocol.auth.tls;

/** What a handshake agreed on: who the peer proved to be, and the secrets of both directions. */
public final class TlsSession {
  private final PskIdentity identity;
  private final byte[] readSecret;
  private final byte[] writeSecret;

  TlsSession(PskIdentity identity, byte[] readSecret, byte[] writeSecret) {
    this.identity = identity;
    this.readSecret = readSecret;
    this.writeSecret = writeSecret;
  }

  /** The key that both ends have: names of host and subsystem. */
  public PskIdentity identity() {
    return identity;
  }

  TlsHash hash() {
    return identity.hash();
  }

  byte[] readSecret() {
    return readSecret;
  }

  byte[] writeSecret() {
    return writeSecret;
  }

  @Override
  public String toString() {
    return identity.toString();
  }
}
