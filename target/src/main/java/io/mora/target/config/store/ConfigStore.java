package io.mora.target.config.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration file and the versions before it.
 *
 * <p>A new version is written beside the file, brought to the device, and then renamed over it: at
 * any moment the file is the old or the new one, whole. The old one is put into the folder {@code
 * FILE.history} first, in the same way. One thread at a time; one process: who edits by hand is
 * noticed, see {@link #isEdited}.
 */
public final class ConfigStore {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigStore.class);
  private static final Pattern HISTORY_FILE = Pattern.compile("(\\d{1,18})\\.yaml");
  private static final String BY_HAND = "file";
  private static final String NEXT = ".next";
  private static final Set<PosixFilePermission> MODE_NEW =
      PosixFilePermissions.fromString("rw-r-----");

  private final Path file;
  private final Path history;
  private final Disk disk;
  private StoredVersion current;

  private ConfigStore(Path file, Disk disk, StoredVersion current) {
    this.file = file;
    this.history = file.resolveSibling(file.getFileName() + ".history");
    this.disk = disk;
    this.current = current;
  }

  /** The store of a file that is there. */
  public static ConfigStore open(Path file) throws IOException {
    return open(file, Disk.real());
  }

  /** As {@link #open(Path)}, by such steps. */
  public static ConfigStore open(Path file, Disk disk) throws IOException {
    // What a link points to is replaced, not the link.
    Path real = file.toRealPath();
    return new ConfigStore(real, disk, StoredVersion.parse(Files.readString(real)));
  }

  public Path file() {
    return file;
  }

  /** What was last read or written here. */
  public StoredVersion current() {
    return current;
  }

  /** What the file is now. */
  public StoredVersion read() throws IOException {
    return StoredVersion.parse(Files.readString(file));
  }

  /** Whether the file is not what was last read or written here. */
  public boolean isEdited() throws IOException {
    try {
      return !Files.readString(file).equals(current.text());
    } catch (NoSuchFileException gone) {
      return true;
    }
  }

  /** A version on its way into the file: at the device, but not in its place. */
  public final class Prepared {
    private final StoredVersion version;
    private final Path next;

    private Prepared(StoredVersion version, Path next) {
      this.version = version;
      this.next = next;
    }

    public StoredVersion version() {
      return version;
    }

    /** Makes it the file, the one before it a version of the history. */
    public void commit(int keep) throws IOException {
      keep(current);
      disk.rename(next, file);
      disk.syncFolder(folder());
      current = version;
      forget(keep);
    }

    /** Forgets it. */
    public void drop() {
      try {
        disk.delete(next);
      } catch (IOException left) {
        // The next version is written over it.
      }
    }
  }

  /**
   * Writes a version beside the file.
   *
   * @param by who made it
   * @param change what becomes different
   */
  public Prepared prepare(String yaml, String by, String change) throws IOException {
    String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    StoredVersion version = StoredVersion.of(nextNumber(), at, by, change, yaml);
    Path next = file.resolveSibling(file.getFileName() + NEXT);
    disk.write(next, version.text().getBytes(StandardCharsets.UTF_8), mode());
    return new Prepared(version, next);
  }

  /** Takes what was edited by hand for the current version; the one before it is kept. */
  public void accept(StoredVersion edited, int keep) throws IOException {
    if (!edited.text().equals(current.text())) {
      keep(current);
      long number = numbers().get(0) + 1;
      current = new StoredVersion(number, edited.at(), BY_HAND, "edited by hand", edited.text());
      forget(keep);
    }
  }

  /** Versions that can be returned to, the latest first; not the current one. */
  public List<StoredVersion> versions() throws IOException {
    List<StoredVersion> versions = new ArrayList<>();
    for (long number : numbers()) {
      StoredVersion version = version(number);
      if (version != null) {
        versions.add(version);
      }
    }
    return versions;
  }

  /** A version of the history by its number, or null. */
  public @Nullable StoredVersion version(long number) throws IOException {
    try {
      StoredVersion read = StoredVersion.parse(Files.readString(historyFile(number)));
      return new StoredVersion(number, read.at(), read.by(), read.change(), read.text());
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  private void keep(StoredVersion version) throws IOException {
    if (!Files.isDirectory(history)) {
      Files.createDirectory(
          history,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
      disk.syncFolder(folder());
    }
    List<Long> numbers = numbers();
    StoredVersion latest = numbers.isEmpty() ? null : version(numbers.get(0));
    if (latest != null && latest.text().equals(version.text())) {
      return; // A change before this one got that far.
    }
    Path next = history.resolve("version" + NEXT);
    disk.write(next, version.text().getBytes(StandardCharsets.UTF_8), mode());
    long free = numbers.isEmpty() ? 1 : numbers.get(0) + 1;
    disk.rename(next, historyFile(Math.max(free, version.number())));
    disk.syncFolder(history);
  }

  private void forget(int keep) {
    try {
      List<Long> numbers = numbers();
      for (long number : numbers.subList(Math.min(keep, numbers.size()), numbers.size())) {
        disk.delete(historyFile(number));
      }
    } catch (IOException e) {
      // One too many does no harm, and the change is made.
      LOG.warn("An old version of the configuration stays: {}", e.getMessage());
    }
  }

  private Path historyFile(long number) {
    return history.resolve(number + ".yaml");
  }

  private Path folder() {
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }

  /** Of the history, the latest first. */
  private List<Long> numbers() throws IOException {
    if (!Files.isDirectory(history)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(history)) {
      return files
          .map(path -> HISTORY_FILE.matcher(path.getFileName().toString()))
          .filter(Matcher::matches)
          .map(matcher -> Long.valueOf(matcher.group(1)))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  private long nextNumber() throws IOException {
    List<Long> numbers = numbers();
    long latest = numbers.isEmpty() ? 0 : numbers.get(0);
    // The current one takes a number when it becomes history.
    return Math.max(latest + 2, current.number() + 1);
  }

  private Set<PosixFilePermission> mode() throws IOException {
    return Files.exists(file) ? Files.getPosixFilePermissions(file) : MODE_NEW;
  }
}
