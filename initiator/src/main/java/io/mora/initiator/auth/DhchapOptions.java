package io.mora.initiator.auth;

import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsLibrary;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a host authenticates. Its text form shows no secret.
 *
 * @param secret the host's, for its NQN
 * @param controllerSecret the controller's, for the subsystem: it has to prove that it knows it.
 *     Null: it has to prove nothing
 * @param hashes offered to the controller; the connect fails if it wants another
 * @param groups likewise
 * @param required authenticate even if the controller does not ask for it; always so with a {@code
 *     controllerSecret}, as who pretends to be the controller would not ask
 * @param concatenated make a key for TLS by it and connect over TLS (secure concatenation); a
 *     controller that asks for that gets it anyway
 */
public record DhchapOptions(
    DhchapSecret secret,
    @Nullable DhchapSecret controllerSecret,
    List<DhchapHash> hashes,
    List<DhchapGroup> groups,
    boolean required,
    boolean concatenated) {

  /**
   * IllegalArgumentException unless there is a hash and a group, and the secrets differ; where it
   * is {@code concatenated}, unless these make keys for TLS, and IllegalStateException where Bouncy
   * Castle's bctls is missing.
   */
  public DhchapOptions {
    hashes = List.copyOf(hashes);
    groups = List.copyOf(groups);
    if (hashes.isEmpty() || groups.isEmpty()) {
      throw new IllegalArgumentException("hashes " + hashes + ", groups " + groups + ": none");
    }
    if (secret.equals(controllerSecret)) {
      throw new IllegalArgumentException("the controller's secret must not be the host's");
    }
    if (concatenated && !canMakeKeys(hashes, groups)) {
      throw new IllegalArgumentException(whyNoKeys(hashes, groups));
    }
    if (concatenated) {
      TlsLibrary.require();
    }
    required |= controllerSecret != null || concatenated;
  }

  /** Keys for TLS can be made with what is offered. */
  boolean canMakeKeys() {
    return canMakeKeys(hashes, groups);
  }

  /** If not. */
  String whyNoKeys() {
    return whyNoKeys(hashes, groups);
  }

  private static boolean canMakeKeys(List<DhchapHash> hashes, List<DhchapGroup> groups) {
    return hashes.stream().anyMatch(hash -> TlsHash.of(hash) != null)
        && groups.stream().anyMatch(group -> group != DhchapGroup.NULL);
  }

  private static String whyNoKeys(List<DhchapHash> hashes, List<DhchapGroup> groups) {
    return "a key for TLS needs sha256 or sha384 and a Diffie-Hellman group, not hashes "
        + words(hashes.stream().map(DhchapHash::word))
        + ", groups "
        + words(groups.stream().map(DhchapGroup::word));
  }

  private static String words(Stream<String> words) {
    return words.collect(Collectors.joining(", "));
  }

  /** IllegalArgumentException if a key for TLS is there, and one is to be made. */
  public static void requireOneKey(@Nullable DhchapOptions proof, @Nullable TlsOptions tls) {
    if (tls != null && proof != null && proof.concatenated()) {
      throw new IllegalArgumentException(
          "a key for TLS is given, and one is to be made by a proof: leave out one of both");
    }
  }

  /** A host's secret; every hash and group; where the controller asks for it. */
  public static DhchapOptions of(DhchapSecret secret) {
    return new DhchapOptions(
        secret, null, List.of(DhchapHash.values()), List.of(DhchapGroup.values()), false, false);
  }

  /** The controller has to prove itself, too. */
  public DhchapOptions withControllerSecret(DhchapSecret controller) {
    return new DhchapOptions(secret, controller, hashes, groups, true, concatenated);
  }

  public DhchapOptions withHashes(List<DhchapHash> offered) {
    return new DhchapOptions(secret, controllerSecret, offered, groups, required, concatenated);
  }

  public DhchapOptions withGroups(List<DhchapGroup> offered) {
    return new DhchapOptions(secret, controllerSecret, hashes, offered, required, concatenated);
  }

  /** Even if the controller does not ask for it. */
  public DhchapOptions always() {
    return new DhchapOptions(secret, controllerSecret, hashes, groups, true, concatenated);
  }

  /** Over TLS by a key that is made on the way; the connect fails where that is not offered. */
  public DhchapOptions overTls() {
    return new DhchapOptions(secret, controllerSecret, hashes, groups, true, true);
  }
}
