package io.mora.initiator.path.route;

import io.mora.initiator.path.select.PathLoad;

/** A path as its commands know it. On the paths' thread, but for {@link #load}. */
public interface PathControl {
  /** Any thread. */
  PathLoad load();

  /** A command of a namespace was answered with a path-related status. */
  void answered(int nsid, int status);

  /** A command ended without an answer. */
  void failed();

  /**
   * When nothing that was sent before now can change anything any more.
   *
   * @return nowNs or later
   */
  long quietAtNs(long nowNs);

  /** When the transition that a namespace is in must be over; nowNs or before if it is in none. */
  long changedByNs(int nsid, long nowNs);
}
