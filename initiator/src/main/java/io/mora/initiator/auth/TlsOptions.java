package io.mora.initiator.auth;

import io.mora.protocol.auth.tls.TlsLibrary;
import io.mora.protocol.auth.tls.TlsPsk;

/**
 * How a host connects over TLS. Its text form shows no key.
 *
 * @param psk the host's key, for its NQN
 * @param identityVersion 1; 0 for controllers that know only the older form of a key's name
 */
public record TlsOptions(TlsPsk psk, int identityVersion) {
  /**
   * IllegalArgumentException unless the version is 0 or 1; IllegalStateException where Bouncy
   * Castle's bctls is missing.
   */
  public TlsOptions {
    TlsLibrary.require();
    if (identityVersion < 0 || identityVersion > 1) {
      throw new IllegalArgumentException("identityVersion " + identityVersion + ": 0 or 1");
    }
  }

  /** A host's key under the present form of its name. */
  public static TlsOptions of(TlsPsk psk) {
    return new TlsOptions(psk, 1);
  }
}
