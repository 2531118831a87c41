package io.mora.target.backend.file;

import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendOptions;
import io.mora.target.backend.BackendOptions.DirectIo;
import io.mora.target.backend.BackendOptions.Kind;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.os.BlockDevice;
import io.mora.target.backend.os.ErrnoStatus;
import io.mora.target.backend.os.FileStatus;
import io.mora.target.backend.os.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file or block device opened, sized and locked through {@link LibC}, with what is known about
 * it. Made and closed by control threads; the facts may be read by any.
 */
public final class StorageFile implements AutoCloseable {
  /*
   * O_DIRECT is switched on last (F_SETFL), on the descriptor that was checked and locked, so that
   * there is one descriptor and one file whatever happens to the path meanwhile.
   *
   * Where O_DIRECT asks for more than the namespace's block (a 4Kn disk under 512-byte blocks), the
   * file is used through the page cache instead of by a read-modify-write of our own: blocks that
   * share a sector may belong to requests of different shards, so ours would need a lock across
   * shards on the data path; the page cache has one per page, and has been tried.
   */
  private static final Logger LOG = LoggerFactory.getLogger(StorageFile.class);

  private static final int FILE_MODE = 0600;

  private static final int PUNCH = LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE;

  private final String path;
  private final int fd;
  private final @Nullable BlockDevice device;
  private final FileSize size;
  private boolean direct;
  private int alignBytes = 1;
  private boolean punches;
  private boolean readOnly;

  private StorageFile(String path, int fd, @Nullable BlockDevice device, FileSize size) {
    this.path = path;
    this.fd = fd;
    this.device = device;
    this.size = size;
  }

  /**
   * Opens, creates or extends as the options say, and locks it against every other target.
   *
   * @param mayBypassCache whether O_DIRECT is wanted on {@link #fd} where the options allow it
   */
  static StorageFile open(BackendOptions options, boolean mayBypassCache) throws IOException {
    String path = Objects.requireNonNull(options.path());
    boolean create = !checkPath(options);
    int fd = openFd(options, path, create);
    StorageFile file = null;
    try {
      file = prepared(options, path, fd);
      if (mayBypassCache) {
        file.bypassCache(options);
      }
      StorageFile done = file;
      file = null;
      return done;
    } catch (IOException e) {
      if (create) {
        Files.deleteIfExists(Path.of(path));
      }
      throw e;
    } finally {
      if (file != null) {
        file.close();
      }
    }
  }

  private static StorageFile prepared(BackendOptions options, String path, int fd)
      throws IOException {
    boolean kept = false;
    try {
      lock(options, path, fd);
      FileStatus status = FileStatus.of(fd);
      if (status == null) {
        throw new Problem("path", path, LibC.reason(LibC.errno()));
      }
      BlockDevice device = status.blockDevice() ? BlockDevice.of(fd, status) : null;
      FileSize size = FileSize.of(options, fd, status, device);
      StorageFile file = new StorageFile(path, fd, device, size);
      file.readOnly = options.readOnly();
      file.punches =
          device == null
              ? options.readOnly()
                  || LibC.fallocate(fd, PUNCH, size.bytes(), BackendOptions.BUFFER_ALIGN_BYTES) == 0
              : device.writesZeroes();
      kept = true;
      return file;
    } finally {
      if (!kept) {
        LibC.close(fd);
      }
    }
  }

  /**
   * Looks at the path without changing anything.
   *
   * @return false when there is nothing yet and the options say to create it
   */
  public static boolean checkPath(BackendOptions options) throws Problem {
    String path = Objects.requireNonNull(options.path());
    FileStatus status = FileStatus.of(path);
    boolean file = options.kind() == Kind.FILE;
    if (status == null) {
      int errno = LibC.errno();
      if (errno != ErrnoStatus.ENOENT || !file || options.readOnly()) {
        throw new Problem("path", path, LibC.reason(errno));
      }
      if (options.sizeBytes() == 0) {
        throw new Problem("path", path, "no such file; give sizeBytes to have it created");
      }
      Path parent = Path.of(path).toAbsolutePath().getParent();
      if (parent == null || !Files.isDirectory(parent)) {
        throw new Problem("path", path, "no such folder to create the file in");
      }
      return false;
    }
    if (file && !status.regularFile()) {
      String hint = status.blockDevice() ? "; kind block serves one" : "";
      throw new Problem("path", path, "a regular file, but this is " + status.kind() + hint);
    }
    if (!file && !status.blockDevice()) {
      String hint = status.regularFile() ? "; kind file serves one" : "";
      throw new Problem("path", path, "a block device, but this is " + status.kind() + hint);
    }
    if (file) {
      FileSize.check(options, status.sizeBytes());
    }
    return true;
  }

