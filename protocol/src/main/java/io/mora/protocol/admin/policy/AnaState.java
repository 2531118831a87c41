package io.mora.protocol.admin.policy;

import java.util.Locale;

/** How well a group of namespaces is reached through a listener: Asymmetric Namespace Access. */
public enum AnaState {
  OPTIMIZED(1),
  /** Works; another way is better. */
  NON_OPTIMIZED(2),
  /** Not now: commands end with Asymmetric Access Inaccessible, another way is to be taken. */
  INACCESSIBLE(3),
  /** Not any more. */
  PERSISTENT_LOSS(4),
  /** Between two others: commands end with Asymmetric Access Transition, to be repeated. */
  CHANGE(0xF);

  private final int code;

  AnaState(int code) {
    this.code = code;
  }

  /** As the ANA log has it. */
  public int code() {
    return code;
  }

  /** As a configuration has it, {@code non-optimized}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads what {@link #word} writes.
   *
   * @throws IllegalArgumentException if it is no state
   */
  public static AnaState parse(String word) {
    for (AnaState state : values()) {
      if (state.word().equals(word)) {
        return state;
      }
    }
    throw new IllegalArgumentException("not an ANA state");
  }
}
