package io.mora.protocol.intent;

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
 */
public record IntentIdentify(int capabilities, int features, int logs) {
  public static final int LENGTH = 128;

  public static final int CARRIER_A = 1;
  public static final int CARRIER_B = 1 << 1;
  public static final int TIMING_REPLY = 1 << 2;

  /** Feature that opts in, and first of the range. */
  public static final int FEATURE_CONTROL = 0xE0;

  /** CDW11 31:16 of Set Features E0h: "LI" in memory order. */
  public static final int CONTROL_MAGIC = 0x494C;

  /** CDW11 bits of Set Features E0h beside the version in 3:0. */
  public static final int CONTROL_CARRIER_A = 1 << 4;

  public static final int CONTROL_TIMING_ALL = 1 << 5;

  private static final long UUID_HIGH = 0x19021daf_207e5e4aL;
  private static final long UUID_LOW = 0x825084cc_a66dd32bL;
  private static final int VERSIONS = 16;
  private static final int CAPABILITIES = 18;
  private static final int CLASSES = 20;
  private static final int TIMING_UNIT = 22;
  private static final int FIRST_FEATURE = 24;
  private static final int FIRST_LOG = 26;
  private static final int BUDGETS = 32;
  private static final int BUDGET_MAX = 68;
  private static final int CRC = 124;
  private static final int CLASS_COUNT = 8;
  private static final int[] DEFAULT_BUDGET_US = {
    5_000, 1_000_000, 100_000, 20_000, 5_000, 1_000, 400, 150
  };

  public void encode(ByteBuf buf, int at) {
    buf.setZero(at, LENGTH);
    buf.setLong(at, UUID_HIGH);
    buf.setLong(at + 8, UUID_LOW);
    buf.setByte(at + VERSIONS, IntentCodec.VERSION);
    buf.setByte(at + VERSIONS + 1, IntentCodec.VERSION);
    buf.setShortLE(at + CAPABILITIES, capabilities);
    buf.setByte(at + CLASSES, CLASS_COUNT);
    buf.setShortLE(at + TIMING_UNIT, Timing.UNIT_NS);
    buf.setByte(at + FIRST_FEATURE, FEATURE_CONTROL);
    buf.setByte(at + FIRST_FEATURE + 1, features);
    buf.setByte(at + FIRST_LOG, FEATURE_CONTROL);
    buf.setByte(at + FIRST_LOG + 1, logs);
    for (int i = 0; i < CLASS_COUNT; i++) {
      buf.setIntLE(at + BUDGETS + i * Integer.BYTES, DEFAULT_BUDGET_US[i]);
    }
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
        buf.getUnsignedByte(at + FIRST_LOG + 1));
  }

  public boolean has(int capability) {
    return (capabilities & capability) != 0;
  }
}
