package io.mora.protocol.data;

import io.mora.protocol.HostId;
import io.mora.protocol.Nqn;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The data of a Connect command.
 *
 * <pre>
 *    0 HOSTID   16   bytes in the order a UUID is printed
 *   16 CNTLID    2   FFFFh asks for a new controller
 *   18 reserved 238
 *  256 SUBNQN  256   NUL padded
 *  512 HOSTNQN 256   NUL padded
 *  768 reserved 256
 * </pre>
 *
 * @param hostId zero if the host has none, which a target refuses
 * @param controllerId CNTLID, 0..FFFFh
 * @param subsystem null if the field holds no NQN; {@link #encode} then writes zeroes
 * @param host null if the field holds no NQN; {@link #encode} then writes zeroes
 */
public record ConnectData(
    HostId hostId, int controllerId, @Nullable Nqn subsystem, @Nullable Nqn host) {
  public static final int LENGTH = 1024;

  public static final int HOSTID = 0;
  public static final int CNTLID = 16;
  public static final int SUBNQN = 256;
  public static final int HOSTNQN = 512;

  /** CNTLID of an admin Connect to a target that makes controllers as hosts come. */
  public static final int DYNAMIC_CONTROLLER = 0xFFFF;

  public ConnectData {
    if (controllerId < 0 || controllerId > 0xFFFF) {
      throw new IllegalArgumentException("controllerId " + controllerId + ": 0 to 65535");
    }
  }

  /** Reads {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static ConnectData decode(ByteBuf buf, int at) {
    if (buf.writerIndex() - at < LENGTH) {
      throw new IllegalArgumentException(
          "Connect data needs " + LENGTH + " bytes from " + at + ", ends at " + buf.writerIndex());
    }
    return new ConnectData(
        HostId.decode(buf, at + HOSTID),
        buf.getUnsignedShortLE(at + CNTLID),
        Nqn.decode(buf, at + SUBNQN),
        Nqn.decode(buf, at + HOSTNQN));
  }

  /** Writes all {@value #LENGTH} bytes at an absolute index. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, LENGTH);
    hostId.encode(buf, at + HOSTID);
    buf.setShortLE(at + CNTLID, controllerId);
    if (subsystem != null) {
      subsystem.encode(buf, at + SUBNQN);
    }
    if (host != null) {
      host.encode(buf, at + HOSTNQN);
    }
  }
}
