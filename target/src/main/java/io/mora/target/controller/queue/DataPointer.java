package io.mora.target.controller.queue;

import io.mora.protocol.command.SglDescriptor;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;

/** Checks a command's SGL against what the command moves. */
public final class DataPointer {
  private DataPointer() {}

  /**
   * A command that takes exactly {@code length} bytes from the host.
   *
   * @param inCapsuleMax in-capsule bytes allowed on this queue
   * @return false with the slot's status set when the SGL does not fit
   */
  public static boolean fromHost(CommandSlot slot, long length, int inCapsuleMax) {
    return fromHost(slot, length, length, inCapsuleMax);
  }

  /** As above for commands whose SGL may be longer than what they need (DSM of Linux). */
  public static boolean fromHost(CommandSlot slot, long least, long most, int inCapsuleMax) {
    long length = SglDescriptor.length(slot.sqe, 0);
    int identifier = SglDescriptor.identifier(slot.sqe, 0);
    if (identifier == SglDescriptor.IN_CAPSULE) {
      if (SglDescriptor.address(slot.sqe, 0) != 0 || length > inCapsuleMax) {
        return refuse(slot, Status.SGL_OFFSET_INVALID);
      }
      if (slot.inCapsuleLength != length) {
        return refuse(slot, Status.DATA_SGL_LENGTH_INVALID);
      }
    } else if (identifier != SglDescriptor.TRANSPORT) {
      return refuse(slot, Status.SGL_TYPE_INVALID);
    } else if (slot.inCapsuleLength != 0) {
      return refuse(slot, Status.DATA_SGL_LENGTH_INVALID);
    }
    if (length < least || length > most) {
      return refuse(slot, Status.DATA_SGL_LENGTH_INVALID);
    }
    slot.dataLength = (int) length;
    return true;
  }

  /** A command that returns exactly {@code length} bytes. */
  public static boolean toHost(CommandSlot slot, long length) {
    if (SglDescriptor.identifier(slot.sqe, 0) != SglDescriptor.TRANSPORT
        || slot.inCapsuleLength != 0) {
      return refuse(slot, Status.SGL_TYPE_INVALID);
    }
    if (SglDescriptor.length(slot.sqe, 0) != length) {
      return refuse(slot, Status.DATA_SGL_LENGTH_INVALID);
    }
    slot.dataLength = (int) length;
    return true;
  }

  private static boolean refuse(CommandSlot slot, int status) {
    slot.fail(status | Status.DNR, Sqe.SGL1);
    return false;
  }
}
