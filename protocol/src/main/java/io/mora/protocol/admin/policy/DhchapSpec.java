package io.mora.protocol.admin.policy;

import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a host proves who it is (DH-HMAC-CHAP). Its text form shows no secret.
 *
 * @param key the host's secret
 * @param controllerKey the secret by which controllers prove themselves to it, where it asks; null:
 *     they cannot
 * @param hashes good enough, the one liked best first
 * @param groups likewise
 * @param keyFile the file {@code key} was read from, as it is named in the configuration; null: it
 *     is in the configuration itself
 * @param controllerKeyFile likewise of {@code controllerKey}
 */
public record DhchapSpec(
    DhchapSecret key,
    @Nullable DhchapSecret controllerKey,
    List<DhchapHash> hashes,
    List<DhchapGroup> groups,
    @Nullable String keyFile,
    @Nullable String controllerKeyFile) {
  /** Any hash: none of them is weak. */
  public static final List<DhchapHash> HASHES = List.of(DhchapHash.values());

  /** The quick ones first; last none, which leaves secrets that people made up open to guessing. */
  public static final List<DhchapGroup> GROUPS =
      List.of(
          DhchapGroup.FFDHE2048,
          DhchapGroup.FFDHE3072,
          DhchapGroup.FFDHE4096,
          DhchapGroup.FFDHE6144,
          DhchapGroup.FFDHE8192,
          DhchapGroup.NULL);

  public DhchapSpec {
    hashes = List.copyOf(hashes);
    groups = List.copyOf(groups);
  }

  /** A host with a secret, any hash and group. */
  public static DhchapSpec of(DhchapSecret key) {
    return new DhchapSpec(key, null, HASHES, GROUPS, null, null);
  }

  public DhchapSpec withControllerKey(DhchapSecret secret) {
    return new DhchapSpec(key, secret, hashes, groups, keyFile, null);
  }

  public DhchapSpec withHashes(DhchapHash... allowed) {
    return new DhchapSpec(key, controllerKey, List.of(allowed), groups, keyFile, controllerKeyFile);
  }

  public DhchapSpec withGroups(DhchapGroup... allowed) {
    return new DhchapSpec(key, controllerKey, hashes, List.of(allowed), keyFile, controllerKeyFile);
  }
}
