package io.mora.target.backend.file;

import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.os.ErrnoStatus;
import io.mora.target.backend.os.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A second file that shares the blocks of a first until one of them is written (FICLONE). */
final class FileClone {
  private static final int FILE_MODE = 0600;

  private FileClone() {}

  /**
   * Makes the second file, durable with its name; a control thread.
   *
   * @param fd of the first, which may be written meanwhile: the file system takes one moment of it
   * @param path of the second, which must not exist
   * @throws IOException naming what stands in the way; there is no second file then
   */
  static void create(int fd, String path) throws IOException {
    Path folder = Path.of(path).toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new Problem("path", path, "a new file in an existing folder");
    }
    if (LibC.fdatasync(fd) != 0) {
      throw new IOException("flush before the snapshot: " + LibC.reason(LibC.errno()));
    }
    int flags = LibC.O_RDWR | LibC.O_CREAT | LibC.O_EXCL | LibC.O_CLOEXEC;
    int made = LibC.open(LibC.path(path), flags, FILE_MODE);
    if (made < 0) {
      throw new Problem("path", path, "a new file: " + LibC.reason(LibC.errno()));
    }
    boolean done = false;
    try {
      if (LibC.ioctl(made, LibC.FICLONE, (long) fd) != 0) {
        throw new Problem("path", path, allowed(LibC.errno()));
      }
      if (LibC.fsync(made) != 0) {
        throw new Problem("path", path, "fsync: " + LibC.reason(LibC.errno()));
      }
      FileSize.syncFolder(path);
      done = true;
    } finally {
      LibC.close(made);
      if (!done) {
        Files.deleteIfExists(Path.of(path));
      }
    }
  }

  private static String allowed(int errno) {
    if (errno == ErrnoStatus.EXDEV) {
      return "a path on the file system of the namespace's own file";
    }
    return ErrnoStatus.unsupported(errno)
        ? "a file system with reflinks (btrfs; xfs made with them): this one has none"
        : LibC.reason(errno);
  }
}
