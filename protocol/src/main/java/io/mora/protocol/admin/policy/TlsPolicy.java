package io.mora.protocol.admin.policy;

import java.util.Locale;

/** Whether a listener speaks TLS. */
public enum TlsPolicy {
  /** Plain TCP only. */
  NONE,
  /** As each host begins: plain TCP or TLS. */
  ALLOWED,
  /** TLS; on plain TCP a host may do nothing but make a key for it by DH-HMAC-CHAP. */
  CONCATENATED,
  /** TLS only. */
  REQUIRED;

  /** As configuration and command line write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
