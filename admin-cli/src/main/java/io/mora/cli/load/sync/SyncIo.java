package io.mora.cli.load.sync;

import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoResult;
import java.nio.ByteBuffer;

/** A way for a thread to do an I/O and wait for it; made, used and closed by that thread. */
public interface SyncIo extends AutoCloseable {
  /** Reads or writes; the result is good until the next. */
  IoResult run(boolean read, long slba, int blocks, ByteBuffer data, IoOptions options);

  @Override
  void close();
}
