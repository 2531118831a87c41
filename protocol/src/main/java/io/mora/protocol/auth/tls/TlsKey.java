package io.mora.protocol.auth.tls;

import io.mora.protocol.Nqn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The key that TLS uses between a host and a subsystem, and its name: made of a {@link TlsPsk}, or
 * by an authentication. Its text form shows no key. Any thread.
 */
public final class TlsKey {
  private final PskIdentity identity;
  private final byte[] key;
  private boolean wiped;

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
    return of(psk.hash(), psk.retained(host), version, false, host, subsystem);
  }

  /**
   * The key that a host and a controller have made by DH-HMAC-CHAP (secure concatenation); its
   * identity is of version 1.
   *
   * @param hash that of the transaction
   * @param sessionKey of its Diffie-Hellman exchange
   * @param hostChallenged C1, the controller's challenge
   * @param controllerChallenged C2, the host's
   */
  public static TlsKey generated(
      TlsHash hash,
      byte[] sessionKey,
      byte[] hostChallenged,
      byte[] controllerChallenged,
      Nqn host,
      Nqn subsystem) {
    byte[] retained = hash.hmac(sessionKey, hostChallenged, controllerChallenged);
    return of(hash, retained, 1, true, host, subsystem);
  }

  /**
   * @param retained overwritten
   */
  private static TlsKey of(
      TlsHash hash, byte[] retained, int version, boolean generated, Nqn host, Nqn subsystem) {
    byte[] extracted = Hkdf.extract(hash, retained);
    try {
      String digest = version == 0 ? "" : digest(hash, retained, host, subsystem);
      PskIdentity identity = new PskIdentity(version, generated, hash, host, subsystem, digest);
      byte[] context = version == 0 ? identity.bytes() : bytes("0" + hash.code() + " " + digest);
      byte[] key = Hkdf.expandLabel(hash, extracted, "nvme-tls-psk", context, hash.lengthBytes());
      return new TlsKey(identity, key);
    } finally {
      Arrays.fill(retained, (byte) 0);
      Arrays.fill(extracted, (byte) 0);
    }
  }

  private static String digest(TlsHash hash, byte[] retained, Nqn host, Nqn subsystem) {
    String names = host.value() + " " + subsystem.value() + " NVMe-over-Fabrics";
    return Base64.getEncoder().encodeToString(hash.hmac(retained, bytes(names)));
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

  /** Another of the same, which does not end with this one. */
  public TlsKey copy() {
    return new TlsKey(identity, key());
  }

  /** Overwrites the key: who uses it from now on fails. Copies of it stay. */
  public synchronized void wipe() {
    Arrays.fill(key, (byte) 0);
    wiped = true;
  }

  /**
   * A copy of its bytes.
   *
   * @throws IllegalStateException after {@link #wipe}: zeroes would be a key that everybody knows
   */
  synchronized byte[] key() {
    if (wiped) {
      throw new IllegalStateException(identity + " was forgotten");
    }
    return key.clone();
  }

  @Override
  public String toString() {
    return identity.toString();
  }
}
