package io.mora.target.backend.file;

import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendOptions;
import io.mora.target.backend.BackendOptions.DirectIo;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.LiveSize;
import io.mora.target.shard.Shard;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file or block device behind blocking file channels and a few threads: for loops without
 * io_uring. Each operation crosses to a thread of the pool and back.
 */
public final class FileBackend implements Backend {
  private static final Logger LOG = LoggerFactory.getLogger(FileBackend.class);

  /** Threads of one file, and so the operations its device sees at once. */
  static final int POOL_THREADS = 4;

  private static final int IDLE_SECONDS = 30;
  private static final int CLOSE_SECONDS = 30;
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final StorageFile file;
  private final LiveSize size;
  private final FileChannel data;

  /** The same file opened O_DSYNC, for Force Unit Access; {@link #data} when read-only. */
  private final FileChannel durable;

  private final boolean direct;
  private final ThreadPoolExecutor pool;

  private FileBackend(
      StorageFile file,
      BackendGeometry geometry,
      FileChannel data,
      FileChannel durable,
      boolean direct) {
    this.file = file;
    this.size = new LiveSize(geometry);
    this.data = data;
    this.durable = durable;
    this.direct = direct;
    // The queues bound what can wait here: FileQueue.SLOTS a shard.
    pool =
        new ThreadPoolExecutor(
            POOL_THREADS,
            POOL_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            FileBackend::thread);
    pool.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "mora-file-" + THREADS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /** Opens a FILE or BLOCK; throws {@link Problem} for what the options got wrong. */
  public static FileBackend open(BackendOptions options) throws IOException {
    StorageFile file = StorageFile.open(options, false);
    FileChannel data = null;
    FileChannel durable = null;
    try {
      boolean direct = bypassesCache(options);
      data = channel(options, file, direct, false);
      durable = options.readOnly() ? data : channel(options, file, direct, true);
      BackendGeometry geometry = file.geometry(options, true);
      return new FileBackend(file, geometry, data, durable, direct);
    } catch (IOException | UnsupportedOperationException e) {
      if (data != null) {
        data.close();
      }
      file.close();
      throw e instanceof IOException io ? io : new IOException(e);
    }
  }

  /** The JDK wants direct I/O in units of the file system's block, whatever the device allows. */
  private static boolean bypassesCache(BackendOptions options) throws IOException {
    if (options.directIo() == DirectIo.OFF) {
      return false;
    }
    Path path = Path.of(Objects.requireNonNull(options.path()));
    long unit = Files.getFileStore(path).getBlockSize();
    String obstacle = null;
    if (options.blockSizeBytes() % unit != 0) {
      obstacle =
          "asks for units of " + unit + " bytes, not blockSizeBytes " + options.blockSizeBytes();
    } else {
      try {
        FileChannel.open(path, StandardOpenOption.READ, directOption()).close();
      } catch (IOException | UnsupportedOperationException e) {
        obstacle = "is refused by the file system";
      }
    }
    if (obstacle != null && options.directIo() == DirectIo.ON) {
      throw new Problem("directIo", "on", obstacle + " (" + path + ")");
    }
    if (obstacle != null) {
      LOG.info("{}: through the page cache, O_DIRECT {}", path, obstacle);
    }
    return obstacle == null;
  }

  /** O_DIRECT; by name, because naming the JDK's own class is a warning that nothing silences. */
  private static OpenOption directOption() {
    try {
      for (Object option :
          Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (option instanceof OpenOption found && option.toString().equals("DIRECT")) {
          return found;
        }
      }
    } catch (ClassNotFoundException e) {
      throw new UnsupportedOperationException(e);
    }
    throw new UnsupportedOperationException("no DIRECT");
  }

  private static FileChannel channel(
      BackendOptions options, StorageFile file, boolean direct, boolean dsync) throws IOException {
    Set<OpenOption> how = new HashSet<>();
    how.add(StandardOpenOption.READ);
    if (!options.readOnly()) {
      how.add(StandardOpenOption.WRITE);
    }
    if (direct) {
      how.add(directOption());
    }
    if (dsync) {
      how.add(StandardOpenOption.DSYNC);
    }
    // By descriptor: the file that was checked and locked, whatever its path means by now.
    return FileChannel.open(Path.of("/proc/self/fd/" + file.fd()), how);
  }

  @Override
  public String description() {
    return file.kind() + " (thread pool, " + (direct ? "O_DIRECT)" : "buffered)");
  }

  @Override
  public BackendGeometry geometry() {
    return size.geometry();
  }

  @Override
  public BackendGeometry resize(long sizeBytes) throws IOException {
    return size.resize(file.size().target(sizeBytes), file.size()::set);
  }

  /** Descriptor for what channels cannot do. */
  int fd() {
    return file.fd();
  }

  FileChannel data() {
    return data;
  }

  FileChannel durable() {
    return durable;
  }

  /** Runs on a thread of the pool. */
  void dispatch(Runnable work) {
    pool.execute(work);
  }

  @Override
  public void snapshot(String path) throws IOException {
    file.snapshot(path);
  }

  @Override
  public BackendQueue queue(Shard shard) {
    FileQueue queue = new FileQueue(this, size, shard);
    size.opened(shard, queue);
    return queue;
  }

  @Override
  public void close() {
    // Not shutdownNow: interrupting a thread in a channel closes the channel.
    pool.shutdown();
    try {
      if (!pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("{}: operations still under way after {} s", description(), CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (FileChannel channel : List.of(data, durable)) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.warn("{}: close: {}", description(), e.toString());
      }
    }
    file.close();
  }
}
