package io.mora.protocol.intent;

import static io.mora.protocol.data.StructureField.Span.numberAt;

import io.mora.protocol.data.Bytes;
import io.mora.protocol.data.Structure;
import io.mora.protocol.data.StructureField;
import io.netty.buffer.ByteBuf;

/**
 * What a host measured at its own end, sent by Set Features E3h: advice, never a claim to a class.
 *
 * <p>Times are nanoseconds, over the samples of the interval; counts are of the interval. FLOW 0 is
 * all flows together.
 */
public final class HostFeedback extends Structure<HostFeedback.Field> {
  public static final int LENGTH = 64;

  /** Fields and where they are; gaps are zero. */
  public enum Field implements StructureField {
    /** Goes up by one; a gap tells of lost reports. */
    SEQ(numberAt(0, 4)),
    INTERVAL_MS(numberAt(4, 4)),
    CLASS(numberAt(8, 1)),
    SAMPLES(numberAt(12, 4)),
    /** Submitted until the consumer is ready, without device time. */
    USEFUL_P50_NS(numberAt(16, 4)),
    USEFUL_P99_NS(numberAt(20, 4)),
    /** Held back by the host itself. */
    DEFERRED(numberAt(24, 4)),
    /** Completed on another CPU than the consumer's. */
    LOCALITY_MISSES(numberAt(28, 4)),
    REGISTRATION_CHURN(numberAt(32, 4)),
    /** Device done until the consumer is ready. */
    READY_P50_NS(numberAt(36, 4)),
    READY_P99_NS(numberAt(40, 4)),
    FLOW(numberAt(44, 2));

    private final long span;

    Field(long span) {
      this.span = span;
    }

    @Override
    public long span() {
      return span;
    }
  }

  private HostFeedback(Bytes bytes) {
    super(bytes);
  }

  /** Copies {@value #LENGTH} bytes; IllegalArgumentException if the buffer ends before. */
  public static HostFeedback decode(ByteBuf buf, int at) {
    return new HostFeedback(Bytes.copyOf(buf, at, LENGTH));
  }

  public static Builder<Field, HostFeedback> builder() {
    return new Builder<>(LENGTH, HostFeedback::new);
  }
}
