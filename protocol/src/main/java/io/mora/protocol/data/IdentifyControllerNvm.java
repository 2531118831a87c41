package io.mora.protocol.data;

import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.netty.buffer.ByteBuf;

/**
 * Identify Controller for the NVM command set, CNS 06h: limits of single commands.
 *
 * <p>VSL, WZSL and WUSL are powers of two of 4 KiB, 0 for none; DMRL counts ranges of one DSM,
 * DMRSL blocks of one range, DMSL blocks of all, 0 for no limit.
 */
public final class IdentifyControllerNvm extends Structure<IdentifyControllerNvm.Field> {
  public static final int LENGTH = 4096;

  /** Fields and where they are; gaps are reserved. */
  public enum Field implements StructureField {
    VSL(numberAt(0, 1)),
    WZSL(numberAt(1, 1)),
    WUSL(numberAt(2, 1)),
    DMRL(numberAt(3, 1)),
    DMRSL(numberAt(4, 4)),
    DMSL(numberAt(8, 8));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private IdentifyControllerNvm(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static IdentifyControllerNvm decode(ByteBuf buf, int at) {
    return new IdentifyControllerNvm(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, IdentifyControllerNvm> builder() {
    return new Builder<>(LENGTH, IdentifyControllerNvm::new);
  }
}
