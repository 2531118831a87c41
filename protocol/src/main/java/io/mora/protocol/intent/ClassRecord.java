package io.mora.protocol.intent;

import static io.mora.protocol.data.StructureField.Span.bytesAt;
import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.StructureField;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One class in log E0h: what its commands were, how long they took, and one histogram.
 *
 * <p>P50, P99 and P999 are of the total time, whichever histogram was asked for.
 */
public final class ClassRecord extends Structure<ClassRecord.Field> {
  public static final int LENGTH = 1024;

  /** Fields and where they are; gaps are zero. */
  public enum Field implements StructureField {
    COMMANDS(numberAt(0, 8)),
    BYTES(numberAt(8, 8)),
    /** Handed to the socket after their deadline. */
    MISSES(numberAt(16, 8)),
    DEFERRED(numberAt(24, 8)),
    DOWNGRADED(numberAt(32, 8)),
    THROTTLED(numberAt(40, 8)),
    EXPIRED(numberAt(48, 8)),
    STEP(numberAt(56, 8)),
    STEP_MISSES(numberAt(64, 8)),
    CACHE_HITS(numberAt(72, 8)),
    REGISTRATION_HITS(numberAt(80, 8)),
    REGISTRATION_CHURN(numberAt(88, 8)),
    P50_NS(numberAt(96, 4)),
    P99_NS(numberAt(100, 4)),
    P999_NS(numberAt(104, 4)),
    /** From the host (E3h), as those below. */
    USEFUL_P50_NS(numberAt(108, 4)),
    USEFUL_P99_NS(numberAt(112, 4)),
    /** Per million. */
    DEFERRED_RATE(numberAt(116, 4)),
    /** Per million. */
    LOCALITY_MISS_RATE(numberAt(120, 4)),
    /** Reads that could not meet their budget, and were not begun. */
    REFUSED(numberAt(128, 8)),
    /** 96 counts of 8 bytes. */
    BUCKETS(bytesAt(256, 768));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private ClassRecord(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static ClassRecord decode(ByteBuf buf, int at) {
    return new ClassRecord(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, ClassRecord> builder() {
    return new Builder<>(LENGTH, ClassRecord::new);
  }

  /** Samples in a bucket of {@link LatencyBuckets}. */
  public long bucket(int index) {
    return bytes(Field.BUCKETS).littleEndian(index * Long.BYTES, Long.BYTES);
  }

  /** All buckets, a copy. */
  public long[] buckets() {
    Bytes raw = bytes(Field.BUCKETS);
    long[] counts = new long[LatencyBuckets.COUNT];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = raw.littleEndian(i * Long.BYTES, Long.BYTES);
    }
    return counts;
  }

  /** The counts as the field BUCKETS wants them. */
  public static Bytes encodeBuckets(long[] counts) {
    ByteBuffer raw = ByteBuffer.allocate(Field.BUCKETS.width()).order(ByteOrder.LITTLE_ENDIAN);
    for (long count : counts) {
      raw.putLong(count);
    }
    return Bytes.of(raw.array());
  }
}
