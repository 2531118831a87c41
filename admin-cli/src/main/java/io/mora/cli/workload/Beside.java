package io.mora.cli.workload;

/**
 * A checkpoint that is written beside requests, in writes of 1 MiB.
 *
 * @param depth writes under way, of all connections together; 0 is no checkpoint
 * @param connections as many ranks write it
 */
public record Beside(int depth, int connections) {
  /** Four ranks with eight writes each. */
  public static final Beside USUAL = new Beside(32, 4);

  public static final Beside NONE = new Beside(0, 0);

  /** Something is written. */
  public boolean writes() {
    return depth > 0;
  }

  /** As a stream would be typed. */
  String stream() {
    return "bulk:write:1m:sequential:name=checkpoint:qd" + depth + ":connections=" + connections;
  }
}
