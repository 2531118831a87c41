package io.mora.protocol;

import io.netty.buffer.ByteBuf;
import java.util.UUID;

/**
 * The 128-bit host identifier of the Connect data; one identifier is one host for reservations.
 *
 * <p>On the wire: 16 bytes in the order a UUID is printed.
 *
 * @param high bytes 0..7, big-endian
 * @param low bytes 8..15, big-endian
 */
public record HostId(long high, long low) {
  public static final int LENGTH = 16;

  /** What a host that has none sends; a target refuses it. */
  public static final HostId NONE = new HostId(0, 0);

  /** Of no host: it stands for one that nobody knows any more; a target refuses it too. */
  public static final HostId UNKNOWN = new HostId(-1, -1);

  public static HostId of(UUID uuid) {
    return new HostId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  /**
   * @throws IllegalArgumentException if the text is not a UUID in its 36-character form
   */
  public static HostId parse(String text) {
    if (text.length() != 36) {
      throw new IllegalArgumentException("host id '" + text + "': a UUID of 36 characters");
    }
    return of(UUID.fromString(text));
  }

  /** A random host identifier. */
  public static HostId random() {
    return of(UUID.randomUUID());
  }

  public static HostId decode(ByteBuf buf, int at) {
    return new HostId(buf.getLong(at), buf.getLong(at + 8));
  }

  public void encode(ByteBuf buf, int at) {
    buf.setLong(at, high);
    buf.setLong(at + 8, low);
  }

  public UUID uuid() {
    return new UUID(high, low);
  }

  /** The host NQN that nvme-cli derives from the same UUID. */
  public Nqn hostNqn() {
    return Nqn.ofUuid(uuid());
  }

  public boolean isZero() {
    return (high | low) == 0;
  }

  @Override
  public String toString() {
    return uuid().toString();
  }
}
