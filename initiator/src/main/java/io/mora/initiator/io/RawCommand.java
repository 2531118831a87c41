package io.mora.initiator.io;

import io.mora.protocol.command.Sqe;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Any command, written with the layouts of {@code io.mora.protocol.command}.
 *
 * <pre>{@code
 * RawCommand log = new RawCommand(AdminOpcode.GET_LOG_PAGE, 0).receive(ByteBuffer.allocate(512));
 * GetLogPage.write(log.sqe(), 0, LogPageId.SMART_HEALTH, 512, 0);
 * association.admin(log);
 * }</pre>
 *
 * <p>Not to be changed between submit and completion, nor shared between threads. CID, PSDT and SGL
 * are filled in when it is sent.
 */
public final class RawCommand {
  /** Which way a command's data goes. */
  public enum Data {
    NONE,
    TO_CONTROLLER,
    TO_HOST
  }

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final ByteBuf sqe = Unpooled.buffer(Sqe.LENGTH, Sqe.LENGTH);
  private Data direction = Data.NONE;
  private ByteBuffer data = EMPTY;
  private long timeoutMs;

  /** A command with all dwords zero. */
  public RawCommand(int opcode, int nsid) {
    sqe.writerIndex(Sqe.LENGTH);
    Sqe.start(sqe, 0, opcode, 0, nsid);
  }

  /** The entry, at index 0. */
  public ByteBuf sqe() {
    return sqe;
  }

  /** Sets one of CDW2, CDW3, CDW10..CDW15 by its offset constant in {@link Sqe}. */
  public RawCommand dword(int field, int value) {
    Sqe.setDword(sqe, 0, field, value);
    return this;
  }

  /** Data to the controller: the buffer's remaining bytes, whose indices stay. */
  public RawCommand send(ByteBuffer newData) {
    direction = Data.TO_CONTROLLER;
    data = newData;
    return this;
  }

  /** Data to this host: fills the buffer's remaining bytes; its indices stay. */
  public RawCommand receive(ByteBuffer newData) {
    if (newData.isReadOnly()) {
      throw new IllegalArgumentException("the buffer to receive into is read-only");
    }
    direction = Data.TO_HOST;
    data = newData;
    return this;
  }

  /** Its own timeout from submit; 0 for the queue's. */
  public RawCommand timeoutMs(long newTimeoutMs) {
    timeoutMs = newTimeoutMs;
    return this;
  }

  public Data direction() {
    return direction;
  }

  /** The data given, or null when there is none. */
  public @Nullable ByteBuffer data() {
    return direction == Data.NONE ? null : data;
  }

  public long timeoutMs() {
    return timeoutMs;
  }
}
