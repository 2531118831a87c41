package io.mora.protocol.intent;

import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.StructureField;
import io.netty.buffer.ByteBuf;

/** A region a host expects to use often: data of Set and Get Features E5h. */
public final class Registration extends Structure<Registration.Field> {
  public static final int LENGTH = 32;

  /** Fields and where they are; gaps are zero. */
  public enum Field implements StructureField {
    SLBA(numberAt(0, 8)),
    BLOCKS(numberAt(8, 4)),
    CLASS(numberAt(12, 1)),
    /** PIN .. READ_ONLY. */
    FLAGS(numberAt(13, 1)),
    USES_PER_SECOND(numberAt(16, 4)),
    BUDGET_US(numberAt(20, 4));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private Registration(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static Registration decode(ByteBuf buf, int at) {
    return new Registration(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, Registration> builder() {
    return new Builder<>(LENGTH, Registration::new);
  }

  /** Keep it in the hot tier. */
  public static final int PIN = 1;

  /** Read it in when it is registered. */
  public static final int PREFAULT = 1 << 1;

  /** The host will not write it. */
  public static final int READ_ONLY = 1 << 2;

  public static final int FLAGS = PIN | PREFAULT | READ_ONLY;
}
