package io.mora.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Copies between buffers by absolute index. Netty's own copies make a view of a direct buffer each
 * time; these use the one the buffer keeps. Not for a buffer that several threads use at once.
 */
public final class BufferCopy {
  private BufferCopy() {}

  /** Copies from one buffer to another one; both of one piece, which all of Mora's are. */
  public static void copy(ByteBuf from, int at, ByteBuf to, int toAt, int lengthBytes) {
    if (from.nioBufferCount() != 1) {
      to.setBytes(toAt, from, at, lengthBytes);
      return;
    }
    ByteBuffer source = from.internalNioBuffer(at, lengthBytes);
    ByteBuffer target = to.internalNioBuffer(toAt, lengthBytes);
    target.put(target.position(), source, source.position(), lengthBytes);
  }
}
