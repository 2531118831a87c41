package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * Set Features and Get Features.
 *
 * <pre>
 *  40 CDW10 4   7:0 FID; Set: bit 31 SV; Get: 10:8 SEL
 *  44 CDW11 4   value
 * </pre>
 */
public final class Features {
  public static final int SAVE = 1 << 31;

  public static final int SELECT_CURRENT = 0;
  public static final int SELECT_DEFAULT = 1;
  public static final int SELECT_SAVED = 2;
  public static final int SELECT_CAPABILITIES = 3;

  /** Capabilities: the feature can be changed; not saveable, not per namespace. */
  public static final int CAPABILITY_CHANGEABLE = 4;

  private Features() {}

  public static int fid(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) & 0xFF;
  }

  public static boolean save(ByteBuf buf, int at) {
    return (Sqe.cdw10(buf, at) & SAVE) != 0;
  }

  public static int select(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) >>> 8 & 7;
  }
}
