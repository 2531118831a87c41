package io.mora.target.backend.file;

import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendOptions;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.os.BlockDevice;
import io.mora.target.backend.os.FileStatus;
import io.mora.target.backend.os.LibC;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The size of an open file or block device: as found, as wanted, and as changed. */
final class FileSize {
  private static final Logger LOG = LoggerFactory.getLogger(FileSize.class);

  private final BackendOptions options;
  private final String path;
  private final int fd;
  private final boolean device;
  private long sizeBytes;

  private FileSize(BackendOptions options, int fd, boolean device) {
    this.options = options;
    this.path = Objects.requireNonNull(options.path());
    this.fd = fd;
    this.device = device;
  }

  /** Of a file, which is extended if the options say so, or of a device, which must be so large. */
  static FileSize of(
      BackendOptions options, int fd, FileStatus status, @Nullable BlockDevice device)
      throws IOException {
    FileSize size = new FileSize(options, fd, device != null);
    if (device == null) {
      size.extend(status.sizeBytes());
    } else {
      size.take(device);
    }
    return size;
  }

  long bytes() {
    return sizeBytes;
  }

  /** Whether a file of so many bytes is one the options can mean. */
  static void check(BackendOptions options, long presentBytes) throws Problem {
    long wanted = options.sizeBytes();
    if (wanted == 0) {
      checkWhole(options, presentBytes);
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

  private static void checkWhole(BackendOptions options, long presentBytes) throws Problem {
    if (presentBytes == 0 || presentBytes % options.blockSizeBytes() != 0) {
      throw new Problem(
          "path",
          options.path() + " of " + presentBytes + " bytes",
          "a positive multiple of blockSizeBytes " + options.blockSizeBytes());
    }
  }

  private void extend(long presentBytes) throws IOException {
    check(options, presentBytes);
    sizeBytes = Math.max(presentBytes, options.sizeBytes());
    if (sizeBytes > presentBytes || options.preallocate()) {
      lengthen(presentBytes, sizeBytes);
      syncFolder(path);
    }
    if (sizeBytes > presentBytes) {
      LOG.info("{}: size {} -> {} bytes", path, presentBytes, sizeBytes);
    }
  }

  private void take(BlockDevice found) throws Problem {
    sizeBytes = found.sizeBytes();
    if (options.sizeBytes() != 0 && options.sizeBytes() != sizeBytes) {
      throw new Problem(
          "sizeBytes", options.sizeBytes(), "the device's " + sizeBytes + ", or none");
    }
    checkWhole(options, sizeBytes);
    if (found.readOnly() && !options.readOnly()) {
      throw new Problem("path", path, "a read-only device; only readOnly serves it");
    }
  }

  /**
   * The size it is to have.
   *
   * @param wantedBytes or {@link Backend#SIZE_AS_FOUND}, which is the only choice where the size is
   *     not ours to change: a device's, and a read-only file's
   */
  long target(long wantedBytes) throws IOException {
    long present = present();
    boolean fixed = device || options.readOnly();
    if (wantedBytes == Backend.SIZE_AS_FOUND) {
      checkWhole(options, present);
      return present;
    }
    if (fixed && wantedBytes != present) {
      String whose = device ? "the device's " : "the read-only file's ";
      throw new Problem("sizeBytes", wantedBytes, whose + present);
    }
    return wantedBytes;
  }

  private long present() throws IOException {
    FileStatus status = FileStatus.of(fd);
    if (status == null) {
      throw new Problem("path", path, LibC.reason(LibC.errno()));
    }
    return device ? BlockDevice.of(fd, status).sizeBytes() : status.sizeBytes();
  }

  /** Makes the file so long, durably; a device and a read-only file are that by themselves. */
  void set(long newBytes) throws IOException {
    long present = present();
    if (newBytes > present) {
      lengthen(present, newBytes);
    } else if (newBytes < present) {
      if (LibC.ftruncate(fd, newBytes) != 0) {
        throw new Problem("sizeBytes", newBytes, LibC.reason(LibC.errno()));
      }
      if (LibC.fsync(fd) != 0) {
        // It is shorter all the same: to say that it is as it was would not be true.
        LOG.error("{}: cut to {} bytes, but not synced", path, newBytes);
      }
    }
    LOG.info("{}: size {} -> {} bytes", path, sizeBytes, newBytes);
    sizeBytes = newBytes;
  }

  /** All or nothing: what cannot have its space, where it is to have it, is as long as before. */
  private void lengthen(long presentBytes, long newBytes) throws IOException {
    if (newBytes > presentBytes && LibC.ftruncate(fd, newBytes) != 0) {
      throw new Problem("sizeBytes", newBytes, LibC.reason(LibC.errno()));
    }
    if (options.preallocate() && LibC.fallocate(fd, 0, 0, newBytes) != 0) {
      int errno = LibC.errno();
      LibC.ftruncate(fd, presentBytes);
      throw new Problem("sizeBytes", newBytes, "preallocate: " + LibC.reason(errno));
    }
    if (LibC.fsync(fd) != 0) {
      throw new Problem("path", path, "fsync: " + LibC.reason(LibC.errno()));
    }
  }

  /** Makes a new file's name durable before anybody relies on it. */
  static void syncFolder(String path) throws IOException {
    Path parent = Objects.requireNonNull(Path.of(path).toAbsolutePath().getParent());
    int flags = LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC;
    int folder = LibC.open(LibC.path(parent.toString()), flags, 0);
    boolean synced = folder >= 0 && LibC.fsync(folder) == 0;
    int errno = LibC.errno();
    if (folder >= 0) {
      LibC.close(folder);
    }
    if (!synced) {
      throw new Problem("path", path, "fsync of its folder: " + LibC.reason(errno));
    }
  }
}
