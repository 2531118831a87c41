package io.mora.initiator.queue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A command's data: the caller's memory, and how far it has been moved. */
final class CommandData {
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private ByteBuffer bytes = NONE;
  private int at;
  private int length;
  private boolean in;

  /** What the socket was last told to receive into. */
  private @Nullable ByteBuf placed;

  /** Bytes of a read that arrived; they come in order. */
  int received;

  /** A data digest did not match: what arrived is not to be trusted. */
  boolean damaged;

  /** The caller has its memory back: what comes is counted only. */
  private boolean dropped;

  /** The data goes inside the capsule. */
  boolean inCapsule;

  /** Bytes of a write the controller asked for, bytes handed to the socket, and those between. */
  int granted;

  int sent;
  int r2tLeft;
  int ttag;

  /** No data. */
  void none() {
    set(NONE, 0, 0, false);
  }

  /**
   * @param toHost which way
   */
  void set(ByteBuffer newBytes, int newAt, int lengthBytes, boolean toHost) {
    bytes = newBytes;
    at = newAt;
    length = lengthBytes;
    in = toHost;
    dropped = false;
  }

  /** Lets go of the caller's memory. */
  void forget() {
    bytes = NONE;
    placed = null;
  }

  /** About to be moved, for the first time or again. */
  void restart() {
    received = 0;
    damaged = false;
    granted = 0;
    sent = 0;
    r2tLeft = 0;
  }

  int length() {
    return length;
  }

  boolean toHost() {
    return in && length > 0;
  }

  boolean toController() {
    return !in && length > 0;
  }

  /**
   * Lets go of the caller's memory while data may yet come, which is then dropped.
   *
   * @return false if the socket was told to receive into it
   */
  boolean abandon() {
    if (placed != null) {
      return false;
    }
    dropped = true;
    return true;
  }

  /** Everything was moved, and arrived as it was sent. */
  boolean complete() {
    return !damaged && length == (in ? received : inCapsule ? length : sent);
  }

  /** A view of the caller's memory to receive into; what comes in it needs no copy. */
  @Nullable ByteBuf place(int lengthBytes) {
    if (dropped || !bytes.isDirect()) {
      return null;
    }
    ByteBuffer memory = bytes.duplicate().clear().slice(at + received, lengthBytes);
    ByteBuf view = Unpooled.wrappedBuffer(memory).clear();
    placed = view;
    return view;
  }

  void receive(ByteBuf buf, int from, int lengthBytes) {
    if (buf == placed) {
      placed = null;
    } else if (dropped) {
      received += lengthBytes;
      return;
    } else if (buf.nioBufferCount() == 1) {
      ByteBuffer arrived = buf.internalNioBuffer(from, lengthBytes);
      bytes.put(at + received, arrived, arrived.position(), lengthBytes);
    } else {
      buf.getBytes(from, bytes.duplicate().clear().slice(at + received, lengthBytes));
    }
    received += lengthBytes;
  }

  /** The next bytes to send, as a buffer that borrows the caller's memory. */
  ByteBuf next(int lengthBytes) {
    return Unpooled.wrappedBuffer(bytes.duplicate().clear().slice(at + sent, lengthBytes));
  }

  /** Copies all data to an index of another buffer. */
  void copyTo(ByteBuf out, int to) {
    ByteBuffer target = out.internalNioBuffer(to, length);
    target.put(target.position(), bytes, at, length);
  }
}
