package io.mora.protocol.data;

import io.netty.buffer.ByteBuf;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Namespace identification descriptors, CNS 03h: a list of
 *
 * <pre>
 *   0 NIDT 1   1 EUI64, 2 NGUID, 3 UUID, 4 command set; 0 ends the list
 *   1 NIDL 1   length of NID: 8, 16, 16, 1
 *   2 reserved 2
 *   4 NID
 * </pre>
 *
 * @param eui64 8 bytes as printed, or null
 * @param nguid 16 bytes as printed, or null
 * @param uuid or null
 * @param commandSet CSI, or {@link #NO_COMMAND_SET}
 */
public record NamespaceIdentifiers(
    @Nullable Bytes eui64, @Nullable Bytes nguid, @Nullable UUID uuid, int commandSet) {
  public static final int LENGTH = 4096;
  public static final int NO_COMMAND_SET = -1;

  /** CSI of the NVM command set. */
  public static final int NVM = 0;

  private static final int EUI64 = 1;
  private static final int NGUID = 2;
  private static final int UUID_TYPE = 3;
  private static final int CSI = 4;
  private static final int HEADER = 4;

  public NamespaceIdentifiers {
    check(eui64, EUI64);
    check(nguid, NGUID);
    if (commandSet < NO_COMMAND_SET || commandSet > 0xFF) {
      throw new IllegalArgumentException("commandSet " + commandSet + ": -1 to 255");
    }
  }

  private static void check(@Nullable Bytes value, int type) {
    if (value != null && value.length() != length(type)) {
      throw new IllegalArgumentException(
          "identifier of type " + type + " has " + value.length() + " bytes, not " + length(type));
    }
  }

  private static int length(int type) {
    return switch (type) {
      case EUI64 -> 8;
      case NGUID, UUID_TYPE -> 16;
      default -> 1;
    };
  }

  /**
   * Reads {@value #LENGTH} bytes. Types not known are skipped, of one type the first counts.
   *
   * @throws IllegalArgumentException if a known type has another length than it must, or the list
   *     or the buffer ends too early
   */
  public static NamespaceIdentifiers decode(ByteBuf buf, int at) {
    Bytes all = Bytes.copyOf(buf, at, LENGTH);
    Bytes eui64 = null;
    Bytes nguid = null;
    UUID uuid = null;
    int csi = NO_COMMAND_SET;
    for (int pos = 0; pos + HEADER <= LENGTH && all.unsignedByte(pos) != 0; ) {
      int type = all.unsignedByte(pos);
      int length = all.unsignedByte(pos + 1);
      if ((type <= CSI && length != length(type)) || pos + HEADER + length > LENGTH) {
        throw new IllegalArgumentException(
            "descriptor at " + pos + ": NIDT " + type + " with NIDL " + length);
      }
      Bytes nid = all.slice(pos + HEADER, length);
      switch (type) {
        case EUI64 -> eui64 = eui64 != null ? eui64 : nid;
        case NGUID -> nguid = nguid != null ? nguid : nid;
        case UUID_TYPE -> uuid = uuid != null ? uuid : uuid(buf, at + pos + HEADER);
        case CSI -> csi = csi != NO_COMMAND_SET ? csi : nid.unsignedByte(0);
        default -> {
          // A type of a later version.
        }
      }
      pos += HEADER + length;
    }
    return new NamespaceIdentifiers(eui64, nguid, uuid, csi);
  }

  private static UUID uuid(ByteBuf buf, int at) {
    return new UUID(buf.getLong(at), buf.getLong(at + 8));
  }

  /** Writes all {@value #LENGTH} bytes, in ascending order of type. */
  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, LENGTH);
    int pos = at;
    if (eui64 != null) {
      eui64.encode(buf, header(buf, pos, EUI64));
      pos += HEADER + 8;
    }
    if (nguid != null) {
      nguid.encode(buf, header(buf, pos, NGUID));
      pos += HEADER + 16;
    }
    if (uuid != null) {
      int nid = header(buf, pos, UUID_TYPE);
      buf.setLong(nid, uuid.getMostSignificantBits());
      buf.setLong(nid + 8, uuid.getLeastSignificantBits());
      pos += HEADER + 16;
    }
    if (commandSet != NO_COMMAND_SET) {
      buf.setByte(header(buf, pos, CSI), commandSet);
    }
  }

  private static int header(ByteBuf buf, int at, int type) {
    buf.setByte(at, type);
    buf.setByte(at + 1, length(type));
    return at + HEADER;
  }
}
