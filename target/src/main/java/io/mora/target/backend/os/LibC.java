package io.mora.target.backend.os;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The C library's calls that Java lacks, bound directly with primitives only. Linux with glibc or
 * musl, x86-64 and aarch64; elsewhere {@link #available} is false and nothing here may be called.
 *
 * <p>Every native method returns -1 on failure and leaves the reason in {@link #errno}, which holds
 * per thread until the next call here.
 */
public final class LibC {
  /*
   * Set-up calls, and from the file pool: a crossing costs 0.2-0.5 us, so nothing here is called
   * once per I/O on a shard's thread. open, fcntl and ioctl are variadic in C; on both ABIs named
   * above their variadic integers travel as ordinary ones do.
   */
  public static final int O_RDONLY = 0;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_CLOEXEC = 0x80000;

  private static final boolean ARM =
      System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).startsWith("aarch64");

  public static final int O_DIRECT = ARM ? 0x10000 : 0x4000;
  public static final int O_DIRECTORY = ARM ? 0x4000 : 0x10000;

  public static final int F_SETFL = 4;

  public static final int LOCK_SH = 1;
  public static final int LOCK_EX = 2;
  public static final int LOCK_NB = 4;

  public static final int FALLOC_FL_KEEP_SIZE = 1;
  public static final int FALLOC_FL_PUNCH_HOLE = 2;
  public static final int FALLOC_FL_ZERO_RANGE = 0x10;

  /** Makes a file share all blocks of another; the argument is that one's descriptor. */
  public static final long FICLONE = 0x40049409L;

  public static final long BLKROGET = 0x125E;
  public static final long BLKSSZGET = 0x1268;
  public static final long BLKPBSZGET = 0x127B;
  public static final long BLKGETSIZE64 = 0x80081272L;

  static final int AF_UNIX = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_CLOEXEC = 0x80000;
  static final int MSG_NOSIGNAL = 0x4000;

  static final int AT_FDCWD = -100;
  static final int AT_EMPTY_PATH = 0x1000;

  private static final boolean AVAILABLE = bind();

  private LibC() {}

  private static boolean bind() {
    try {
      if (!Platform.isLinux() || !Platform.is64Bit()) {
        return false;
      }
      Native.register(LibC.class, "c");
      return true;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      // A folder for temporary files mounted noexec, or a C library without one of these calls.
      return false;
    }
  }

  /** Whether the calls below can be made here. */
  public static boolean available() {
    return AVAILABLE;
  }

  /** Reason of this thread's last failed call: an {@link ErrnoStatus} constant. */
  public static int errno() {
    return Native.getLastError();
  }

  /** A path as the C library wants it. */
  public static byte[] path(String path) {
    return (path + '\0').getBytes(StandardCharsets.UTF_8);
  }

  /** Native address of a direct buffer's first byte. */
  public static long address(ByteBuffer direct) {
    return com.sun.jna.Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }

  /** The C library's words for an errno, without its number. */
  public static String reason(int errno) {
    return switch (errno) {
      case ErrnoStatus.ENOENT -> "no such file or directory";
      case ErrnoStatus.EACCES -> "permission denied";
      case ErrnoStatus.EPERM -> "not permitted";
      case ErrnoStatus.EBUSY -> "in use";
      case ErrnoStatus.EEXIST -> "exists already";
      case ErrnoStatus.EXDEV -> "on another file system";
      case ErrnoStatus.ENOSPC -> "no space left";
      case ErrnoStatus.EROFS -> "read-only";
      case ErrnoStatus.EIO -> "input/output error";
      case ErrnoStatus.EOPNOTSUPP -> "not supported";
      default -> "errno " + errno;
    };
  }

  public static native int open(byte[] path, int flags, int mode);

  public static native int close(int fd);

  public static native int fcntl(int fd, int command, long argument);

  public static native int flock(int fd, int operation);

  public static native int ftruncate(int fd, long lengthBytes);

  public static native int fallocate(int fd, int mode, long offsetBytes, long lengthBytes);

  public static native int fsync(int fd);

  public static native int fdatasync(int fd);

  public static native int ioctl(int fd, long request, long[] argument);

  public static native int ioctl(int fd, long request, int[] argument);

  public static native int ioctl(int fd, long request, long argument);

  public static native long pread(int fd, long address, long lengthBytes, long offsetBytes);

  static native int socket(int family, int type, int protocol);

  static native long sendto(
      int fd, byte[] data, long lengthBytes, int flags, byte[] address, int addressBytes);

  static native int statx(int directoryFd, byte[] path, int flags, int mask, byte[] result);
}
