package io.mora.target.reservation;

import io.mora.protocol.HostId;
import io.mora.protocol.reservation.ReservationType;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A reservation as a text that a person can read.
 *
 * <pre>
 * mora-reservation 1
 * generation 7
 * type 3
 * holder 00000000-0000-0000-0000-00000000000a
 * registrant 00000000-0000-0000-0000-00000000000a 00000000deadbeef
 * crc32c 12345678
 * </pre>
 *
 * <p>Type 0 is no reservation, which has no holder. Registrants are in order of registration, with
 * their keys. The checksum is of all lines before it.
 */
public final class ReservationText {
  /** No text is longer. */
  public static final int LENGTH_MAX = 16 << 10;

  private static final String FIRST = "mora-reservation 1\n";
  private static final String CRC = "crc32c ";
  private static final int HEX = 16;

  private ReservationText() {}

  public static String of(ReservationState state) {
    ReservationType type = state.type();
    StringBuilder text = new StringBuilder(FIRST);
    text.append("generation ").append(Integer.toUnsignedString(state.generation())).append('\n');
    text.append("type ").append(type == null ? 0 : type.code()).append('\n');
    if (state.holder() != null) {
      text.append("holder ").append(state.holder()).append('\n');
    }
    state
        .keys()
        .forEach(
            (host, key) ->
                text.append("registrant ").append(host).append(' ').append(hex(key)).append('\n'));
    String lines = text.toString();
    return lines + CRC + checksum(lines) + "\n";
  }

  private static String hex(long key) {
    String digits = Long.toHexString(key);
    return "0".repeat(HEX - digits.length()) + digits;
  }

  private static String checksum(String lines) {
    CRC32C crc = new CRC32C();
    crc.update(lines.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @return a state that is persistent
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  public static ReservationState parse(String text) {
    int end = text.lastIndexOf(CRC);
    if (!text.startsWith(FIRST) || end < 0) {
      throw new IllegalArgumentException("it does not begin and end as a reservation does");
    }
    String lines = text.substring(0, end);
    if (!text.substring(end).equals(CRC + checksum(lines) + "\n")) {
      throw new IllegalArgumentException("its checksum is another one");
    }
    return new Reader().read(lines.substring(FIRST.length()));
  }

  private static final class Reader {
    private final Map<HostId, Long> keys = new LinkedHashMap<>();
    private int generation;
    private @Nullable ReservationType type;
    private @Nullable HostId holder;

    ReservationState read(String lines) {
      for (String line : lines.split("\n", -1)) {
        if (!line.isEmpty()) {
          take(line.split(" ", -1), line);
        }
      }
      return ReservationState.restored(generation, keys, type, holder);
    }

    private void take(String[] words, String line) {
      String first = words[0];
      if (words.length == 2 && first.equals("generation")) {
        generation = Integer.parseUnsignedInt(words[1]);
      } else if (words.length == 2 && first.equals("type")) {
        int code = Integer.parseInt(words[1]);
        type = ReservationType.of(code);
        if (type == null && code != 0) {
          throw new IllegalArgumentException("type " + code);
        }
      } else if (words.length == 2 && first.equals("holder")) {
        holder = HostId.parse(words[1]);
      } else if (words.length == 3 && first.equals("registrant")) {
        keys.put(HostId.parse(words[1]), Long.parseUnsignedLong(words[2], HEX));
      } else {
        throw new IllegalArgumentException("a line that means nothing: " + line);
      }
    }
  }
}
