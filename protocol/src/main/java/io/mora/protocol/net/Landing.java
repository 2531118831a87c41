package io.mora.protocol.net;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Where received bytes belong, as far as it is known before they are read; the loop's thread. */
public interface Landing {
  /** Bytes of the data under way that have yet to come; 0 between PDUs, or if it has to wait. */
  int awaitedBytes();

  /**
   * A writable view of where the next of them belong, to be read into at once and delivered as it
   * is; null if they have to be read elsewhere.
   *
   * @param lengthBytes of the view, at most {@link #awaitedBytes}
   */
  @Nullable ByteBuf place(int lengthBytes);
}
