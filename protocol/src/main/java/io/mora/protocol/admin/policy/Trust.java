package io.mora.protocol.admin.policy;

import java.util.Locale;

/** Whether a host's name is believed where what it gets hangs on it. */
public enum Trust {
  /** Only a name that its host has proved, by DH-HMAC-CHAP or by a TLS key. */
  PROVEN,
  /** As it is said: on networks where the operator knows who connects. */
  CLAIMED;

  /** As configuration and command line write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
