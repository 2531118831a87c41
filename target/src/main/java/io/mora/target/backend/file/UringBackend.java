package io.mora.target.backend.file;

import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendOptions;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.LiveSize;
import io.mora.target.backend.os.ErrnoStatus;
import io.mora.target.shard.Shard;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file or block device read and written through each shard's own io_uring, the ring its sockets
 * use: a command's data comes and goes on one thread, without a pool or a hand-off.
 *
 * <p>Of two writes under way on the same block one wins whole, and a read sees one of them whole,
 * as far as O_DIRECT reaches a device that moves that block as one unit. With 4096-byte blocks on a
 * device of 512-byte sectors, or through the page cache, a read may see part of a write under way.
 */
public final class UringBackend implements Backend {
  private final StorageFile file;
  private final LiveSize size;

  private UringBackend(StorageFile file, BackendGeometry geometry) {
    this.file = file;
    this.size = new LiveSize(geometry);
  }

  /**
   * Opens a FILE or BLOCK; throws {@link BackendOptions.Problem} for what the options got wrong.
   */
  public static UringBackend open(BackendOptions options) throws IOException {
    StorageFile file = StorageFile.open(options, true);
    return new UringBackend(file, file.geometry(options, false));
  }

  @Override
  public String description() {
    return file.kind() + " (io_uring, " + (file.direct() ? "O_DIRECT)" : "buffered)");
  }

  @Override
  public BackendGeometry geometry() {
    return size.geometry();
  }

  @Override
  public BackendGeometry resize(long sizeBytes) throws IOException {
    return size.resize(file.size().target(sizeBytes), file.size()::set);
  }

  @Override
  public void snapshot(String path) throws IOException {
    file.snapshot(path);
  }

  @Override
  public BackendQueue queue(Shard shard) {
    if (!shard.loop().hasFileRing()) {
      throw new IllegalStateException("shard " + shard.index() + " has no io_uring");
    }
    NettyRing ring = new NettyRing(file.fd());
    UringQueue queue = new UringQueue(file, size, ring);
    size.opened(shard, queue);
    ring.register(shard.loop().eventLoop(), queue);
    return queue;
  }

  @Override
  public void close() {
    file.close();
  }

  /** The ring of a Netty loop, for one file. The loop's thread only. */
  private static final class NettyRing implements UringQueue.Ring, IoUringIoHandle {
    /*
     * Netty encodes registration, opcode and a 16-bit tag into user_data; a larger tag goes through
     * a hash table. One IoUringIoOps an operation is its API's price (72 bytes, dead at once).
     */
    private static final long NOT_TAKEN = 0;

    private final int fd;
    private @Nullable UringQueue queue;
    private @Nullable IoRegistration registration;

    NettyRing(int fd) {
      this.fd = fd;
    }

    /** Joins the loop; on its thread, where registration is done when the call returns. */
    void register(IoEventLoop loop, UringQueue owner) {
      queue = owner;
      Future<IoRegistration> joined = loop.register(this);
      if (!joined.isSuccess()) {
        throw new IllegalStateException("ring registration", joined.cause());
      }
      registration = joined.getNow();
    }

    @Override
    public void submit(
        byte opcode, long offset, long address, int length, int opFlags, short slot) {
      IoRegistration joined = registration;
      boolean taken =
          joined != null
              && joined.submit(
                      new IoUringIoOps(
                          opcode,
                          (byte) 0,
                          (short) 0,
                          fd,
                          offset,
                          address,
                          length,
                          opFlags,
                          (long) slot,
                          (short) 0,
                          (short) 0,
                          0,
                          0L))
                  != NOT_TAKEN;
      if (!taken && queue != null) {
        // The loop is going down and takes no more entries; nobody else would ever answer.
        queue.completed(slot, -ErrnoStatus.ECANCELED);
      }
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
      IoUringIoEvent completion = (IoUringIoEvent) event;
      UringQueue owner = queue;
      if (owner != null) {
        owner.completed((int) completion.userData(), completion.res());
      }
    }

    @Override
    public void close() {
      IoRegistration joined = registration;
      if (joined != null) {
        joined.cancel();
      }
    }
  }
}
