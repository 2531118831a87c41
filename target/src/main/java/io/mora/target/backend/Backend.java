package io.mora.target.backend;

import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.shard.Shard;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The storage behind one namespace: opened once, used by every shard through a {@link BackendQueue}
 * of its own. Opening, resizing, closing and {@link #queue} may block and belong to control
 * threads; nothing else here does.
 */
public interface Backend extends AutoCloseable {
  /** To {@link #resize}: the size that a file or device has got by itself, a grown volume's. */
  long SIZE_AS_FOUND = 0;

  /** Short name for logs and tables: "memory", "file (io_uring, O_DIRECT)". */
  String description();

  /** What it is now; any thread. Only its size ever changes, by {@link #resize}. */
  BackendGeometry geometry();

  /** The storage as one whose memory can be sent in place, or null: any thread. */
  default @Nullable Lender lender() {
    return null;
  }

  /** Makes the queue of a shard; called on that shard's thread, at most once a shard. */
  BackendQueue queue(Shard shard);

  /**
   * Changes the size while shards use it; one control thread at a time, never a shard's. Operations
   * that reach past a smaller size and are at the device already end as they would have, later ones
   * with LBA Out of Range; the space is given up once the former have ended. What a larger size
   * adds reads as zeroes. Size and data kept are durable when this returns.
   *
   * @param sizeBytes a positive multiple of the block size, or {@link #SIZE_AS_FOUND}
   * @return the geometry from now on
   * @throws Problem for a size that cannot be, saying what can
   * @throws IOException when the storage fails; {@link #geometry} tells what holds, as a rule what
   *     was before
   */
  default BackendGeometry resize(long sizeBytes) throws IOException {
    throw new Problem(
        "sizeBytes", sizeBytes, "nothing, the size of " + description() + " is fixed");
  }

  /**
   * Makes a file of what the storage holds at one moment of this call: what was acknowledged before
   * it is in it, and of what is under way each block as before or after. Shares space with the
   * storage until one of the two is written. A control thread; shards go on.
   *
   * @param path of the new file, on the storage's own file system
   * @throws Problem if the storage is no file, or its file system has no reflinks; nothing is left
   */
  default void snapshot(String path) throws IOException {
    throw new Problem("path", path, "no snapshot, " + description() + " is not a single file");
  }

  /** Closes the storage after every queue is closed. What was acknowledged as durable stays so. */
  @Override
  void close();
}
