package io.mora.target.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.BackendSpec.DirectIo;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageCheckTest {
  private static final Nqn NQN = new Nqn("nqn.2026-11.io.example:disk");
  private static final long MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  void soundStorageHasNoProblem() throws IOException {
    Path existing = file("existing", 2 * MIB);
    assertThat(
            check(
                new BackendSpec.Memory(MIB),
                file(existing, 0),
                file(folder.resolve("new"), 4 * MIB)))
        .isEmpty();
    assertThat(folder.resolve("new")).as("checking makes nothing").doesNotExist();
    assertThat(check(file(existing, 2 * MIB))).isEmpty();
  }

  @Test
  void folderMustExist() {
    Path path = folder.resolve("none/disk");
    assertThat(check(file(path, MIB)))
        .containsExactly(
            backend(0)
                + ".path = "
                + path
                + ": there is no folder "
                + path.getParent()
                + " (allowed: a file in an existing folder)");
  }

  @Test
  void missingFileNeedsASizeAndMustBeWritable() {
    Path path = folder.resolve("none");
    assertThat(check(file(path, 0)))
        .containsExactly(
            backend(0)
                + ".size: missing, and there is no file "
                + path
                + " (allowed: a size, or the path of an existing file)");
    assertThat(check(new BackendSpec.File(path.toString(), MIB, false, DirectIo.AUTO, true)))
        .containsExactly(
            backend(0)
                + ".path = "
                + path
                + ": there is no such file (allowed: an existing file with readOnly)");
  }

  @Test
  void preallocationMustFit() {
    String path = folder.resolve("huge").toString();
    assertThat(check(new BackendSpec.File(path, 1L << 59, true, DirectIo.AUTO, false)))
        .singleElement()
        .asString()
        .startsWith(backend(0) + ".size = 512PiB: more than is free in " + folder);
  }

  @Test
  void existingFileIsNeverResized() throws IOException {
    Path path = file("disk", 2 * MIB);
    assertThat(check(file(path, 3 * MIB)))
        .containsExactly(
            backend(0)
                + ".size = 3MiB: the file exists with 2097152 bytes"
                + " (allowed: 2MiB, or leave size out)");
    Path odd = file("odd", 2 * MIB + 512);
    assertThat(check(file(odd, 0)))
        .containsExactly(
            backend(0)
                + ".path = "
                + odd
                + ": the file has 2097664 bytes (allowed: a multiple of 4096, at least 1MiB)");
  }

  @Test
  void filesOfAStripeAreAllThereAndOfOneSizeOrNone() throws IOException {
    String one = file("one", 2 * MIB).toString();
    String two = folder.resolve("two").toString();
    var stripe =
        new BackendSpec.Stripe(List.of(one, two), 4L * MIB, 4096, false, DirectIo.AUTO, false);
    assertThat(check(stripe))
        .containsExactly(
            backend(0)
                + ".paths = 1 of 2: some of the files are missing"
                + " (allowed: all files, or none, which are then made)");
    file("two", 3 * MIB);
    assertThat(check(stripe))
        .containsExactly(
            backend(0)
                + ".paths[1] = "
                + two
                + ": the file has 3145728 bytes"
                + " (allowed: 2097152 bytes, its part of size, or leave size out)");
    var found = new BackendSpec.Stripe(List.of(one, two), 0, 4096, false, DirectIo.AUTO, false);
    assertThat(check(found))
        .singleElement()
        .asString()
        .contains(".paths[1]", "3145728", "the first 2097152", "one size");
    var twice = new BackendSpec.Stripe(List.of(one, one), 0, 4096, false, DirectIo.AUTO, false);
    assertThat(check(twice)).singleElement().asString().contains("the same file", ".paths[0]");
  }

  @Test
  void typeMustFitTheKind() throws IOException {
    Path file = file("disk", MIB);
    assertThat(check(file(folder, 0)))
        .containsExactly(
            backend(0) + ".path = " + folder + ": not a regular file (allowed: a regular file)");
    assertThat(check(device(file)))
        .containsExactly(
            backend(0)
                + ".path = "
                + file
                + ": not a block device; it is a file, use kind: file (allowed: a block device)");
    assertThat(check(device(Path.of("/dev/null"))))
        .containsExactly(
            backend(0) + ".path = /dev/null: not a block device (allowed: a block device)");
    assertThat(check(device(folder.resolve("none"))))
        .singleElement()
        .asString()
        .contains("there is no such device");
  }

  @Test
  void aLinkToAFileInUseIsTheSameFile() throws IOException {
    Path file = file("disk", MIB);
    Path symbolic = Files.createSymbolicLink(folder.resolve("symbolic"), file);
    Path hard = Files.createLink(folder.resolve("hard"), file);
    assertThat(check(file(file, 0), file(symbolic, 0), file(hard, 0)))
        .containsExactly(same(1, symbolic), same(2, hard));
  }

  private static String same(int index, Path path) {
    return backend(index)
        + ".path = "
        + path
        + ": the same file or device as "
        + backend(0)
        + ".path (allowed: each file or device once)";
  }

  @Test
  void problemsOfStorageCarryTheirLines() throws IOException {
    Path config = folder.resolve("mora.yaml");
    Files.writeString(
        config,
        """
        listeners: [{address: 127.0.0.1}]
        subsystems:
          - nqn: nqn.2026-11.io.example:disk
            namespaces:
              - nsid: 1
                backend:
                  kind: file
                  path: none/disk
                  size: 1MiB
        """);
    ConfigException e = catchThrowableOfType(ConfigException.class, () -> ConfigFile.load(config));
    assertThat(e.problems())
        .singleElement()
        .extracting(Problem::file, Problem::line, Problem::key, Problem::value)
        .containsExactly(
            config.toString(), 8, backend(0) + ".path", folder.resolve("none/disk").toString());
  }

  private Path file(String name, long size) throws IOException {
    Path path = folder.resolve(name);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size);
    }
    return path;
  }

  private static BackendSpec file(Path path, long size) {
    return new BackendSpec.File(path.toString(), size, false, DirectIo.AUTO, false);
  }

  private static BackendSpec device(Path path) {
    return new BackendSpec.Block(path.toString(), DirectIo.AUTO, false);
  }

  private static String backend(int index) {
    return "subsystems[0].namespaces[" + index + "].backend";
  }

  private static List<String> check(BackendSpec... backends) {
    List<NamespaceSpec> namespaces = new ArrayList<>();
    for (BackendSpec backend : backends) {
      namespaces.add(NamespaceSpec.of(NQN, namespaces.size() + 1, 4096, backend));
    }
    TargetSpec spec =
        TargetSpec.of(
            List.of(ListenerSpec.of("127.0.0.1", 0)),
            List.of(SubsystemSpec.openToAll(NQN, namespaces)));
    return StorageCheck.check(spec).stream().map(Problem::toString).toList();
  }
}
