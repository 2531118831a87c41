package io.mora.protocol.intent;

import static io.mora.protocol.data.StructureField.Span.bytesAt;
import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.StructureField;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Log E0h: a header and a record for each class, where index 0 is traffic without intent.
 *
 * <p>Get Log Page chooses: LSP 1:0 which histogram, LSP bit 3 to count from zero afterwards, LSI 0
 * for the controller or a QID, NSID 0 or FFFFFFFFh for all namespaces or one. RAE 0 lets events
 * come again.
 */
public record ClassLogPage(Header header, List<ClassRecord> classes) {
  public static final int LID = 0xE0;
  public static final int LENGTH = Header.LENGTH + LatencyClass.COUNT * ClassRecord.LENGTH;

  /** LSP: which histogram. */
  public static final int TOTAL = 0;

  public static final int QUEUE_WAIT = 1;
  public static final int DEVICE = 2;
  public static final int SEND = 3;

  /** LSP bit 3: reset after the read. */
  public static final int RESET = 8;

  public ClassLogPage {
    classes = List.copyOf(classes);
    if (classes.size() != LatencyClass.COUNT) {
      throw new IllegalArgumentException("classes: " + classes.size() + ", 8 allowed");
    }
  }

  /** The first 256 bytes. */
  public static final class Header extends Structure<Header.Field> {
    public static final int LENGTH = 256;

    /** Fields and where they are; gaps are zero. */
    public enum Field implements StructureField {
      UUID(bytesAt(0, 16)),
      VERSION(numberAt(16, 1)),
      CLASSES(numberAt(17, 1)),
      BUCKETS(numberAt(18, 1)),
      FLAGS(numberAt(19, 1)),
      GENERATION(numberAt(20, 4)),
      /** Milliseconds since 1970 when counting began. */
      WINDOW_START_MS(numberAt(24, 8)),
      UPTIME_NS(numberAt(32, 8));

      private final long span;

      Field(long span) {
        this.span = span;
      }

      @Override
      public long span() {
        return span;
      }
    }

    private Header(Bytes bytes) {
      super(bytes);
    }

    /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
    public static Header decode(ByteBuf buf, int at) {
      return new Header(Bytes.copyOf(buf, at, LENGTH));
    }

    /** A header to fill. */
    public static Builder<Field, Header> builder() {
      return new Builder<>(LENGTH, Header::new);
    }

    /** A header with what every one has. */
    public static Builder<Field, Header> begin() {
      return builder()
          .set(Field.UUID, IntentIdentify.uuidBytes())
          .set(Field.VERSION, IntentCodec.VERSION)
          .set(Field.CLASSES, LatencyClass.COUNT)
          .set(Field.BUCKETS, LatencyBuckets.COUNT);
    }

    /** It is the extension's log. */
    public boolean isPresent() {
      return bytes(Field.UUID).equals(IntentIdentify.uuidBytes());
    }
  }

  /** Writes {@value #LENGTH} bytes. */
  public void encode(ByteBuf buf, int at) {
    header.encode(buf, at);
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      classes.get(i).encode(buf, at + Header.LENGTH + i * ClassRecord.LENGTH);
    }
  }

  /** Reads {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static ClassLogPage decode(ByteBuf buf, int at) {
    Header header = Header.decode(buf, at);
    List<ClassRecord> classes = new ArrayList<>();
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      classes.add(ClassRecord.decode(buf, at + Header.LENGTH + i * ClassRecord.LENGTH));
    }
    return new ClassLogPage(header, classes);
  }
}
