package io.mora.protocol.intent;

import io.mora.protocol.data.Bytes;
import io.mora.protocol.pdu.Digest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The extension's area in the vendor bytes of Identify Controller (offset 3072).
 *
 * <pre>
 *   0 UUID 16    19021daf-207e-5e4a-8250-84cca66dd32b
 *  16 minimum version 1, 17 maximum version 1
 *  18 capabilities 2   bits below
 *  20 classes 1, 21 affinity groups 1, 22 timing unit in ns 2
 *  24 first feature id 1, 25 count 1, 26 first log id 1, 27 count 1
 *  28 opcodes of LI Write, Read, Compare 3 x 1, 0 is absent
 *  32 default budget in us of class 0..7, 8 x 4
 *  64 registration slots 2, 66 flows tracked 2, 68 largest budget in us 4
 * 124 CRC32C of bytes 0..123
 * </pre>
 *
 * @param capabilities CARRIER_A and so on
 * @param features feature ids from E0h on that are there
 * @param logs log ids from E0h on that are there
 * @param slots registration slots, at most 255
 * @param flows flows tracked for log E1h
 */
public record IntentIdentify(int capabilities, int features, int logs, int slots, int flows) {
  public static final int LENGTH = 128;

  public static final int CARRIER_A = 1;
  public static final int CARRIER_B = 1 << 1;
  public static final int TIMING_REPLY = 1 << 2;
  public static final int REGISTRATIONS = 1 << 3;
  public static final int FEEDBACK = 1 << 4;
  public static final int SLO_EVENTS = 1 << 5;
  public static final int STRICT = 1 << 6;
  public static final int EXPIRING = 1 << 7;
  public static final int CACHE_HITS = 1 << 8;
  public static final int REFUSING = 1 << 9;
  public static final int HASTENING = 1 << 10;

  private static final long UUID_HIGH = 0x19021daf_207e5e4aL;
  private static final long UUID_LOW = 0x825084cc_a66dd32bL;
  private static final Bytes UUID = Bytes.parseHex("19021daf207e5e4a825084cca66dd32b");
  private static final int VERSIONS = 16;
  private static final int CAPABILITIES = 18;
  private static final int CLASSES = 20;
  private static final int TIMING_UNIT = 22;
  private static final int FIRST_FEATURE = 24;
  private static final int FIRST_LOG = 26;
  private static final int OPCODES = 28;
  private static final int BUDGETS = 32;
  private static final int SLOTS = 64;
  private static final int FLOWS = 66;
  private static final int BUDGET_MAX = 68;
  private static final int CRC = 124;

  /** The 16 bytes that name the extension, in text order. */
  public static Bytes uuidBytes() {
    return UUID;
  }

  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, LENGTH);
    buf.setLong(at, UUID_HIGH);
    buf.setLong(at + 8, UUID_LOW);
    buf.setByte(at + VERSIONS, IntentCodec.VERSION);
    buf.setByte(at + VERSIONS + 1, IntentCodec.VERSION);
    buf.setShortLE(at + CAPABILITIES, capabilities);
    buf.setByte(at + CLASSES, LatencyClass.COUNT);
    buf.setShortLE(at + TIMING_UNIT, Timing.UNIT_NS);
    buf.setByte(at + FIRST_FEATURE, IntentFeature.CONTROL);
    buf.setByte(at + FIRST_FEATURE + 1, features);
    buf.setByte(at + FIRST_LOG, ClassLogPage.LID);
    buf.setByte(at + FIRST_LOG + 1, logs);
    if (has(CARRIER_B)) {
      buf.setByte(at + OPCODES, IntentFeature.LI_WRITE);
      buf.setByte(at + OPCODES + 1, IntentFeature.LI_READ);
      buf.setByte(at + OPCODES + 2, IntentFeature.LI_COMPARE);
    }
    for (int i = 0; i < LatencyClass.COUNT; i++) {
      buf.setIntLE(at + BUDGETS + i * Integer.BYTES, LatencyClass.defaultBudgetUs(i));
    }
    buf.setShortLE(at + SLOTS, slots);
    buf.setShortLE(at + FLOWS, flows);
    buf.setIntLE(at + BUDGET_MAX, (int) Minifloat.MAX);
    buf.setIntLE(at + CRC, new Digest().of(buf, at, CRC));
  }

  /** The area as bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[LENGTH];
    encode(Unpooled.wrappedBuffer(bytes), 0);
    return bytes;
  }

  /** True if the area holds the extension with version 1 and its CRC is right. */
  public static boolean isPresent(ByteBuf buf, int at) {
    return buf.getLong(at) == UUID_HIGH
        && buf.getLong(at + 8) == UUID_LOW
        && buf.getUnsignedByte(at + VERSIONS) <= IntentCodec.VERSION
        && buf.getUnsignedByte(at + VERSIONS + 1) >= IntentCodec.VERSION
        && buf.getIntLE(at + CRC) == new Digest().of(buf, at, CRC);
  }

  /** Reads an area for which {@link #isPresent} holds. */
  public static IntentIdentify decode(ByteBuf buf, int at) {
    return new IntentIdentify(
        buf.getUnsignedShortLE(at + CAPABILITIES),
        buf.getUnsignedByte(at + FIRST_FEATURE + 1),
        buf.getUnsignedByte(at + FIRST_LOG + 1),
        buf.getUnsignedShortLE(at + SLOTS),
        buf.getUnsignedShortLE(at + FLOWS));
  }

  /** Default budget in microseconds of a class, as an area tells it. */
  public static long defaultBudgetUs(ByteBuf buf, int at, int latencyClass) {
    return buf.getUnsignedIntLE(at + BUDGETS + (latencyClass & 7) * Integer.BYTES);
  }

  public boolean has(int capability) {
    return (capabilities & capability) != 0;
  }
}
