package io.mora.target.backend.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Facts about an open block device, from its ioctls and from sysfs.
 *
 * @param logicalBlockBytes smallest unit the device addresses
 * @param physicalBlockBytes smallest unit it writes without reading
 * @param volatileWriteCache it may lose completed writes until flushed; true when nobody tells
 * @param writesZeroes it offers zeroing with deallocation, so holes can be punched
 */
public record BlockDevice(
    long sizeBytes,
    int logicalBlockBytes,
    int physicalBlockBytes,
    boolean readOnly,
    boolean volatileWriteCache,
    boolean writesZeroes) {

  private static final Path SYSFS = Path.of("/sys/dev/block");

  /** Reads the facts of an open device. */
  public static BlockDevice of(int fd, FileStatus status) throws IOException {
    long[] sizeBytes = new long[1];
    if (LibC.ioctl(fd, LibC.BLKGETSIZE64, sizeBytes) != 0) {
      throw new IOException("BLKGETSIZE64: " + LibC.reason(LibC.errno()));
    }
    Path node = SYSFS.resolve(status.deviceMajor() + ":" + status.deviceMinor());
    return new BlockDevice(
        sizeBytes[0],
        number(fd, LibC.BLKSSZGET, "BLKSSZGET"),
        number(fd, LibC.BLKPBSZGET, "BLKPBSZGET"),
        number(fd, LibC.BLKROGET, "BLKROGET") != 0,
        !attribute(node, "write_cache").equals("write through"),
        positive(attribute(node, "write_zeroes_max_bytes")));
  }

  private static int number(int fd, long request, String name) throws IOException {
    int[] value = new int[1];
    if (LibC.ioctl(fd, request, value) != 0) {
      throw new IOException(name + ": " + LibC.reason(LibC.errno()));
    }
    return value[0];
  }

  /** An attribute of the request queue: a disk's own, or a partition's parent's; "" when absent. */
  static String attribute(Path node, String name) {
    for (String queue : new String[] {"queue", "../queue"}) {
      try {
        // A partition's node is a link: ".." must be taken from where it leads to.
        Path file = node.toRealPath().resolve(queue).normalize().resolve(name);
        if (Files.isReadable(file)) {
          return Files.readString(file).strip();
        }
      } catch (IOException e) {
        return "";
      }
    }
    return "";
  }

  private static boolean positive(String number) {
    return !number.isEmpty() && !number.equals("0");
  }
}
