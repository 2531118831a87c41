package io.mora.protocol.admin.access;

import java.util.Locale;

/** What somebody who manages a target may do. */
public enum Role {
  /** Look at everything but secrets. */
  READ,
  /** And change everything. */
  ADMIN;

  /** The word for it in configuration and output. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is enough for what needs the other. */
  public boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }
}
