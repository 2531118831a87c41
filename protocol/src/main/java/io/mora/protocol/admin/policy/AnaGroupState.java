package io.mora.protocol.admin.policy;

import io.mora.protocol.admin.Range;

/**
 * The state of one ANA group at a listener; groups of which nothing is said are optimized.
 *
 * @param group ANAGRPID
 */
public record AnaGroupState(int group, AnaState state) {
  /** ANA groups; each namespace is in one. */
  public static final Range GROUP = new Range(1, 1, 128);

  /** As {@code 2 non-optimized}. */
  @Override
  public String toString() {
    return group + " " + state.word();
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws IllegalArgumentException if it has another form
   */
  public static AnaGroupState parse(String text) {
    String[] parts = text.strip().split(" +", -1);
    try {
      if (parts.length == 2) {
        return new AnaGroupState(Integer.parseInt(parts[0]), AnaState.parse(parts[1]));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("not a group and a state, as 2 non-optimized", e);
    }
    throw new IllegalArgumentException("not a group and a state, as 2 non-optimized");
  }
}
