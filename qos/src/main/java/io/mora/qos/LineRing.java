package io.mora.qos;

import java.util.Arrays;

/** Lines that have work in one stage, taken in turn. */
final class LineRing {
  private static final int START_LENGTH = 8;

  private final int stage;
  private DeviceLine[] lines = new DeviceLine[START_LENGTH];
  private int size;
  private int cursor;

  LineRing(int stage) {
    this.stage = stage;
  }

  int size() {
    return size;
  }

  /** Puts a line in, unless it is. */
  void add(DeviceLine line) {
    if (line.place[stage] >= 0) {
      return;
    }
    if (size == lines.length) {
      lines = Arrays.copyOf(lines, size * 2);
    }
    line.place[stage] = size;
    lines[size++] = line;
  }

  /** Takes a line out, if it is in. */
  void remove(DeviceLine line) {
    int hole = line.place[stage];
    if (hole < 0) {
      return;
    }
    line.place[stage] = -1;
    DeviceLine last = lines[--size];
    clear(size);
    if (last != line) {
      lines[hole] = last;
      last.place[stage] = hole;
    }
  }

  @SuppressWarnings("NullAway") // beyond size the array may hold anything
  private void clear(int index) {
    lines[index] = null;
  }

  /** The line whose turn it is; there must be one. */
  DeviceLine current() {
    if (cursor >= size) {
      cursor = 0;
    }
    return lines[cursor];
  }

  /** Its turn is over. */
  void advance() {
    cursor++;
  }
}
