package io.mora.qos;

/** What one host has waiting in one class of one line, and its place among the hosts there. */
final class HostFlow {
  final EdfQueue queue = new EdfQueue();

  /** The class it belongs to, 1 to 4. */
  final int lane;

  /** Virtual time at which its next entry should start. */
  long tag;

  /** Weight of the host that queued last; hosts whose index collides share the flow. */
  int weight = 1;

  /** Index among the flows that have work; -1: it has none. */
  int at = -1;

  HostFlow(int lane) {
    this.lane = lane;
  }
}
