package io.mora.protocol.pdu;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C over headers and data, stored little-endian after what it covers.
 *
 * <p>One instance a connection and direction; not shared between threads. {@link CRC32C} is an
 * intrinsic: 72 bytes cost some 20 ns, 4 KiB some 270 ns.
 */
public final class Digest {
  public static final int LENGTH = 4;

  private final CRC32C crc = new CRC32C();

  public Digest reset() {
    crc.reset();
    return this;
  }

  /** Adds bytes by absolute index; the buffer's indices stay. */
  public Digest update(ByteBuf buf, int at, int length) {
    if (length == 0) {
      return this;
    }
    if (buf.hasArray()) {
      crc.update(buf.array(), buf.arrayOffset() + at, length);
    } else if (buf.nioBufferCount() == 1) {
      ByteBuffer view = buf.internalNioBuffer(at, length);
      crc.update(view);
    } else {
      for (ByteBuffer view : buf.nioBuffers(at, length)) {
        crc.update(view);
      }
    }
    return this;
  }

  /** The digest of everything since {@link #reset}, as it stands on the wire read little-endian. */
  public int value() {
    return (int) crc.getValue();
  }

  /** Computes the digest of a header of {@code hlen} bytes. */
  public int of(ByteBuf buf, int at, int length) {
    return reset().update(buf, at, length).value();
  }

  /** Writes the digest of a header behind it. */
  public void append(ByteBuf buf, int at, int hlen) {
    buf.setIntLE(at + hlen, of(buf, at, hlen));
  }
}
