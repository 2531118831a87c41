package io.mora.target.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of one thread, in a line for each key. Any thread.
 *
 * <p>Guarantees: tasks of a key run in their order; lines take turns, one task each; no line is
 * longer than its bound, and one that is empty takes no memory. Progress: that of the tasks; nobody
 * waits here for more than a few steps.
 */
final class TaskLines<K> {
  private final int waitingMax;
  private final Executor thread;

  /** Before all lines. */
  private final Deque<Runnable> first = new ArrayDeque<>();

  /** None is empty; the line whose turn it is comes first. */
  private final Map<K, Deque<Runnable>> lines = new LinkedHashMap<>();

  /**
   * @param waitingMax tasks of one key that may wait
   * @param thread runs what it is given one after the other
   */
  TaskLines(int waitingMax, Executor thread) {
    this.waitingMax = waitingMax;
    this.thread = thread;
  }

  /**
   * Puts a task at the end of a line.
   *
   * @return false if that is full
   * @throws RejectedExecutionException if the thread takes no more
   */
  synchronized boolean add(K key, Runnable task) {
    Deque<Runnable> line = lines.get(key);
    if (line != null && line.size() == waitingMax) {
      return false;
    }
    thread.execute(this::next);
    lines.computeIfAbsent(key, any -> new ArrayDeque<>()).add(task);
    return true;
  }

  /**
   * Puts a task, and before it what waits in a line, in front of all other lines.
   *
   * @throws RejectedExecutionException if the thread takes no more
   */
  synchronized void addFirst(K key, Runnable task) {
    thread.execute(this::next);
    Deque<Runnable> line = lines.remove(key);
    if (line != null) {
      first.addAll(line);
    }
    first.add(task);
  }

  /** The thread has been given as many of these as tasks wait. */
  private void next() {
    Runnable task = take();
    if (task != null) {
      task.run();
    }
  }

  private synchronized @Nullable Runnable take() {
    if (!first.isEmpty()) {
      return first.poll();
    }
    Iterator<Map.Entry<K, Deque<Runnable>>> turns = lines.entrySet().iterator();
    if (!turns.hasNext()) {
      return null;
    }
    Map.Entry<K, Deque<Runnable>> turn = turns.next();
    K key = turn.getKey();
    Deque<Runnable> line = turn.getValue();
    turns.remove();
    Runnable task = line.poll();
    if (!line.isEmpty()) {
      lines.put(key, line);
    }
    return task;
  }
}
