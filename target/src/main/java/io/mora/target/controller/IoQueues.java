package io.mora.target.controller;

import io.mora.target.controller.queue.QueuePair;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The I/O queues of a controller by QID. One is claimed when its Connect is accepted, has a queue
 * pair once it is served, and is gone when that has drained. The home shard only.
 */
final class IoQueues {
  private final @Nullable QueuePair[] byQid;
  private final boolean[] claimed;
  private final List<Runnable> whenNone = new ArrayList<>();
  private int granted;

  /**
   * @param max I/O queues a controller may have, all granted at first
   */
  IoQueues(int max) {
    this.byQid = new QueuePair[max + 1];
    this.claimed = new boolean[max + 1];
    this.granted = max;
  }

  /** Queues granted by Set Features 07h. */
  int granted() {
    return granted;
  }

  void grant(int queues) {
    granted = queues;
  }

  /** The queue pair of a QID, or null. */
  @Nullable QueuePair find(int qid) {
    return qid > 0 && qid < byQid.length ? byQid[qid] : null;
  }

  /** False if the QID is in use, perhaps by an old connection that still drains. */
  boolean claim(int qid) {
    if (claimed[qid]) {
      return false;
    }
    claimed[qid] = true;
    return true;
  }

  boolean any() {
    for (boolean claim : claimed) {
      if (claim) {
        return true;
      }
    }
    return false;
  }

  /** One of them has commands under way, or had a moment ago. */
  boolean areBusy() {
    for (QueuePair queuePair : byQid) {
      if (queuePair != null && queuePair.inFlight() > 0) {
        return true;
      }
    }
    return false;
  }

  void served(QueuePair queuePair) {
    byQid[queuePair.qid()] = queuePair;
  }

  void gone(int qid) {
    byQid[qid] = null;
    claimed[qid] = false;
    if (!any()) {
      List<Runnable> waiting = List.copyOf(whenNone);
      whenNone.clear();
      waiting.forEach(Runnable::run);
    }
  }

  /** Runs the action as soon as there is none. */
  void whenNone(Runnable action) {
    if (any()) {
      whenNone.add(action);
    } else {
      action.run();
    }
  }

  /** Those that are served. */
  void forEach(Consumer<QueuePair> action) {
    for (QueuePair queuePair : byQid) {
      if (queuePair != null) {
        action.accept(queuePair);
      }
    }
  }
}
