package io.mora.target.admin.event;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last events. Changes are kept apart from the log, so that a host that fails to connect a
 * thousand times does not push out what the operator did. Any thread; holds its lock for a few
 * instructions.
 */
public final class EventLog {
  /** Events kept of each kind; a further one takes the place of the oldest. */
  public static final int KEPT = 1024;

  /** Longest message; more is cut. */
  static final int MESSAGE_MAX = 1024;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private final Deque<Event> changes = new ArrayDeque<>();
  private final Deque<Event> lines = new ArrayDeque<>();
  private long last;

  /** Somebody changed something, or tried to. */
  public void change(String level, String who, String message) {
    add(changes, Event.CHANGE, level, who, message);
  }

  /** The daemon logged a line. */
  public void line(String level, String source, String message) {
    add(lines, Event.LOG, level, source, message);
  }

  /** Without what could look like another line, and not too long. */
  public static String oneLine(String text) {
    String line = CONTROL.matcher(text).replaceAll("?");
    return line.length() > MESSAGE_MAX ? line.substring(0, MESSAGE_MAX) : line;
  }

  private synchronized void add(
      Deque<Event> ring, String kind, String level, String source, String message) {
    String text = oneLine(message);
    if (ring.size() == KEPT) {
      ring.removeFirst();
    }
    ring.addLast(new Event(++last, System.currentTimeMillis(), kind, level, source, text));
  }

  /** Number of the latest event; 0 before the first. */
  public synchronized long last() {
    return last;
  }

  /**
   * Events after one, oldest first; of more than the limit the latest.
   *
   * @param kind null for all
   */
  public List<Event> after(long number, @Nullable String kind, int limit) {
    List<Event> found = new ArrayList<>();
    synchronized (this) {
      if (kind == null || kind.equals(Event.CHANGE)) {
        changes.stream().filter(event -> event.number() > number).forEach(found::add);
      }
      if (kind == null || kind.equals(Event.LOG)) {
        lines.stream().filter(event -> event.number() > number).forEach(found::add);
      }
    }
    found.sort(Comparator.comparingLong(Event::number));
    return found.subList(Math.max(0, found.size() - limit), found.size());
  }
}
