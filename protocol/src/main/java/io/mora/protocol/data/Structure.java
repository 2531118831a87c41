package io.mora.protocol.data;

import io.netty.buffer.ByteBuf;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * An immutable cold structure (Identify data, a log page) read by named field.
 *
 * <p>Keeps all of its bytes: what is reserved today survives decode and encode, and a tool can
 * print every field by walking the enum.
 *
 * @param <F> the structure's fields
 */
public abstract class Structure<F extends Enum<F> & StructureField> {
  /*
   * Why not a record a structure: Identify Controller has close to a hundred fields, most of them
   * only printed. As an enum the layout is a table that a test can add up, a tool can list, and a
   * new field is one line. The dozen values the code acts on get accessors in the subclass.
   */
  private final Bytes bytes;

  protected Structure(Bytes bytes) {
    this.bytes = bytes;
  }

  /** Number in a field of at most 8 bytes; a full 8-byte field is unsigned in its bits. */
  public final long value(F field) {
    return bytes.littleEndian(field.offset(), Math.min(field.width(), Long.BYTES));
  }

  /** Number in a field of any width. */
  public final BigInteger wideValue(F field) {
    byte[] bigEndian = new byte[field.width()];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = (byte) bytes.unsignedByte(field.offset() + bigEndian.length - 1 - i);
    }
    return new BigInteger(1, bigEndian);
  }

  /** Number in a field of at most 4 bytes, whose bits fit an int. */
  protected final int intValue(F field) {
    return (int) value(field);
  }

  protected final boolean bit(F field, int bit) {
    return (value(field) >>> bit & 1) != 0;
  }

  /** Text of a field up to its padding; a character that cannot be printed reads as a dot. */
  public final String text(F field) {
    byte[] raw = bytes(field).toArray();
    int length = 0;
    while (length < raw.length && raw[length] != 0) {
      length++;
    }
    StringBuilder text = new StringBuilder(new String(raw, 0, length, StandardCharsets.UTF_8));
    while (text.length() > 0 && text.charAt(text.length() - 1) == ' ') {
      text.setLength(text.length() - 1);
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        text.setCharAt(i, '.');
      }
    }
    return text.toString();
  }

  public final Bytes bytes(F field) {
    return bytes.slice(field.offset(), field.width());
  }

  /** The whole structure. */
  public final Bytes bytes() {
    return bytes;
  }

  /** The field as people read it: a decimal number, text, or hex digits. */
  public final String show(F field) {
    return switch (field.kind()) {
      case NUMBER -> wideValue(field).toString();
      case TEXT, NUL_TEXT -> text(field);
      case BYTES -> bytes(field).toString();
    };
  }

  /** Writes the whole structure at an absolute index. */
  public final void encode(ByteBuf buf, int at) {
    bytes.encode(buf, at);
  }

  @Override
  public final boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && ((Structure<?>) other).bytes.equals(bytes);
  }

  @Override
  public final int hashCode() {
    return bytes.hashCode();
  }

  /** Fills a structure field by field; what is not set stays zero. */
  public static final class Builder<F extends Enum<F> & StructureField, S extends Structure<F>> {
    private final byte[] value;
    private final Function<Bytes, S> make;

    public Builder(int length, Function<Bytes, S> make) {
      this.value = new byte[length];
      this.make = make;
    }

    /** Sets a number; IllegalArgumentException if it does not fit the field, taken unsigned. */
    public Builder<F, S> set(F field, long number) {
      int width = Math.min(field.width(), Long.BYTES);
      if (width < Long.BYTES && number >>> 8 * width != 0) {
        throw new IllegalArgumentException(
            field.name() + " = " + number + ": " + field.width() + " bytes, unsigned");
      }
      for (int i = 0; i < width; i++) {
        value[field.offset() + i] = (byte) (number >>> 8 * i);
      }
      return this;
    }

    /** Sets a text and its padding; IllegalArgumentException if it is too long. */
    public Builder<F, S> set(F field, String text) {
      byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
      if (encoded.length > field.width()) {
        throw new IllegalArgumentException(
            field.name() + " = '" + text + "': at most " + field.width() + " bytes");
      }
      byte pad = (byte) (field.kind() == StructureField.Kind.TEXT ? ' ' : 0);
      for (int i = 0; i < field.width(); i++) {
        value[field.offset() + i] = i < encoded.length ? encoded[i] : pad;
      }
      return this;
    }

    /** Sets the first bytes of a field; IllegalArgumentException if there are too many. */
    public Builder<F, S> set(F field, Bytes part) {
      if (part.length() > field.width()) {
        throw new IllegalArgumentException(
            field.name() + ": " + part.length() + " bytes, at most " + field.width());
      }
      System.arraycopy(part.toArray(), 0, value, field.offset(), part.length());
      return this;
    }

    public S build() {
      return make.apply(Bytes.of(value));
    }
  }
}
