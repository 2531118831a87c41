package io.mora.target.config.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file is always the old one or the new one, and the versions before it are there. */
class ConfigStoreTest {
  private static final String OLD = "listeners: []\n# " + "old ".repeat(60) + "\n";
  private static final String NEW = "listeners: []\nhosts: []\n# " + "new ".repeat(60) + "\n";

  @TempDir Path folder;

  /** The machine stops in the middle of a step: what is written is there up to a byte. */
  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final class FailingDisk implements Disk {
    private final Disk real = Disk.real();
    private final int failAt;
    private final int bytesThen;
    private int step;

    FailingDisk(int failAt, int bytesThen) {
      this.failAt = failAt;
      this.bytesThen = bytesThen;
    }

    private boolean fails() {
      return step++ == failAt;
    }

    @Override
    public void write(Path file, byte[] bytes, Set<PosixFilePermission> mode) throws IOException {
      if (fails()) {
        int length = Math.min(bytesThen, bytes.length);
        Files.write(file, Arrays.copyOf(bytes, length));
        throw new Crash();
      }
      real.write(file, bytes, mode);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      if (fails()) {
        throw new Crash();
      }
      real.rename(from, to);
    }

    @Override
    public void syncFolder(Path of) throws IOException {
      if (fails()) {
        throw new Crash();
      }
      real.syncFolder(of);
    }

    @Override
    public void delete(Path file) throws IOException {
      if (fails()) {
        throw new Crash();
      }
      real.delete(file);
    }
  }

  private Path file(String name) throws IOException {
    return Files.writeString(folder.resolve(name), OLD);
  }

  private static void change(ConfigStore store, String yaml, int keep) throws IOException {
    store.prepare(yaml, "test", "something").commit(keep);
  }

  @Test
  void everyInstantLeavesTheOldOrTheNewOneWhole() throws IOException {
    int instants = 0;
    int seenOld = 0;
    int seenNew = 0;
    // Two changes, the second of which finds a history that is full: every kind of step is in it.
    for (int step = 0; step < 30; step++) {
      for (int bytes : IntStream.iterate(0, b -> b <= 450, b -> b + 15).toArray()) {
        Path file = file("c" + step + "-" + bytes + ".yaml");
        boolean crashed = crash(file, new FailingDisk(step, bytes));
        String text = Files.readString(file);
        boolean isOld = text.equals(OLD) || text.endsWith(OLD);
        assertThat(isOld || text.endsWith(NEW))
            .as("step %s, byte %s: %s", step, bytes, text)
            .isTrue();
        seenOld += isOld ? 1 : 0;
        seenNew += isOld ? 0 : 1;
        instants += crashed ? 1 : 0;
        afterwards(file, text);
      }
    }
    assertThat(instants).isGreaterThan(300);
    assertThat(seenOld).isPositive();
    assertThat(seenNew).isPositive();
  }

  private static boolean crash(Path file, Disk disk) throws IOException {
    try {
      ConfigStore store = ConfigStore.open(file, disk);
      change(store, NEW, 1);
      change(store, OLD, 1);
      change(store, NEW, 1);
      return false;
    } catch (Crash crash) {
      return true;
    }
  }

  /** The next process reads what is there, changes it, and can go back to it. */
  private static void afterwards(Path file, String text) throws IOException {
    ConfigStore store = ConfigStore.open(file);
    assertThat(store.current().text()).isEqualTo(text);
    assertThat(store.isEdited()).isFalse();
    for (StoredVersion each : store.versions()) {
      assertThat(each.text().endsWith(OLD) || each.text().endsWith(NEW)).isTrue();
    }
    change(store, "shards: {count: 1}\n", 8);
    assertThat(store.versions().get(0).text()).isEqualTo(text);
    assertThat(Files.readString(file)).endsWith("shards: {count: 1}\n");
  }

  @Test
  void keepsSoManyVersionsWithWhoMadeThem() throws IOException {
    Path file = file("t.yaml");
    ConfigStore store = ConfigStore.open(file);
    for (int i = 1; i <= 10; i++) {
      store.prepare("# " + i + "\n", "alice", "change " + i).commit(4);
    }
    List<StoredVersion> versions = store.versions();
    assertThat(versions).hasSize(4);
    assertThat(versions)
        .extracting(StoredVersion::change)
        .containsExactly("change 9", "change 8", "change 7", "change 6");
    assertThat(versions).extracting(StoredVersion::by).containsOnly("alice");
    assertThat(versions)
        .extracting(StoredVersion::number)
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(store.current().number()).isGreaterThan(versions.get(0).number());
    assertThat(versions.get(2).text()).endsWith("# 7\n");
    assertThat(store.version(versions.get(2).number())).isEqualTo(versions.get(2));
    assertThat(store.version(1)).isNull();
  }

  @Test
  void noticesEditsByHandAndKeepsWhatWasThere() throws IOException {
    Path file = file("t.yaml");
    ConfigStore store = ConfigStore.open(file);
    Files.writeString(file, NEW);
    assertThat(store.isEdited()).isTrue();
    store.accept(store.read(), 8);
    assertThat(store.isEdited()).isFalse();
    assertThat(store.current().by()).isEqualTo("file");
    assertThat(store.versions())
        .singleElement()
        .satisfies(v -> assertThat(v.text()).isEqualTo(OLD));
    Files.delete(file);
    assertThat(store.isEdited()).isTrue();
  }

  @Test
  void keepsTheModeAndFollowsALink() throws IOException {
    Path file = file("t.yaml");
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rw-rw----");
    Files.setPosixFilePermissions(file, mode);
    Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), file);
    change(ConfigStore.open(link), NEW, 8);
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.readString(file)).endsWith(NEW);
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(mode);
  }

  @Test
  void aFirstLineThatIsNoneOfOursIsAComment() {
    assertThat(StoredVersion.parse("# mora-version: {broken\nx: 1\n").number()).isZero();
    assertThat(StoredVersion.parse("# mora-version: {\"number\":-4}\n").number()).isZero();
    assertThat(StoredVersion.parse("").by()).isEqualTo("file");
    StoredVersion written = StoredVersion.of(7, "now", "bo\n# b", "x".repeat(2000), "a: 1\n");
    assertThat(written.text().lines()).hasSize(2);
    StoredVersion read = StoredVersion.parse(written.text());
    assertThat(read.by()).isEqualTo("bo\n# b");
    assertThat(read.change()).hasSize(StoredVersion.CHANGE_MAX);
  }
}
