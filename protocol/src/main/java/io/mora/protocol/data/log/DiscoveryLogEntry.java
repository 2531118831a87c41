package io.mora.protocol.data.log;

import static io.mora.protocol.data.StructureField.Span.nulTextAt;
import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.StructureField;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** One entry of the Discovery log, 70h. SECTYPE is the TCP form of TSAS. */
public final class DiscoveryLogEntry extends Structure<DiscoveryLogEntry.Field> {
  public static final int LENGTH = 1024;

  /** Fields and where they are; gaps are reserved. */
  public enum Field implements StructureField {
    TRTYPE(numberAt(0, 1)),
    ADRFAM(numberAt(1, 1)),
    SUBTYPE(numberAt(2, 1)),
    TREQ(numberAt(3, 1)),
    PORTID(numberAt(4, 2)),
    CNTLID(numberAt(6, 2)),
    ASQSZ(numberAt(8, 2)),
    EFLAGS(numberAt(10, 2)),
    TRSVCID(nulTextAt(32, 32)),
    SUBNQN(nulTextAt(256, 256)),
    TRADDR(nulTextAt(512, 256)),
    SECTYPE(numberAt(768, 1));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private DiscoveryLogEntry(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static DiscoveryLogEntry decode(ByteBuf buf, int at) {
    return new DiscoveryLogEntry(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, DiscoveryLogEntry> builder() {
    return new Builder<>(LENGTH, DiscoveryLogEntry::new);
  }

  public static final int TRTYPE_TCP = 3;

  /** SUBTYPE values. */
  public static final int REFERRAL = 1;

  public static final int NVM_SUBSYSTEM = 2;
  public static final int CURRENT_DISCOVERY = 3;

  /** TREQ: secure channel required, not required; SQ flow control may be disabled. */
  public static final int TREQ_SECURE_REQUIRED = 1;

  public static final int TREQ_SECURE_NOT_REQUIRED = 2;
  public static final int TREQ_FLOW_DISABLE = 4;

  /** CNTLID: controllers are made as hosts connect. */
  public static final int DYNAMIC = 0xFFFF;

  /** EFLAGS: a persistent connection to this discovery controller is supported. */
  public static final int EFLAGS_EPCSD = 2;

  /** SECTYPE: TLS 1.3. */
  public static final int SECTYPE_TLS13 = 2;

  public boolean isTcp() {
    return value(Field.TRTYPE) == TRTYPE_TCP;
  }

  public int subtype() {
    return (int) value(Field.SUBTYPE);
  }

  /** SUBNQN, or null when it holds no NQN. */
  public @Nullable Nqn subsystemNqn() {
    return Nqn.decode(Unpooled.wrappedBuffer(bytes(Field.SUBNQN).toArray()), 0);
  }

  /** TRADDR and TRSVCID, or null when they are no address; hosts skip such an entry. */
  public @Nullable TransportAddress address() {
    String port = text(Field.TRSVCID);
    if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return null;
    }
    int number = Integer.parseInt(port);
    try {
      return new TransportAddress(text(Field.TRADDR), number);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** SECTYPE says that TLS 1.3 is spoken there. */
  public boolean offersTls() {
    return value(Field.SECTYPE) == SECTYPE_TLS13;
  }

  /** TREQ and SECTYPE ask for TLS. */
  public boolean requiresTls() {
    return (value(Field.TREQ) & 3) == TREQ_SECURE_REQUIRED;
  }
}
