package io.mora.target.state;

import io.mora.target.config.store.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files named by UUIDs of which some are of no use now, but may be again. */
final class LeftFiles {
  private static final Logger LOG = LoggerFactory.getLogger(LeftFiles.class);

  private final Path folder;
  private final String suffix;
  private final Disk disk;

  LeftFiles(Path folder, String suffix, Disk disk) {
    this.folder = folder;
    this.suffix = suffix;
    this.disk = disk;
  }

  private record Left(Path file, FileTime changed) {}

  /**
   * Deletes those that changed longest ago, until there are no more than this many of no use. What
   * cannot be deleted stays, and is tried again the next time.
   */
  void trim(Set<UUID> inUse, int max) {
    try {
      List<Left> left = left(inUse);
      left.sort(Comparator.comparing(Left::changed));
      for (Left each : left.subList(0, Math.max(0, left.size() - max))) {
        disk.delete(each.file);
        LOG.warn("{} is deleted: {} later ones of no namespace that is served", each.file, max);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("Files in {} that nothing is served from stay: {}", folder, e.toString());
    }
  }

  private List<Left> left(Set<UUID> inUse) throws IOException {
    List<Left> left = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.list(folder)) {
        for (Path each : all.toList()) {
          if (isLeft(String.valueOf(each.getFileName()), inUse)) {
            left.add(new Left(each, Files.getLastModifiedTime(each)));
          }
        }
      }
    }
    return left;
  }

  /** Whatever else is there is nobody's business. */
  private boolean isLeft(String name, Set<UUID> inUse) {
    if (!name.endsWith(suffix)) {
      return false;
    }
    try {
      return !inUse.contains(UUID.fromString(name.substring(0, name.length() - suffix.length())));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
