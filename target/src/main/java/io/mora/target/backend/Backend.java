package io.mora.target.backend;

import io.mora.target.shard.Shard;
import org.jspecify.annotations.Nullable;

/**
 * The storage behind one namespace: opened once, used by every shard through a {@link BackendQueue}
 * of its own. Opening, closing and {@link #queue} may block and belong to control threads; nothing
 * else here does.
 */
public interface Backend extends AutoCloseable {
  /** Short name for logs and tables: "memory", "file (io_uring, O_DIRECT)". */
  String description();

  BackendGeometry geometry();

  /** The storage as one whose memory can be sent in place, or null: any thread. */
  default @Nullable Lender lender() {
    return null;
  }

  /** Makes the queue of a shard; called on that shard's thread, at most once a shard. */
  BackendQueue queue(Shard shard);

  /** Closes the storage after every queue is closed. What was acknowledged as durable stays so. */
  @Override
  void close();
}
