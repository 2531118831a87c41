package io.mora.protocol.namespace;

import io.mora.protocol.command.Sqe;
import io.netty.buffer.ByteBuf;

/**
 * Namespace Management.
 *
 * <pre>
 *  40 CDW10 4   3:0 SEL
 *  44 CDW11 4   31:24 CSI
 * </pre>
 *
 * <p>To create one the host sends an Identify Namespace structure of which NSZE, NCAP, FLBAS, DPS,
 * NMIC, ANAGRPID, NVMSETID and ENDGID count. DW0 of the reply is the new NSID.
 */
public final class NamespaceManagement {
  /** SEL. */
  public static final int CREATE = 0;

  public static final int DELETE = 1;

  /** Bytes a host sends to create one. */
  public static final int DATA_LENGTH = 4096;

  private NamespaceManagement() {}

  public static int select(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) & 0xF;
  }

  /** Command set of the namespace; 0 is NVM. */
  public static int csi(ByteBuf buf, int at) {
    return Sqe.cdw11(buf, at) >>> 24;
  }
}
