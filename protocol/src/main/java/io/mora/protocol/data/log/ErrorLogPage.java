package io.mora.protocol.data.log;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Error Information, log 01h: entries of 64 bytes, newest first.
 *
 * @param entries none empty
 */
public record ErrorLogPage(List<ErrorLogEntry> entries) {
  public ErrorLogPage {
    entries = List.copyOf(entries);
  }

  /** Reads whole entries up to the first empty one or the end of the given length. */
  public static ErrorLogPage decode(ByteBuf buf, int at, int length) {
    List<ErrorLogEntry> entries = new ArrayList<>();
    for (int pos = 0; pos + ErrorLogEntry.LENGTH <= length; pos += ErrorLogEntry.LENGTH) {
      ErrorLogEntry entry = ErrorLogEntry.decode(buf, at + pos);
      if (entry.isEmpty()) {
        break;
      }
      entries.add(entry);
    }
    return new ErrorLogPage(entries);
  }

  /** Writes the entries, then zeroes up to the given length; entries beyond it are left out. */
  public void encode(ByteBuf buf, int at, int length) {
    buf.setZero(at, length);
    int fit = Math.min(entries.size(), length / ErrorLogEntry.LENGTH);
    for (int i = 0; i < fit; i++) {
      entries.get(i).encode(buf, at + i * ErrorLogEntry.LENGTH);
    }
  }
}
