package io.mora.initiator.fake;

import io.mora.protocol.command.SglDescriptor;
import io.mora.protocol.command.Sqe;
import io.netty.buffer.ByteBuf;

/**
 * A command as the fake controller got it.
 *
 * @param sqe the entry at index 0
 * @param data in-capsule data, empty without
 */
public record Command(ByteBuf sqe, ByteBuf data) {
  public int opcode() {
    return Sqe.opcode(sqe, 0);
  }

  public int cid() {
    return Sqe.cid(sqe, 0);
  }

  public int nsid() {
    return Sqe.nsid(sqe, 0);
  }

  /** Bytes of the SGL. */
  public int length() {
    return (int) SglDescriptor.length(sqe, 0);
  }

  public boolean inCapsule() {
    return SglDescriptor.identifier(sqe, 0) == SglDescriptor.IN_CAPSULE;
  }
}
