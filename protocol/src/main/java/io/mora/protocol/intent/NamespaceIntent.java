package io.mora.protocol.intent;

import static io.mora.protocol.data.StructureField.Span.bytesAt;
import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.StructureField;
import io.mora.protocol.pdu.Digest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** The extension's area in the vendor bytes of Identify Namespace (offset 384). */
public final class NamespaceIntent extends Structure<NamespaceIntent.Field> {
  public static final int LENGTH = 64;

  /** Fields and where they are; gaps are zero. */
  public enum Field implements StructureField {
    UUID(bytesAt(0, 16)),
    /** USABLE, HOT_TIER. */
    FLAGS(numberAt(16, 2)),
    /** Base class of commands without intent. */
    CLASS(numberAt(18, 1)),
    /** MEDIA_UNKNOWN .. MEDIA_ROTATIONAL. */
    MEDIA(numberAt(19, 1)),
    /** Typical time of a small read; 0 is unknown. */
    READ_US(numberAt(20, 4)),
    P99_READ_US(numberAt(24, 4)),
    /** CRC32C of the bytes before. */
    CRC(numberAt(60, 4));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private NamespaceIntent(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static NamespaceIntent decode(ByteBuf buf, int at) {
    return new NamespaceIntent(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, NamespaceIntent> builder() {
    return new Builder<>(LENGTH, NamespaceIntent::new);
  }

  /** Intent counts on this namespace. */
  public static final int USABLE = 1;

  /** There is a hot tier for it. */
  public static final int HOT_TIER = 1 << 1;

  public static final int MEDIA_UNKNOWN = 0;
  public static final int MEDIA_RAM = 1;
  public static final int MEDIA_FLASH_FILE = 2;
  public static final int MEDIA_DEVICE = 3;
  public static final int MEDIA_ROTATIONAL = 4;

  /** The area with its UUID and CRC. */
  public static NamespaceIntent of(int flags, LatencyClass base, int media) {
    Builder<Field, NamespaceIntent> area =
        builder()
            .set(Field.UUID, IntentIdentify.uuidBytes())
            .set(Field.FLAGS, flags)
            .set(Field.CLASS, base.code())
            .set(Field.MEDIA, media);
    return area.set(Field.CRC, area.build().crc()).build();
  }

  private long crc() {
    ByteBuf raw = Unpooled.wrappedBuffer(bytes().toArray());
    return new Digest().of(raw, 0, Field.CRC.offset()) & 0xFFFF_FFFFL;
  }

  /** It is the extension's and its CRC is right. */
  public boolean isPresent() {
    return bytes(Field.UUID).equals(IntentIdentify.uuidBytes()) && value(Field.CRC) == crc();
  }

  public boolean has(int flag) {
    return (value(Field.FLAGS) & flag) != 0;
  }
}
