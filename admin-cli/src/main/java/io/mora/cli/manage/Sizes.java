package io.mora.cli.manage;

import io.mora.protocol.admin.Quantity;

/** Sizes as the configuration writes them. */
final class Sizes {
  private Sizes() {}

  /** Whether the second is less than the first, or that cannot be told. */
  static boolean mayLoseData(String before, String after) {
    try {
      return before.isEmpty() || Quantity.parseBytes(after) < Quantity.parseBytes(before);
    } catch (IllegalArgumentException e) {
      return false; // the daemon will refuse it, and say what is allowed
    }
  }
}
