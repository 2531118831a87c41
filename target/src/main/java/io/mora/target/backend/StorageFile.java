package io.mora.target.backend;

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
final class StorageFile implements AutoCloseable {
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

  /** What every buffer of the target is aligned to; a device asking for more is used buffered. */
  private static final int BUFFER_ALIGN_BYTES = 4096;

  private static final int PUNCH = LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE;

  private final String path;
  private final int fd;
  private final @Nullable BlockDevice device;
  private long sizeBytes;
  private boolean direct;
  private int alignBytes = 1;
  private boolean punches;
  private boolean readOnly;

  private StorageFile(String path, int fd, @Nullable BlockDevice device) {
    this.path = path;
    this.fd = fd;
    this.device = device;
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
      StorageFile file = new StorageFile(path, fd, device);
      file.readOnly = options.readOnly();
      if (device == null) {
        file.sizeFile(options, status.sizeBytes());
        file.punches =
            options.readOnly()
                || LibC.fallocate(fd, PUNCH, file.sizeBytes, BUFFER_ALIGN_BYTES) == 0;
      } else {
        file.sizeDevice(options, device);
        file.punches = device.writesZeroes();
      }
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
  static boolean checkPath(BackendOptions options) throws Problem {
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
      checkFileSize(options, status.sizeBytes());
    }
    return true;
  }

  private static void checkFileSize(BackendOptions options, long presentBytes) throws Problem {
    long wanted = options.sizeBytes();
    if (wanted == 0 && (presentBytes == 0 || presentBytes % options.blockSizeBytes() != 0)) {
      throw new Problem(
          "path",
          options.path() + " of " + presentBytes + " bytes",
          "a positive multiple of blockSizeBytes " + options.blockSizeBytes());
    }
    if (wanted != 0 && presentBytes > wanted) {
      throw new Problem(
          "sizeBytes", wanted, "at least the file's " + presentBytes + "; it is never cut short");
    }
    if (wanted > presentBytes && options.readOnly()) {
      throw new Problem(
          "sizeBytes", wanted, "the file's " + presentBytes + ", because it is opened readOnly");
    }
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

  private void sizeFile(BackendOptions options, long presentBytes) throws IOException {
    checkFileSize(options, presentBytes);
    sizeBytes = Math.max(presentBytes, options.sizeBytes());
    boolean changed = sizeBytes > presentBytes;
    if (changed && LibC.ftruncate(fd, sizeBytes) != 0) {
      throw new Problem("sizeBytes", sizeBytes, LibC.reason(LibC.errno()));
    }
    if (options.preallocate() && LibC.fallocate(fd, 0, 0, sizeBytes) != 0) {
      int errno = LibC.errno();
      if (changed) {
        LibC.ftruncate(fd, presentBytes);
      }
      throw new Problem("sizeBytes", sizeBytes, "preallocate: " + LibC.reason(errno));
    }
    if (changed) {
      LOG.info("{}: size {} -> {} bytes", path, presentBytes, sizeBytes);
    }
    if (changed || options.preallocate()) {
      syncWithFolder();
    }
  }

  /** Makes the file's size and name durable before anybody relies on them. */
  private void syncWithFolder() throws IOException {
    Path parent = Objects.requireNonNull(Path.of(path).toAbsolutePath().getParent());
    int flags = LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC;
    int folder = LibC.open(LibC.path(parent.toString()), flags, 0);
    boolean synced = LibC.fsync(fd) == 0 && folder >= 0 && LibC.fsync(folder) == 0;
    int errno = LibC.errno();
    if (folder >= 0) {
      LibC.close(folder);
    }
    if (!synced) {
      throw new Problem("path", path, "fsync: " + LibC.reason(errno));
    }
  }

  private void sizeDevice(BackendOptions options, BlockDevice found) throws Problem {
    sizeBytes = found.sizeBytes();
    if (options.sizeBytes() != 0 && options.sizeBytes() != sizeBytes) {
      throw new Problem(
          "sizeBytes", options.sizeBytes(), "the device's " + sizeBytes + ", or none");
    }
    if (sizeBytes == 0 || sizeBytes % options.blockSizeBytes() != 0) {
      throw new Problem(
          "path",
          path + " of " + sizeBytes + " bytes",
          "a positive multiple of blockSizeBytes " + options.blockSizeBytes());
    }
    if (found.readOnly() && !options.readOnly()) {
      throw new Problem("path", path, "a read-only device; only readOnly serves it");
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
    if (memoryAlign > BUFFER_ALIGN_BYTES) {
      return "asks for memory aligned to " + memoryAlign + " bytes";
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
        ByteBuffer.allocateDirect(2 * BUFFER_ALIGN_BYTES).alignedSlice(BUFFER_ALIGN_BYTES);
    for (int unit = 512; unit < BUFFER_ALIGN_BYTES; unit *= 2) {
      if (LibC.pread(fd, LibC.address(scratch), unit, unit) >= 0) {
        return unit;
      }
    }
    return BUFFER_ALIGN_BYTES;
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

  BackendGeometry geometry(BackendOptions options, boolean cached) {
    int block = options.blockSizeBytes();
    int preferred = device == null ? BUFFER_ALIGN_BYTES : device.physicalBlockBytes();
    return new BackendGeometry(
        sizeBytes,
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
