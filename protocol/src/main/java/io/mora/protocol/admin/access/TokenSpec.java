package io.mora.protocol.admin.access;

import io.mora.protocol.data.Bytes;

/**
 * A token that may be shown over TCP; only its hash is known here.
 *
 * @param name whose it is, for the audit log: 1 to 64 of {@code A-Z a-z 0-9 . _ -}
 * @param sha256 SHA-256 of the token's bytes
 */
public record TokenSpec(String name, Role role, Bytes sha256) {
  public static final int NAME_MAX = 64;
  public static final int HASH_BYTES = 32;
}
