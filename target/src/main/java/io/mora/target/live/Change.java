package io.mora.target.live;

/**
 * One difference between two specs.
 *
 * @param path what differs, named as operators name it: {@code subsystems[NQN].namespaces[2]}
 * @param what for a change what became of what, as {@code size 1GiB to 2GiB}; else what it is
 */
public record Change(String path, Kind kind, String what) {
  /** What happened to it. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED
  }

  static Change added(String path, String what) {
    return new Change(path, Kind.ADDED, what);
  }

  static Change removed(String path) {
    return new Change(path, Kind.REMOVED, "");
  }

  static Change changed(String path, String what) {
    return new Change(path, Kind.CHANGED, what);
  }

  /** {@code changed PATH: WHAT}. */
  @Override
  public String toString() {
    String verb = kind.name().toLowerCase(java.util.Locale.ROOT);
    return verb + " " + path + (what.isEmpty() ? "" : ": " + what);
  }
}
