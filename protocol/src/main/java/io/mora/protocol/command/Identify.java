package io.mora.protocol.command;

import io.netty.buffer.ByteBuf;

/**
 * Identify.
 *
 * <pre>
 *  40 CDW10 4   7:0 CNS, 31:16 CNTID
 *  44 CDW11 4   15:0 CNS specific identifier, 31:24 CSI
 * </pre>
 */
public final class Identify {
  /** Length of every Identify structure. */
  public static final int DATA_LENGTH = 4096;

  /** CNS values. */
  public static final int NAMESPACE = 0x00;

  public static final int CONTROLLER = 0x01;
  public static final int ACTIVE_NAMESPACES = 0x02;
  public static final int NAMESPACE_DESCRIPTORS = 0x03;
  public static final int NAMESPACE_CSI = 0x05;
  public static final int CONTROLLER_CSI = 0x06;
  public static final int ACTIVE_NAMESPACES_CSI = 0x07;
  public static final int NAMESPACE_INDEPENDENT = 0x08;
  public static final int ALLOCATED_NAMESPACES = 0x10;
  public static final int ALLOCATED_NAMESPACE = 0x11;
  public static final int NAMESPACE_CONTROLLERS = 0x12;
  public static final int CONTROLLERS = 0x13;
  public static final int UUID_LIST = 0x17;
  public static final int COMMAND_SETS = 0x1C;

  /** CSI of the NVM command set. */
  public static final int CSI_NVM = 0;

  private Identify() {}

  public static int cns(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) & 0xFF;
  }

  public static int cntid(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) >>> 16;
  }

  public static int csi(ByteBuf buf, int at) {
    return Sqe.cdw11(buf, at) >>> 24;
  }
}