  private static int openFd(BackendOptions options, String path, boolean create)
      throws IOException {
    int flags = LibC.O_CLOEXEC | (options.readOnly() ? LibC.O_RDONLY : LibC.O_RDWR);
    if (create) {
      flags |= LibC.O_CREAT | LibC.O_EXCL;
    } else if (options.kind() == Kind.BLOCK) {
      // On a device O_EXCL means: nobody else holds it, neither a mount, a volume nor a target.
      flags |= LibC.O_EXCL;
    }
    int fd = LibC.open(LibC.path(path), flags, FILE_MODE);
    if (fd >= 0) {
      return fd;
    }
    int errno = LibC.errno();
    throw new Problem(
        "path",
        path,
        switch (errno) {
          case ErrnoStatus.EBUSY -> "in use: mounted, part of a volume, or served already";
          case ErrnoStatus.EROFS -> "read-only; only readOnly serves it";
          default -> LibC.reason(errno);
        });
  }

  private static void lock(BackendOptions options, String path, int fd) throws Problem {
    int way = options.readOnly() ? LibC.LOCK_SH : LibC.LOCK_EX;
    if (LibC.flock(fd, way | LibC.LOCK_NB) != 0) {
      int errno = LibC.errno();
      throw new Problem(
          "path",
          path,
          errno == ErrnoStatus.EAGAIN
              ? "served already by this or another target"
              : "flock: " + LibC.reason(errno));
    }
  }

  private void bypassCache(BackendOptions options) throws Problem {
    if (options.directIo() == DirectIo.OFF) {
      return;
    }
    String obstacle = directObstacle(options);
    if (obstacle == null) {
      direct = true;
      return;
    }
    if (options.directIo() == DirectIo.ON) {
      throw new Problem("directIo", "on", obstacle + " (" + path + ")");
    }
    LOG.info("{}: through the page cache, O_DIRECT {}", path, obstacle);
    LibC.fcntl(fd, LibC.F_SETFL, access(options));
  }

  private @Nullable String directObstacle(BackendOptions options) throws Problem {
    FileStatus status = Objects.requireNonNull(FileStatus.of(fd));
    FileStatus.DioAlign dio = status.dio();
    if (LibC.fcntl(fd, LibC.F_SETFL, access(options) | LibC.O_DIRECT) != 0
        || dio.memoryBytes() == 0) {
      return "is refused by the file system";
    }
    int offsetAlign = dio.known() ? dio.offsetBytes() : probedAlign();
    int memoryAlign = dio.known() ? dio.memoryBytes() : offsetAlign;
    if (offsetAlign > options.blockSizeBytes()) {
      return "asks for units of "
          + offsetAlign
          + " bytes, above blockSizeBytes "
          + options.blockSizeBytes();
    }
    if (memoryAlign > options.memoryAlignBytes()) {
      return "asks for memory aligned to "
          + memoryAlign
          + " bytes, data is to "
          + options.memoryAlignBytes();
    }
    alignBytes = offsetAlign;
    return null;
  }

  /** Kernels before 6.1 do not tell: the smallest unit in which a direct read is accepted. */
  private int probedAlign() {
    if (device != null) {
      return device.logicalBlockBytes();
    }
    ByteBuffer scratch =
        ByteBuffer.allocateDirect(2 * BackendOptions.BUFFER_ALIGN_BYTES)
            .alignedSlice(BackendOptions.BUFFER_ALIGN_BYTES);
    for (int unit = 512; unit < BackendOptions.BUFFER_ALIGN_BYTES; unit *= 2) {
      if (LibC.pread(fd, LibC.address(scratch), unit, unit) >= 0) {
        return unit;
      }
    }
    return BackendOptions.BUFFER_ALIGN_BYTES;
  }

  private static int access(BackendOptions options) {
    return options.readOnly() ? LibC.O_RDONLY : LibC.O_RDWR;
  }

  /** Descriptor; valid until {@link #close}. */
  int fd() {
    return fd;
  }

  /** Whether {@link #fd} passes the page cache by. */
  boolean direct() {
    return direct;
  }

  /** Unit of offsets and lengths that {@link #fd} accepts; 1 through the page cache. */
  int alignBytes() {
    return alignBytes;
  }

  /** Whether completed writes are durable only after a flush. */
  boolean needsFlush() {
    return device == null || !direct || device.volatileWriteCache();
  }

  /** For descriptions: "file" or "block". */
  String kind() {
    return device == null ? "file" : "block";
  }

  /** Makes another file of what this one holds now. */
  void snapshot(String target) throws IOException {
    if (device != null) {
      throw new Problem("path", target, "no snapshot, " + path + " is a block device");
    }
    FileClone.create(fd, target);
  }

  /** Its size, to look at again and to change. */
  FileSize size() {
    return size;
  }

  BackendGeometry geometry(BackendOptions options, boolean cached) {
    int block = options.blockSizeBytes();
    int preferred =
        device == null ? BackendOptions.BUFFER_ALIGN_BYTES : device.physicalBlockBytes();
    return new BackendGeometry(
        size.bytes(),
        block,
        cached || needsFlush(),
        punches && !options.readOnly(),
        options.readOnly(),
        Math.max(1, preferred / block));
  }

  /** Ends the lock and the descriptor; no operation is under way. */
  @Override
  public void close() {
    // A stop in good order loses nothing, flushed by its hosts or not.
    if (!readOnly && LibC.fdatasync(fd) != 0) {
      LOG.error("{}: not synced when it was closed", path);
    }
    LibC.close(fd);
  }
}
