package io.mora.target.backend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** Loop devices and small file systems, where root may make them; else the test is skipped. */
final class Storage implements AutoCloseable {
  private static final int WAIT_SECONDS = 30;
  private static final long BTRFS_BYTES = 256L << 20;

  final String path;
  private final Path image;
  private final String[] undo;

  private Storage(String path, Path image, String... undo) {
    this.path = path;
    this.image = image;
    this.undo = undo;
  }

  /** A loop device over a sparse file. */
  static Storage loopDevice(Path folder, long sizeBytes, int sectorBytes) throws Exception {
    Path image = Files.createTempFile(folder, "loop", ".img");
    try (var channel = Files.newByteChannel(image, StandardOpenOption.WRITE)) {
      channel.position(sizeBytes - 1).write(ByteBuffer.allocate(1));
    }
    String device =
        output("losetup", "-b", "" + sectorBytes, "-f", "--show", image.toString()).strip();
    assumeTrue(device.startsWith("/dev/loop"), "SKIPPED: no loop device here: " + device);
    return new Storage(device, image, "losetup", "-d", device);
  }

  /** A file system with reflinks, on a loop device of its own. */
  static Storage btrfs(Path folder) throws Exception {
    Path image = Files.createTempFile(folder, "btrfs", ".img");
    try (var channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(1), BTRFS_BYTES - 1);
    }
    Path point = Files.createTempDirectory(folder, "btrfs");
    String made = output("mkfs.btrfs", "-q", "--mixed", image.toString());
    assumeTrue(!made.startsWith("failed"), "SKIPPED: no btrfs can be made here: " + made);
    String said = output("mount", "-o", "loop", image.toString(), point.toString());
    assumeTrue(said.isEmpty(), "SKIPPED: no btrfs can be mounted here: " + said);
    return new Storage(point.toString(), point, "umount", point.toString());
  }

  /** Makes a loop device longer or shorter while it is used. */
  void resize(long sizeBytes) throws Exception {
    try (var channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      if (sizeBytes < channel.size()) {
        channel.truncate(sizeBytes);
      } else {
        channel.write(ByteBuffer.allocate(1), sizeBytes - 1);
      }
    }
    String said = output("losetup", "-c", path);
    assumeTrue(said.isEmpty(), "SKIPPED: the loop device cannot be resized: " + said);
  }

  /** A file system in memory, so small that it fills. */
  static Storage tmpfs(Path folder, long sizeBytes) throws Exception {
    Path point = Files.createTempDirectory(folder, "tmpfs");
    String said =
        output("mount", "-t", "tmpfs", "-o", "size=" + sizeBytes, "none", point.toString());
    assumeTrue(said.isEmpty(), "SKIPPED: no tmpfs can be mounted here: " + said);
    return new Storage(point.toString(), point, "umount", point.toString());
  }

  private static String output(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0
          ? said
          : "failed: " + said;
    } catch (IOException e) {
      return "failed: " + e;
    }
  }

  @Override
  public void close() {
    try {
      output(undo);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
