package io.mora.protocol.namespace;

import io.mora.protocol.command.Sqe;
import io.netty.buffer.ByteBuf;

/**
 * Namespace Attachment; the host sends a controller list.
 *
 * <pre>
 *  40 CDW10 4   3:0 SEL
 * </pre>
 */
public final class NamespaceAttachment {
  /** SEL. */
  public static final int ATTACH = 0;

  public static final int DETACH = 1;

  /** Bytes a host sends. */
  public static final int DATA_LENGTH = 4096;

  private NamespaceAttachment() {}

  public static int select(ByteBuf buf, int at) {
    return Sqe.cdw10(buf, at) & 0xF;
  }
}
