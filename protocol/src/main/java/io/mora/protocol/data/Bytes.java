package io.mora.protocol.data;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;

/** A short immutable run of bytes: an identifier, a vendor area, a whole cold structure. */
public final class Bytes {
  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  public static Bytes of(byte[] value) {
    return new Bytes(value.clone());
  }

  public static Bytes zero(int length) {
    return new Bytes(new byte[length]);
  }

  /** Parses pairs of hex digits; IllegalArgumentException if they are not. */
  public static Bytes parseHex(String text) {
    return new Bytes(HexFormat.of().parseHex(text));
  }

  /**
   * Copies bytes {@code at .. at + length} of the buffer, whose indices do not move.
   *
   * @throws IllegalArgumentException if the buffer ends before that
   */
  public static Bytes copyOf(ByteBuf buf, int at, int length) {
    if (at < 0 || length < 0 || buf.writerIndex() - at < length) {
      throw new IllegalArgumentException(
          "needs " + length + " bytes from " + at + ", buffer ends at " + buf.writerIndex());
    }
    byte[] copy = new byte[length];
    buf.getBytes(at, copy);
    return new Bytes(copy);
  }

  /** Takes the array over; the caller forgets it. */
  static Bytes wrap(byte[] value) {
    return new Bytes(value);
  }

  public int length() {
    return value.length;
  }

  public int unsignedByte(int index) {
    return value[index] & 0xFF;
  }

  /** Little-endian number of 1 to 8 bytes; of 8 bytes its bits. */
  public long littleEndian(int at, int width) {
    long number = 0;
    for (int i = width - 1; i >= 0; i--) {
      number = number << 8 | (value[at + i] & 0xFF);
    }
    return number;
  }

  public Bytes slice(int at, int length) {
    return new Bytes(Arrays.copyOfRange(value, at, at + length));
  }

  public boolean isZero() {
    for (byte b : value) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  public byte[] toArray() {
    return value.clone();
  }

  /** Writes the bytes at an absolute index; the buffer's indices do not move. */
  public void encode(ByteBuf buf, int at) {
    buf.setBytes(at, value);
  }

  /** Writes {@code length} of the bytes from {@code from}. */
  public void encode(ByteBuf buf, int at, int from, int length) {
    buf.setBytes(at, value, from, length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** Lower-case hex digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(value);
  }
}
