package io.mora.protocol.data;

import static io.mora.protocol.data.StructureField.Span.bytesAt;
import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;

/**
 * Identify Namespace, CNS 00h. All zero for a namespace that is not active.
 *
 * <p>LBAF is 64 formats of 4 bytes, see {@link LbaFormat}.
 */
public final class IdentifyNamespace extends Structure<IdentifyNamespace.Field> {
  public static final int LENGTH = 4096;

  /** Fields and where they are; gaps are reserved. */
  public enum Field implements StructureField {
    NSZE(numberAt(0, 8)),
    NCAP(numberAt(8, 8)),
    NUSE(numberAt(16, 8)),
    NSFEAT(numberAt(24, 1)),
    NLBAF(numberAt(25, 1)),
    FLBAS(numberAt(26, 1)),
    MC(numberAt(27, 1)),
    DPC(numberAt(28, 1)),
    DPS(numberAt(29, 1)),
    NMIC(numberAt(30, 1)),
    RESCAP(numberAt(31, 1)),
    FPI(numberAt(32, 1)),
    DLFEAT(numberAt(33, 1)),
    NAWUN(numberAt(34, 2)),
    NAWUPF(numberAt(36, 2)),
    NACWU(numberAt(38, 2)),
    NABSN(numberAt(40, 2)),
    NABO(numberAt(42, 2)),
    NABSPF(numberAt(44, 2)),
    NOIOB(numberAt(46, 2)),
    NVMCAP(numberAt(48, 16)),
    NPWG(numberAt(64, 2)),
    NPWA(numberAt(66, 2)),
    NPDG(numberAt(68, 2)),
    NPDA(numberAt(70, 2)),
    NOWS(numberAt(72, 2)),
    MSSRL(numberAt(74, 2)),
    MCL(numberAt(76, 4)),
    MSRC(numberAt(80, 1)),
    KPIOS(numberAt(81, 1)),
    NULBAF(numberAt(82, 1)),
    KPIODAAG(numberAt(84, 4)),
    ANAGRPID(numberAt(92, 4)),
    NSATTR(numberAt(99, 1)),
    NVMSETID(numberAt(100, 2)),
    ENDGID(numberAt(102, 2)),
    NGUID(bytesAt(104, 16)),
    EUI64(bytesAt(120, 8)),
    LBAF(bytesAt(128, 256)),
    VS(bytesAt(384, 3712));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private IdentifyNamespace(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static IdentifyNamespace decode(ByteBuf buf, int at) {
    return new IdentifyNamespace(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, IdentifyNamespace> builder() {
    return new Builder<>(LENGTH, IdentifyNamespace::new);
  }

  /** Formats in LBAF. */
  public static final int LBA_FORMATS_MAX = 64;

  private static final int LBAF_BYTES = 4;

  /**
   * One entry of LBAF.
   *
   * @param metadataBytes MS
   * @param blockShift LBADS: log2 of the block's data bytes; 0 marks an unused entry
   * @param relativePerformance RP: 0 best .. 3 degraded
   */
  public record LbaFormat(int metadataBytes, int blockShift, int relativePerformance) {
    /** The 4 bytes of the entry. */
    public int encoded() {
      return metadataBytes | blockShift << 16 | relativePerformance << 24;
    }
  }

  /** The LBAF field for the given formats, at most {@value #LBA_FORMATS_MAX}. */
  public static Bytes lbaFormats(List<LbaFormat> formats) {
    if (formats.isEmpty() || formats.size() > LBA_FORMATS_MAX) {
      throw new IllegalArgumentException(formats.size() + " formats: 1 to " + LBA_FORMATS_MAX);
    }
    ByteBuf buf = Unpooled.buffer(formats.size() * LBAF_BYTES);
    for (LbaFormat format : formats) {
      buf.writeIntLE(format.encoded());
    }
    return Bytes.copyOf(buf, 0, buf.writerIndex());
  }

  /** Format at an index of LBAF. */
  public LbaFormat lbaFormat(int index) {
    int at = Field.LBAF.offset() + Objects.checkIndex(index, LBA_FORMATS_MAX) * LBAF_BYTES;
    return new LbaFormat(
        (int) bytes().littleEndian(at, 2),
        bytes().unsignedByte(at + 2),
        bytes().unsignedByte(at + 3) & 3);
  }

  /** The format in use: bits 3:0 of FLBAS, with 6:5 above them when there are more than 16. */
  public LbaFormat currentFormat() {
    int flbas = intValue(Field.FLBAS);
    int upper = value(Field.NLBAF) >= 16 ? flbas >>> 5 & 3 : 0;
    return lbaFormat(flbas & 0xF | upper << 4);
  }

  /** NSZE: size in blocks. */
  public long sizeBlocks() {
    return value(Field.NSZE);
  }

  /** NCAP 0: nothing may be stored, as for a namespace that is not active. */
  public boolean isActive() {
    return value(Field.NCAP) != 0;
  }

  /** NSATTR bit 0: writes are refused. */
  public boolean isWriteProtected() {
    return bit(Field.NSATTR, 0);
  }
}
