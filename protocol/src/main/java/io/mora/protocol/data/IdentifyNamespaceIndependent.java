package io.mora.protocol.data;

import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.netty.buffer.ByteBuf;

/** Identify Namespace, independent of the I/O command set, CNS 08h. */
public final class IdentifyNamespaceIndependent
    extends Structure<IdentifyNamespaceIndependent.Field> {
  public static final int LENGTH = 4096;

  /** Fields and where they are; gaps are reserved. */
  public enum Field implements StructureField {
    NSFEAT(numberAt(0, 1)),
    NMIC(numberAt(1, 1)),
    RESCAP(numberAt(2, 1)),
    FPI(numberAt(3, 1)),
    ANAGRPID(numberAt(4, 4)),
    NSATTR(numberAt(8, 1)),
    NVMSETID(numberAt(10, 2)),
    ENDGID(numberAt(12, 2)),
    NSTAT(numberAt(14, 1)),
    KPIOS(numberAt(15, 1)),
    MAXKT(numberAt(16, 2)),
    RGRPID(numberAt(20, 4));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private IdentifyNamespaceIndependent(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static IdentifyNamespaceIndependent decode(ByteBuf buf, int at) {
    return new IdentifyNamespaceIndependent(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, IdentifyNamespaceIndependent> builder() {
    return new Builder<>(LENGTH, IdentifyNamespaceIndependent::new);
  }

  /** NSTAT bit 0: the namespace can be used. */
  public boolean isReady() {
    return bit(Field.NSTAT, 0);
  }
}
