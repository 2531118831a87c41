package io.mora.target.state;

import io.mora.target.config.store.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files named by UUIDs of which some are of no use now, but may be again. One thread. */
final class LeftFiles {
  private static final Logger LOG = LoggerFactory.getLogger(LeftFiles.class);

  private final Path folder;
  private final String suffix;
  private final Disk disk;

  /** Of no use; more than there can be as long as nobody has looked. */
  private long atMost = Integer.MAX_VALUE;

  LeftFiles(Path folder, String suffix, Disk disk) {
    this.folder = folder;
    this.suffix = suffix;
    this.disk = disk;
  }

  private record Left(Path file, FileTime changed) {}

  /** One more may be of no use from now on. */
  void oneMore() {
    atMost++;
  }

  /** One of no use was deleted. */
  void oneLess() {
    atMost--;
  }

  /**
   * Deletes those that changed longest ago, until there are no more than this many of no use. What
   * cannot be deleted stays, with a later one deleted for it, and is tried again the next time.
   * Looks only where there may be too many.
   */
  void trim(Set<UUID> inUse, int max) {
    if (atMost <= max) {
      return;
    }
    try {
      List<Left> left = left(inUse);
      atMost = left.size();
      left.sort(Comparator.comparing(Left::changed));
      delete(left, max);
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Files in {} that nothing is served from stay: {}", folder, e.toString());
    }
  }

  private void delete(List<Left> oldestFirst, int max) {
    int failed = 0;
    String why = "";
    for (Left each : oldestFirst) {
      if (atMost <= max) {
        break;
      }
      try {
        disk.delete(each.file);
        oneLess();
        LOG.warn("{} is deleted: {} later ones of no namespace that is served", each.file, max);
      } catch (IOException e) {
        failed++;
        why = e.toString();
      }
    }
    if (failed > 0) {
      LOG.warn(
          "{} files in {} that nothing is served from cannot be deleted, the last for {}",
          failed,
          folder,
          why);
    }
  }

  private List<Left> left(Set<UUID> inUse) throws IOException {
    List<Left> left = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.list(folder)) {
        for (Path each : all.toList()) {
          if (isLeft(String.valueOf(each.getFileName()), inUse)) {
            addFile(each, left);
          }
        }
      }
    }
    return left;
  }

  /** Links and folders are nobody's business either. */
  private static void addFile(Path path, List<Left> left) {
    try {
      BasicFileAttributes found =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (found.isRegularFile()) {
        left.add(new Left(path, found.lastModifiedTime()));
      }
    } catch (IOException e) {
      LOG.debug("{} cannot be looked at", path, e);
    }
  }

  /** Whatever else is there is nobody's business. */
  private boolean isLeft(String name, Set<UUID> inUse) {
    if (!name.endsWith(suffix)) {
      return false;
    }
    String id = name.substring(0, name.length() - suffix.length());
    try {
      UUID uuid = UUID.fromString(id);
      // It reads other spellings, too, which no file of a namespace has.
      return uuid.toString().equals(id) && !inUse.contains(uuid);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
