package io.mora.target.admin.http;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The place of a unix socket in the file system.
 *
 * <p>A lock file beside it says whether its owner lives: what a dead one left is replaced. The
 * socket is bound in a folder nobody else can enter and moved to its place once its mode is set, so
 * that there is no moment in which others can open it.
 */
public final class SocketFile implements AutoCloseable {
  private static final String MODE = "rw-rw----";

  /** Six characters. */
  private static final int NAMES = 36 * 36 * 36 * 36 * 36;

  private static final int TRIES = 100;

  private final Path place;
  private final FileChannel channel;
  private final Path folder;

  private SocketFile(Path place, FileChannel channel, Path folder) {
    this.place = place;
    this.channel = channel;
    this.folder = folder;
  }

  /**
   * Claims a place.
   *
   * @throws IOException if another process has it, or it cannot be written, naming the place
   */
  public static SocketFile claim(Path place) throws IOException {
    Path parent = place.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException("admin.socket = " + place + ": not a place for a socket");
    }
    if (!Files.exists(parent)) {
      Files.createDirectories(
          parent,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && Files.isRegularFile(place)) {
      throw new IOException("admin.socket = " + place + ": a file is there that is no socket");
    }
    Path lockPlace = place.resolveSibling(place.getFileName() + ".lock");
    FileChannel channel =
        FileChannel.open(
            lockPlace,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      if (lock(channel) == null) {
        throw new IOException("admin.socket = " + place + ": another target is managed there");
      }
      return new SocketFile(place, channel, folder(parent));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** A new folder for us alone; its name is short, because the kernel keeps few bytes of it. */
  private static Path folder(Path parent) throws IOException {
    for (int tries = 0; ; tries++) {
      Path folder =
          parent.resolve(".m" + Integer.toString(ThreadLocalRandom.current().nextInt(NAMES), 36));
      try {
        return Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } catch (FileAlreadyExistsException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** Where to bind it. */
  public Path bindAt() {
    return folder.resolve("s");
  }

  /**
   * Moves the bound socket to its place.
   *
   * @param group who may open it beside the owner; empty for the process' own
   */
  public void publish(String group) throws IOException {
    Path bound = bindAt();
    PosixFileAttributeView view =
        Files.getFileAttributeView(bound, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (!group.isEmpty()) {
      view.setGroup(
          bound.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
    }
    Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString(MODE));
    Files.move(bound, place, StandardCopyOption.ATOMIC_MOVE);
    Files.delete(folder);
  }

  public Path place() {
    return place;
  }

  /** Takes the socket away. The lock file stays: taking it away too would race with the next. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(bindAt());
      Files.deleteIfExists(folder);
      Files.deleteIfExists(place);
    } catch (IOException left) {
      // The next owner replaces what is left.
    } finally {
      closeLock();
    }
  }

  private void closeLock() {
    try {
      channel.close();
    } catch (IOException gone) {
      // It goes with the process at the latest.
    }
  }
}
