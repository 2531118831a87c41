package io.mora.target.shard;

import java.util.ArrayList;
import java.util.List;

/** Connections that are not read until the turn is over. */
final class PausedReads {
  private List<Flushable> connections = new ArrayList<>();
  private List<Flushable> resuming = new ArrayList<>();

  boolean isEmpty() {
    return connections.isEmpty();
  }

  void add(Flushable connection) {
    connections.add(connection);
  }

  void forget(Flushable connection) {
    connections.remove(connection);
  }

  void resume() {
    if (connections.isEmpty()) {
      return;
    }
    List<Flushable> now = connections;
    connections = resuming;
    resuming = now;
    for (int i = 0; i < now.size(); i++) {
      now.get(i).turnOver();
    }
    now.clear();
  }
}
