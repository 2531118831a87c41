package io.mora.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An NVMe qualified name: 1 to 223 bytes of UTF-8 without NUL, compared bytewise.
 *
 * <p>Constructing one checks only that, because hosts present short private names and access lists
 * decide about them. {@link #strict} also checks the naming rules and is what creates subsystems.
 *
 * @param value the name as presented; may hold control characters, which {@link #toString} escapes
 */
public record Nqn(String value) implements Comparable<Nqn> {
  /** Most bytes of UTF-8. */
  public static final int MAX_BYTES = 223;

  /** Width of an NQN field on the wire, NUL padded. */
  public static final int FIELD_LENGTH = 256;

  /** The well-known discovery subsystem. */
  public static final Nqn DISCOVERY = new Nqn("nqn.2014-08.org.nvmexpress.discovery");

  private static final String UUID_PREFIX = "nqn.2014-08.org.nvmexpress:uuid:";

  /**
   * @throws IllegalArgumentException if empty, over {@value #MAX_BYTES} bytes, not valid Unicode,
   *     or with a NUL
   */
  public Nqn {
    String problem = lenientProblem(value);
    if (problem != null) {
      throw new IllegalArgumentException("NQN '" + printable(value) + "': " + problem);
    }
  }

  /** An NQN that follows the naming rules; IllegalArgumentException says which it breaks. */
  public static Nqn strict(String value) {
    Nqn nqn = new Nqn(value);
    String problem = NqnSyntax.problem(value);
    if (problem != null) {
      throw new IllegalArgumentException("NQN '" + printable(value) + "': " + problem);
    }
    return nqn;
  }

  /** What makes the text unfit for {@link #strict}, or null when it is fit. */
  public static @Nullable String strictProblem(String value) {
    String problem = lenientProblem(value);
    return problem != null ? problem : NqnSyntax.problem(value);
  }

  /** {@code nqn.2014-08.org.nvmexpress:uuid:} and the UUID: what hosts generate for themselves. */
  public static Nqn ofUuid(UUID uuid) {
    return new Nqn(UUID_PREFIX + uuid);
  }

  /** A generated name of the UUID form with a random UUID. */
  public static Nqn random() {
    return ofUuid(UUID.randomUUID());
  }

  /** Reads a NUL-padded field of {@value #FIELD_LENGTH} bytes, or null when it holds no NQN. */
  public static @Nullable Nqn decode(ByteBuf buf, int at) {
    int length = buf.indexOf(at, at + FIELD_LENGTH, (byte) 0) - at;
    if (length < 1 || length > MAX_BYTES) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    buf.getBytes(at, bytes);
    try {
      return new Nqn(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Writes the NUL-padded field of {@value #FIELD_LENGTH} bytes. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, FIELD_LENGTH);
    buf.setBytes(at, value.getBytes(StandardCharsets.UTF_8));
  }

  public boolean isDiscovery() {
    return equals(DISCOVERY);
  }

  /** Bytewise order of the UTF-8 form. */
  @Override
  public int compareTo(Nqn other) {
    return Arrays.compareUnsigned(
        value.getBytes(StandardCharsets.UTF_8), other.value.getBytes(StandardCharsets.UTF_8));
  }

  /** The name, control characters escaped so that a hostile one cannot forge a log line. */
  @Override
  public String toString() {
    return printable(value);
  }

  private static @Nullable String lenientProblem(String value) {
    int bytes = utf8Length(value);
    if (bytes < 0) {
      return "not valid Unicode";
    }
    if (bytes < 1 || bytes > MAX_BYTES) {
      return bytes + " bytes, allowed 1 to " + MAX_BYTES;
    }
    return value.indexOf('\0') >= 0 ? "contains NUL" : null;
  }

  /** Bytes of UTF-8, or -1 for an unpaired surrogate, which UTF-8 cannot hold. */
  private static int utf8Length(String value) {
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value)).remaining();
    } catch (CharacterCodingException e) {
      return -1;
    }
  }

  private static String printable(String value) {
    StringBuilder text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        text.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
