package io.mora.target.state;

import io.mora.protocol.data.Bytes;
import io.mora.target.config.store.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A disk of which the power may go at any moment: does everything, remembers it, and says what may
 * be left after each step. A file that was written is whole where it has a name at all; of the
 * names that were given and taken since their folder was synced any may be there or not.
 */
public final class CuttingDisk implements Disk {
  private final Disk real = Disk.real();
  private final Path folder;
  private final Map<String, byte[]> before = new HashMap<>();
  private final boolean found;
  private final List<Step> steps = new ArrayList<>();

  /**
   * @param folder the one whose files count, and those of folders in it; what is there now is so
   *     after a cut
   */
  public CuttingDisk(Path folder) throws IOException {
    this.folder = folder;
    this.found = Files.isDirectory(folder);
    if (found) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path each : all.filter(Files::isRegularFile).toList()) {
          before.put(name(each), Files.readAllBytes(each));
        }
      }
    }
  }

  /** What was done. */
  private sealed interface Step {
    record Write(String name, Bytes bytes) implements Step {}

    record Rename(String from, String to) implements Step {}

    record Delete(String name) implements Step {}

    /**
     * @param of empty for the folder itself, {@link #PARENT} for the one it is in
     */
    record Sync(String of) implements Step {}

    /** The folder whose names this changes. */
    default String where() {
      String name =
          this instanceof Write write
              ? write.name()
              : this instanceof Rename rename ? rename.to() : ((Delete) this).name();
      return name.substring(0, Math.max(0, name.lastIndexOf('/')));
    }
  }

  private static final String PARENT = "..";

  private String name(Path file) {
    return folder.relativize(file).toString();
  }

  @Override
  public void write(Path file, byte[] bytes, Set<PosixFilePermission> mode) throws IOException {
    real.write(file, bytes, mode);
    steps.add(new Step.Write(name(file), Bytes.of(bytes)));
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    real.rename(from, to);
    steps.add(new Step.Rename(name(from), name(to)));
  }

  @Override
  public void syncFolder(Path of) throws IOException {
    real.syncFolder(of);
    steps.add(new Step.Sync(name(of)));
  }

  @Override
  public void delete(Path file) throws IOException {
    real.delete(file);
    steps.add(new Step.Delete(name(file)));
  }

  /** How many there were. */
  public int steps() {
    return steps.size();
  }

  /** Told of each state there may be. */
  public interface State {
    /**
     * @param files by their names; null if there is no folder
     */
    void is(@Nullable Map<String, byte[]> files) throws IOException;
  }

  /** Every state in which the power may leave the folder once so many steps were begun. */
  public void afterCut(int begun, State state) throws IOException {
    Map<String, byte[]> durable = new HashMap<>(before);
    Map<String, byte[]> written = new HashMap<>();
    List<Step> open = new ArrayList<>();
    boolean isFound = found;
    for (Step step : steps.subList(0, begun)) {
      if (step instanceof Step.Sync sync) {
        isFound |= sync.of().equals(PARENT);
        for (Step each : List.copyOf(open)) {
          if (each.where().equals(sync.of())) {
            apply(each, durable, written);
            open.remove(each);
          }
        }
      } else {
        open.add(step);
      }
      if (step instanceof Step.Write write) {
        written.put(write.name(), write.bytes().toArray());
      }
    }
    if (!isFound) {
      state.is(null);
    }
    for (int which = 0; which < 1 << open.size(); which++) {
      Map<String, byte[]> left = new HashMap<>(durable);
      for (int i = 0; i < open.size(); i++) {
        if ((which >> i & 1) != 0) {
          apply(open.get(i), left, written);
        }
      }
      state.is(left);
    }
    torn(begun, durable, state);
  }

  /** The step that was under way when the power went wrote a file as far as this. */
  private void torn(int begun, Map<String, byte[]> durable, State state) throws IOException {
    if (begun < steps.size() && steps.get(begun) instanceof Step.Write write) {
      for (int length = 0; length < write.bytes().length(); length += 7) {
        Map<String, byte[]> left = new HashMap<>(durable);
        left.put(write.name(), Arrays.copyOf(write.bytes().toArray(), length));
        state.is(left);
      }
    }
  }

  /**
   * @param written where what is renamed is found if its own name was never there
   */
  private static void apply(Step step, Map<String, byte[]> files, Map<String, byte[]> written) {
    if (step instanceof Step.Write write) {
      files.put(write.name(), write.bytes().toArray());
    } else if (step instanceof Step.Rename rename) {
      byte[] bytes = files.remove(rename.from());
      if (bytes == null) {
        bytes = written.get(rename.from());
      }
      if (bytes != null) {
        files.put(rename.to(), bytes);
      }
    } else if (step instanceof Step.Delete delete) {
      files.remove(delete.name());
    }
  }

  /** Makes a folder that holds this. */
  public static void lay(Path where, Map<String, byte[]> files) throws IOException {
    Files.createDirectories(where);
    try (Stream<Path> there = Files.walk(where)) {
      for (Path each : there.filter(Files::isRegularFile).toList()) {
        Files.delete(each);
      }
    }
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      Path file = where.resolve(each.getKey());
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.write(file, each.getValue());
    }
  }
}
