package io.mora.protocol.intent;

import static io.mora.protocol.data.StructureField.Span.bytesAt;
import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.StructureField;
import io.netty.buffer.ByteBuf;

/** What the target grants the asking host: data of Get Features E4h. */
public final class GrantPage extends Structure<GrantPage.Field> {
  public static final int LENGTH = 64;

  /** Fields and where they are; gaps are zero. */
  public enum Field implements StructureField {
    MAX_CLASS(numberAt(0, 1)),
    /** STEP .. RECUR. */
    FLAGS(numberAt(1, 1)),
    AFFINITY_GROUPS(numberAt(2, 1)),
    /** Registration slots. */
    SLOTS(numberAt(3, 1)),
    /** Floor of class 0..7, 4 bytes each. */
    MIN_BUDGET_US(bytesAt(4, 32)),
    /** Of classes 5..7 together; 0 is no limit. */
    IOPS(numberAt(36, 4)),
    /** Of classes 5..7 together; 0 is no limit. */
    MIB_PER_SECOND(numberAt(40, 4)),
    /** Commands of classes 5..7 that may come at once. */
    BURST(numberAt(44, 4)),
    /** CLAIMED, DH_CHAP or TLS. */
    IDENTITY(numberAt(48, 1)),
    GENERATION(numberAt(50, 2));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private GrantPage(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static GrantPage decode(ByteBuf buf, int at) {
    return new GrantPage(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, GrantPage> builder() {
    return new Builder<>(LENGTH, GrantPage::new);
  }

  public static final int STEP = 1;
  public static final int HOTMETA = 1 << 1;
  public static final int RT = 1 << 2;
  public static final int FINE_RT = 1 << 3;
  public static final int EXPIRE = 1 << 4;
  public static final int RECUR = 1 << 5;

  /** IDENTITY: how sure the target is of the host's name. */
  public static final int CLAIMED = 0;

  public static final int DH_CHAP = 1;
  public static final int TLS = 2;

  public int maxClass() {
    return intValue(Field.MAX_CLASS) & 7;
  }

  public boolean has(int flag) {
    return (value(Field.FLAGS) & flag) != 0;
  }

  /** Smallest budget in microseconds of a class 0..7; a smaller one counts as this. */
  public long minBudgetUs(int latencyClass) {
    return bytes(Field.MIN_BUDGET_US).littleEndian(latencyClass * Integer.BYTES, Integer.BYTES);
  }
}
