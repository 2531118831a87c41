package io.mora.protocol.admin.policy;

import io.mora.protocol.auth.tls.TlsPsk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys by which a host and this target know each other over TLS. Its text form shows no key.
 *
 * @param psk the host's
 * @param previousPsk one that counts, too, while the host changes to {@code psk}; null: none
 * @param pskFile the file {@code psk} was read from, as it is named in the configuration; null: it
 *     is in the configuration itself
 * @param previousPskFile likewise of {@code previousPsk}
 */
public record TlsSpec(
    TlsPsk psk,
    @Nullable TlsPsk previousPsk,
    @Nullable String pskFile,
    @Nullable String previousPskFile) {

  /** A host with one key. */
  public static TlsSpec of(TlsPsk psk) {
    return new TlsSpec(psk, null, null, null);
  }

  public TlsSpec withPrevious(TlsPsk previous) {
    return new TlsSpec(psk, previous, pskFile, null);
  }

  /** Every key that counts, the one that stays first. */
  public List<TlsPsk> psks() {
    TlsPsk previous = previousPsk;
    return previous == null ? List.of(psk) : List.of(psk, previous);
  }
}
