package io.mora.protocol.auth.tls;

import io.mora.protocol.Nqn;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The key that TLS uses between a host and a subsystem, and its name: made of a {@link TlsPsk}. Its
 * text form shows no key.
 */
public final class TlsKey {
  private final PskIdentity identity;
  private final byte[] key;

  private TlsKey(PskIdentity identity, byte[] key) {
    this.identity = identity;
    this.key = key;
  }

  /**
   * The key of a host for a subsystem.
   *
   * @param version of the identity, 0 or 1
   * @throws IllegalArgumentException for names that version 0 has no room for
   */
  public static TlsKey of(TlsPsk psk, int version, Nqn host, Nqn subsystem) {
    return of(psk.hash(), psk.retained(host), version, host, subsystem);
  }

  private static TlsKey of(TlsHash hash, byte[] retained, int version, Nqn host, Nqn subsystem) {
    String digest =
        version == 0
            ? ""
            : Base64.getEncoder()
                .encodeToString(
                    hash.hmac(
                        retained,
                        bytes(host.value() + " " + subsystem.value() + " NVMe-over-Fabrics")));
    PskIdentity identity = new PskIdentity(version, false, hash, host, subsystem, digest);
    byte[] context = version == 0 ? identity.bytes() : bytes("0" + hash.code() + " " + digest);
    byte[] key =
        Hkdf.expandLabel(
            hash, Hkdf.extract(hash, retained), "nvme-tls-psk", context, hash.lengthBytes());
    return new TlsKey(identity, key);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public PskIdentity identity() {
    return identity;
  }

  public TlsHash hash() {
    return identity.hash();
  }

  byte[] key() {
    return key.clone();
  }

  @Override
  public String toString() {
    return identity.toString();
  }
}
