package io.mora.protocol.admin.policy;

import java.util.Locale;

/** Whether a listener speaks TLS. */
public enum TlsPolicy {
  /** Plain TCP only. */
  NONE,
  /** As each host begins: plain TCP, on which it may make a key, too, or TLS. */
  ALLOWED,
  /** TLS; on plain TCP a host may do nothing but make a key for it by DH-HMAC-CHAP. */
  CONCATENATED,
  /** TLS by a configured key: one that a host made by DH-HMAC-CHAP opens nothing here. */
  REQUIRED;

  /** As configuration and command line write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
