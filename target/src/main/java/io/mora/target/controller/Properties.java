package io.mora.target.controller;

import io.mora.protocol.command.PropertyAccess;
import io.mora.protocol.status.Status;
import io.mora.target.log.HostLog;
import org.slf4j.event.Level;

/** The controller properties and the state machine behind CC and CSTS. The home shard only. */
public final class Properties {
  private static final HostLog NOT_SUPPORTED =
      HostLog.of(Properties.class, Level.WARN, "Controllers set to what is not supported");

  /** VS: NVMe 2.0. */
  public static final int VERSION = 0x00020000;

  /** CAP without MQES: CQR, TO 15 s, NVM command set, 4 KiB pages. */
  private static final long CAP = 0x0000_0020_1E01_0000L;

  private static final int SHN_NONE = 0;

  private final Controller controller;
  private int cc;
  private int csts;

  /** Counts enables and shutdowns: what an earlier one began no longer speaks for this one. */
  private int era;

  private Runnable onReset = () -> {};

  Properties(Controller controller) {
    this.controller = controller;
  }

  /** Called when CC.EN goes to 0: what the host had set or left pending is forgotten. */
  public void onReset(Runnable action) {
    onReset = action;
  }

  /**
   * True if a property can be read.
   *
   * @param size 0 for four bytes, 1 for eight
   */
  public boolean isKnown(int offset, int size) {
    return switch (offset) {
      case PropertyAccess.CAP -> size == PropertyAccess.SIZE_8;
      case PropertyAccess.VS, PropertyAccess.CC, PropertyAccess.CSTS, PropertyAccess.CRTO ->
          size == PropertyAccess.SIZE_4;
      default -> false;
    };
  }

  /** The value of a known property. */
  public long get(int offset) {
    return switch (offset) {
      case PropertyAccess.CAP -> CAP | controller.limits().queueDepthMax() - 1;
      case PropertyAccess.VS -> VERSION;
      case PropertyAccess.CC -> Integer.toUnsignedLong(cc);
      case PropertyAccess.CSTS -> csts;
      default -> 0;
    };
  }

  /** Writes a property; returns a packed status. */
  public int set(int offset, int size, long value) {
    if (offset != PropertyAccess.CC || size != PropertyAccess.SIZE_4) {
      return Status.INVALID_FIELD | Status.DNR;
    }
    int old = cc;
    cc = (int) value;
    boolean enable = (cc & PropertyAccess.CC_EN) != 0;
    boolean enabled = (old & PropertyAccess.CC_EN) != 0;
    if (enable && !enabled) {
      enable();
    } else if (!enable && enabled) {
      reset();
    }
    if (PropertyAccess.shn(cc) != SHN_NONE && PropertyAccess.shn(old) == SHN_NONE) {
      shutDown();
    }
    return Status.SUCCESS;
  }

  private void enable() {
    if (!valid()) {
      NOT_SUPPORTED.line("Controller {}: CC {}h not supported", controller.cntlid(), hex(cc));
      fatal();
      return;
    }
    int began = ++era;
    controller.keepAlive().enabled();
    csts = 0;
    controller.afterPredecessors(
        () -> {
          if (era == began && (cc & PropertyAccess.CC_EN) != 0) {
            csts = PropertyAccess.CSTS_RDY;
            controller.ready(true);
          }
        });
  }

  private boolean valid() {
    // MPS 0, AMS 0 (round robin), CSS 0 (NVM); entry sizes matter to I/O controllers only.
    boolean common = (cc & 0x3FF0) == 0;
    int sizes = cc & (0xFF << PropertyAccess.CC_IOSQES_SHIFT);
    return common
        && (controller.subsystem().isDiscovery() || sizes == PropertyAccess.CC_ENTRY_SIZES);
  }

  private void reset() {
    controller.ready(false);
    onReset.run();
    controller.dropIoQueues(
        () -> {
          if ((cc & PropertyAccess.CC_EN) == 0) {
            csts = csts & PropertyAccess.CSTS_SHST_COMPLETE;
          }
        });
  }

  private void shutDown() {
    int began = ++era;
    controller.ready(false);
    controller.keepAlive().shutDown();
    shst(1);
    controller.flushAll(
        status -> {
          if (era == began) {
            // Over either way, so that no host waits in vain; CFS is all that is left to tell it.
            csts |= Status.isSuccess(status) ? 0 : PropertyAccess.CSTS_CFS;
            shst(2);
          }
        });
  }

  private void shst(int value) {
    int mask = 3 << PropertyAccess.CSTS_SHST_SHIFT;
    csts = csts & ~mask | value << PropertyAccess.CSTS_SHST_SHIFT;
  }

  /** Sets CSTS.CFS. */
  void fatal() {
    csts = csts & ~PropertyAccess.CSTS_RDY | PropertyAccess.CSTS_CFS;
    controller.ready(false);
  }

  private static String hex(int value) {
    return Integer.toHexString(value);
  }
}
