package io.mora.target.backend.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What statx(2) says of an open file or a path.
 *
 * <pre>
 *  struct statx, offsets used: mask 0, mode 28 (u16), size 40 (u64), blocks 48 (u64),
 *  rdev 128/132 (u32 major, minor), dio_mem_align 152, dio_offset_align 156 (u32)
 * </pre>
 *
 * @param allocatedBytes space taken on the medium
 * @param deviceMajor of a device node, with deviceMinor
 * @param dio what O_DIRECT asks of I/O on it
 */
public record FileStatus(
    int mode, long sizeBytes, long allocatedBytes, int deviceMajor, int deviceMinor, DioAlign dio) {

  private static final int STATX_BASIC_STATS = 0x7FF;
  private static final int STATX_DIOALIGN = 0x2000;
  private static final int STATX_LENGTH = 256;
  private static final int STAT_UNIT_BYTES = 512;
  private static final int S_IFMT = 0xF000;
  private static final int S_IFREG = 0x8000;
  private static final int S_IFBLK = 0x6000;
  private static final int S_IFDIR = 0x4000;

  /**
   * Alignment O_DIRECT asks for.
   *
   * @param memoryBytes of addresses: 0 when O_DIRECT is refused, -1 when the kernel does not tell
   * @param offsetBytes of offsets and lengths; likewise
   */
  public record DioAlign(int memoryBytes, int offsetBytes) {
    public boolean known() {
      return memoryBytes >= 0;
    }
  }

  /** Of a path, following links; null with {@link LibC#errno} set when it cannot be looked at. */
  public static @Nullable FileStatus of(String path) {
    return read(LibC.AT_FDCWD, path, 0);
  }

  /** Of an open file. */
  public static @Nullable FileStatus of(int fd) {
    return read(fd, "", LibC.AT_EMPTY_PATH);
  }

  private static @Nullable FileStatus read(int directoryFd, String path, int flags) {
    byte[] raw = new byte[STATX_LENGTH];
    int mask = STATX_BASIC_STATS | STATX_DIOALIGN;
    if (LibC.statx(directoryFd, LibC.path(path), flags, mask, raw) != 0) {
      return null;
    }
    ByteBuffer b = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
    boolean told = (b.getInt(0) & STATX_DIOALIGN) != 0;
    return new FileStatus(
        b.getShort(28) & 0xFFFF,
        b.getLong(40),
        b.getLong(48) * STAT_UNIT_BYTES,
        b.getInt(128),
        b.getInt(132),
        told ? new DioAlign(b.getInt(152), b.getInt(156)) : new DioAlign(-1, -1));
  }

  public boolean regularFile() {
    return (mode & S_IFMT) == S_IFREG;
  }

  public boolean blockDevice() {
    return (mode & S_IFMT) == S_IFBLK;
  }

  /** In words, for messages: "a regular file". */
  public String kind() {
    return switch (mode & S_IFMT) {
      case S_IFREG -> "a regular file";
      case S_IFBLK -> "a block device";
      case S_IFDIR -> "a directory";
      default -> "neither a file nor a block device";
    };
  }
}
