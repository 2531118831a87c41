package io.mora.target.state;

import static io.mora.target.state.Changes.register;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.HostId;
import io.mora.target.config.store.Disk;
import io.mora.target.reservation.NamespaceReservation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many files of nobody stay, whatever else is in their folder. */
class LeftFilesTest {
  private static final String SUFFIX = ".reservation";
  private static final UUID NAMESPACE = new UUID(1, 2);
  private static final HostId HOST = new HostId(0, 10);

  @TempDir Path folder;

  private static String name(int number) {
    return new UUID(9, number) + SUFFIX;
  }

  /** The higher the number the later it changed. */
  private void file(int number) throws IOException {
    Path file = Files.createFile(folder.resolve(name(number)));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000 + number));
  }

  private void files(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      file(i);
    }
  }

  private Set<String> found() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(each -> String.valueOf(each.getFileName()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private LeftFiles left(Disk disk) {
    return new LeftFiles(folder, SUFFIX, disk);
  }

  /** One that lets some files stay. */
  private record Stubborn(Disk real, Set<Path> stay) implements Disk {
    @Override
    public void write(Path file, byte[] bytes, Set<PosixFilePermission> mode) throws IOException {
      real.write(file, bytes, mode);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      real.rename(from, to);
    }

    @Override
    public void syncFolder(Path of) throws IOException {
      real.syncFolder(of);
    }

    @Override
    public void delete(Path file) throws IOException {
      if (stay.contains(file)) {
        throw new IOException("on purpose");
      }
      real.delete(file);
    }
  }

  @Test
  void oneThatCannotBeDeletedKeepsTheBound() throws IOException {
    files(5);
    LeftFiles left = left(new Stubborn(Disk.real(), Set.of(folder.resolve(name(0)))));
    left.trim(Set.of(), 2);
    assertThat(found()).containsExactly(name(0), name(4));
  }

  @Test
  void whatIsNoFileOfANamespaceIsNotTouched() throws IOException {
    files(3);
    List<String> others =
        List.of(
            "1-2-3-4-5" + SUFFIX,
            "0000000A-0000-0000-0000-00000000000A" + SUFFIX,
            new UUID(7, 7) + SUFFIX + ".next");
    for (String each : others) {
      Files.createFile(folder.resolve(each));
    }
    String link = new UUID(7, 8) + SUFFIX;
    Files.createSymbolicLink(folder.resolve(link), folder.resolve("nothing"));
    String inside = new UUID(7, 9) + SUFFIX;
    Files.createDirectory(folder.resolve(inside));
    left(Disk.real()).trim(Set.of(new UUID(9, 0)), 1);
    assertThat(found())
        .containsExactlyInAnyOrder(
            others.get(0), others.get(1), others.get(2), link, inside, name(0), name(2));
  }

  /** What nobody told of is not looked for. */
  @Test
  void theFolderIsListedOnlyWhereThereMayBeTooMany() throws IOException {
    files(3);
    LeftFiles left = left(Disk.real());
    left.trim(Set.of(), 2);
    assertThat(found()).containsExactly(name(1), name(2));
    file(3);
    left.trim(Set.of(), 2);
    left.oneMore();
    left.oneLess();
    left.trim(Set.of(), 2);
    assertThat(found()).hasSize(3);
    left.oneMore();
    left.trim(Set.of(), 2);
    assertThat(found()).containsExactly(name(2), name(3));
  }

  /** However many are left: a host that makes and deletes namespaces has nobody look for them. */
  @Test
  void whatIsDeletedWithItsNamespaceIsNotLeft() throws IOException {
    files(StateFolder.LEFT_MAX);
    try (StateFolder state = StateFolder.at(folder)) {
      state.trim();
      file(StateFolder.LEFT_MAX); // Behind its back: gone as soon as anybody looks.
      for (boolean reserved : new boolean[] {false, true}) {
        NamespaceReservation reservation = state.reservation(NAMESPACE);
        state.serve(NAMESPACE, reservation);
        if (reserved) {
          assertThat(register(reservation, HOST, true)).isZero();
        }
        state.leave(NAMESPACE, reservation);
        assertThat(Files.exists(folder.resolve(NAMESPACE + SUFFIX))).isEqualTo(reserved);
        state.forget(NAMESPACE);
        state.trim();
        assertThat(found()).hasSize(StateFolder.LEFT_MAX + 1);
      }
      NamespaceReservation reservation = state.reservation(NAMESPACE);
      state.serve(NAMESPACE, reservation);
      assertThat(register(reservation, HOST, true)).isZero();
      state.leave(NAMESPACE, reservation);
      state.trim();
      assertThat(found()).hasSize(StateFolder.LEFT_MAX).doesNotContain(name(0), name(1));
    }
  }
}
