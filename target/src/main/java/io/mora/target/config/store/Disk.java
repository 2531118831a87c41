package io.mora.target.config.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The steps in which files are replaced; each may be the last before the power goes. */
public interface Disk {
  /** Makes a new file with these bytes, which are at the device when this returns. */
  void write(Path file, byte[] bytes, Set<PosixFilePermission> mode) throws IOException;

  /** Puts a file in the place of another, or of none. */
  void rename(Path from, Path to) throws IOException;

  /** What was renamed or deleted in a folder is so after a crash too. */
  void syncFolder(Path folder) throws IOException;

  void delete(Path file) throws IOException;

  /** The machine's. */
  static Disk real() {
    return new Disk() {
      @Override
      public void write(Path file, byte[] bytes, Set<PosixFilePermission> mode) throws IOException {
        Files.deleteIfExists(file);
        try (FileChannel channel =
            FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(mode))) {
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
          channel.force(true);
        }
        // Once more: the process' mask took from the mode.
        Files.setPosixFilePermissions(file, mode);
      }

      @Override
      public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      }

      @Override
      public void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
          channel.force(true);
        }
      }

      @Override
      public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
      }
    };
  }
}
