package io.mora.protocol.data.log;

import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.StructureField;
import io.netty.buffer.ByteBuf;

/**
 * SMART / Health Information, log 02h.
 *
 * <p>TEMPERATURE in kelvin; DUR and DUW (data units read, written) in thousands of 512 bytes,
 * rounded up; HRC and HWC count host read and write commands; CBT minutes busy; POH hours.
 */
public final class SmartLogPage extends Structure<SmartLogPage.Field> {
  public static final int LENGTH = 512;

  /** Fields and where they are; gaps are reserved. */
  public enum Field implements StructureField {
    CRITICAL_WARNING(numberAt(0, 1)),
    TEMPERATURE(numberAt(1, 2)),
    AVSP(numberAt(3, 1)),
    AVSPT(numberAt(4, 1)),
    PUSED(numberAt(5, 1)),
    EGCWS(numberAt(6, 1)),
    DUR(numberAt(32, 16)),
    DUW(numberAt(48, 16)),
    HRC(numberAt(64, 16)),
    HWC(numberAt(80, 16)),
    CBT(numberAt(96, 16)),
    PWRC(numberAt(112, 16)),
    POH(numberAt(128, 16)),
    UPL(numberAt(144, 16)),
    MDIE(numberAt(160, 16)),
    NEIE(numberAt(176, 16)),
    WCTT(numberAt(192, 4)),
    CCTT(numberAt(196, 4)),
    TSEN1(numberAt(200, 2)),
    TSEN2(numberAt(202, 2)),
    TSEN3(numberAt(204, 2)),
    TSEN4(numberAt(206, 2)),
    TSEN5(numberAt(208, 2)),
    TSEN6(numberAt(210, 2)),
    TSEN7(numberAt(212, 2)),
    TSEN8(numberAt(214, 2)),
    TMT1TC(numberAt(216, 4)),
    TMT2TC(numberAt(220, 4)),
    TMT1TT(numberAt(224, 4)),
    TMT2TT(numberAt(228, 4));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private SmartLogPage(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static SmartLogPage decode(ByteBuf buf, int at) {
    return new SmartLogPage(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, SmartLogPage> builder() {
    return new Builder<>(LENGTH, SmartLogPage::new);
  }

  /** Bytes of one data unit of DUR and DUW. */
  public static final long DATA_UNIT_BYTES = 512_000;

  /** Data units that a number of bytes counts as. */
  public static long dataUnits(long bytes) {
    return bytes / DATA_UNIT_BYTES + (bytes % DATA_UNIT_BYTES == 0 ? 0 : 1);
  }
}
