package io.mora.target.backend.os;

import io.mora.protocol.status.Status;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one table from the operating system's errors to NVMe statuses.
 *
 * <pre>
 *  ENOSPC, EDQUOT                           0/81 capacity exceeded, do not retry
 *  EROFS, EPERM, EACCES                     0/20 namespace write protected (writes)
 *  EIO, ENODATA, EILSEQ, EREMOTEIO, ETIMEDOUT,
 *  ENOLINK, EUCLEAN, EBADMSG                2/81 unrecovered read, 2/80 write fault
 *  anything else                            0/06 internal error
 * </pre>
 */
public final class ErrnoStatus {
  /*
   * The media row is what the block layer's statuses (BLK_STS_*) and the checksumming file systems
   * turn into; the numbers are those of x86-64 and aarch64.
   */
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int ENOTTY = 25;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int ENOSYS = 38;
  public static final int ENODATA = 61;
  public static final int ENOLINK = 67;
  public static final int EBADMSG = 74;
  public static final int EILSEQ = 84;
  public static final int EOPNOTSUPP = 95;
  public static final int ETIMEDOUT = 110;
  public static final int EUCLEAN = 117;
  public static final int EREMOTEIO = 121;
  public static final int EDQUOT = 122;
  public static final int ECANCELED = 125;

  private ErrnoStatus() {}

  /** Status of a read that failed. */
  public static int read(int errno) {
    return media(errno) ? Status.UNRECOVERED_READ_ERROR : Status.INTERNAL_ERROR;
  }

  /** Status of a write, a flush, or a change of allocation that failed. */
  public static int write(int errno) {
    return switch (errno) {
      case ENOSPC, EDQUOT -> Status.CAPACITY_EXCEEDED | Status.DNR;
      case EROFS, EPERM, EACCES -> Status.NAMESPACE_WRITE_PROTECTED;
      default -> media(errno) ? Status.WRITE_FAULT : Status.INTERNAL_ERROR;
    };
  }

  /** Whether a call is simply not offered for this file, so that another way may be tried. */
  public static boolean unsupported(int errno) {
    return switch (errno) {
      case EOPNOTSUPP, ENOSYS, EINVAL, ENODEV, ENOTTY -> true;
      default -> false;
    };
  }

  /** Errno behind an exception of a file channel, as far as its words tell; 0 when they do not. */
  public static int errno(IOException failure) {
    String words = words(failure.getMessage());
    if (words.contains("no space left")) {
      return ENOSPC;
    }
    if (words.contains("quota exceeded")) {
      return EDQUOT;
    }
    if (words.contains("read-only")) {
      return EROFS;
    }
    return words.contains("input/output error") ? EIO : 0;
  }

  private static String words(@Nullable String message) {
    return message == null ? "" : message.toLowerCase(Locale.ROOT);
  }

  private static boolean media(int errno) {
    return switch (errno) {
      case EIO, ENODATA, EILSEQ, EREMOTEIO, ETIMEDOUT, ENOLINK, EUCLEAN, EBADMSG -> true;
      default -> false;
    };
  }
}
