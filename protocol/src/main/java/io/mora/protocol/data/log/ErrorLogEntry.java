package io.mora.protocol.data.log;

import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.StructureField;
import io.netty.buffer.ByteBuf;

/**
 * One entry of the Error Information log, 01h.
 *
 * <p>STATUS is as in a CQE (with the phase bit's place); PEL is the location of the field at fault:
 * byte in bits 7:0, bit in 10:8, FFFFh for none. ECNT 0 marks an empty entry.
 */
public final class ErrorLogEntry extends Structure<ErrorLogEntry.Field> {
  public static final int LENGTH = 64;

  /** Fields and where they are; gaps are reserved. */
  public enum Field implements StructureField {
    ECNT(numberAt(0, 8)),
    SQID(numberAt(8, 2)),
    CID(numberAt(10, 2)),
    STATUS(numberAt(12, 2)),
    PEL(numberAt(14, 2)),
    LBA(numberAt(16, 8)),
    NSID(numberAt(24, 4)),
    VSIA(numberAt(28, 1)),
    TRTYPE(numberAt(29, 1)),
    CSI(numberAt(30, 1)),
    OPC(numberAt(31, 1)),
    CSINFO(numberAt(32, 8)),
    TTSI(numberAt(40, 2)),
    LPVER(numberAt(63, 1));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private ErrorLogEntry(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static ErrorLogEntry decode(ByteBuf buf, int at) {
    return new ErrorLogEntry(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, ErrorLogEntry> builder() {
    return new Builder<>(LENGTH, ErrorLogEntry::new);
  }

  /** PEL when no field of the command is at fault. */
  public static final int NO_LOCATION = 0xFFFF;

  public boolean isEmpty() {
    return value(Field.ECNT) == 0;
  }

  /** STATUS as a packed {@link io.mora.protocol.status.Status}. */
  public int status() {
    return (int) value(Field.STATUS) >>> 1;
  }
}
