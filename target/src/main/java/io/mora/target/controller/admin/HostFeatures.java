package io.mora.target.controller.admin;

import io.mora.protocol.command.FeatureId;
import io.mora.protocol.command.Features;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.status.Status;
import io.mora.target.controller.Controller;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.shard.IoBuffer;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Features with data by which a host tells about itself: Timestamp (0Eh) and Host Behavior Support
 * (16h). Both are forgotten with a controller reset. The home shard only.
 */
final class HostFeatures {
  private static final int TIMESTAMP_LENGTH = 8;
  private static final long TIMESTAMP_MASK = (1L << 48) - 1;

  /** Origin, bits 3:1 of the attributes: set by the host; else it counts from the reset. */
  private static final int SET_BY_HOST = 1 << 1;

  private static final int BEHAVIOR_LENGTH = 512;

  /** Bytes of it that may only be 0 or 1: ACRE, ETDAS, LBAFEE, HDISNS. */
  private static final int BEHAVIOR_SWITCHES = 4;

  private final Controller controller;
  private final byte[] behavior = new byte[BEHAVIOR_SWITCHES];
  private long timestampMs;
  private long timestampAtNs;
  private boolean timestampByHost;

  HostFeatures(Controller controller) {
    this.controller = controller;
  }

  void reset() {
    timestampMs = 0;
    timestampAtNs = controller.home().nowNs();
    timestampByHost = false;
    Arrays.fill(behavior, (byte) 0);
  }

  boolean supported(int fid) {
    return fid == FeatureId.TIMESTAMP || fid == FeatureId.HOST_BEHAVIOR;
  }

  int dataLength(int fid) {
    return fid == FeatureId.TIMESTAMP ? TIMESTAMP_LENGTH : BEHAVIOR_LENGTH;
  }

  /** What a zeroed buffer has to say; the default of both is all zeroes. */
  void get(CommandSlot slot, IoBuffer into) {
    if (Features.select(slot.sqe, 0) != Features.SELECT_CURRENT) {
      return;
    }
    if (Features.fid(slot.sqe, 0) == FeatureId.HOST_BEHAVIOR) {
      into.buf.setBytes(0, behavior);
      return;
    }
    long passedMs = TimeUnit.NANOSECONDS.toMillis(controller.home().nowNs() - timestampAtNs);
    into.buf.setLongLE(0, timestampMs + passedMs & TIMESTAMP_MASK);
    into.buf.setByte(6, timestampByHost ? SET_BY_HOST : 0);
  }

  void set(CommandSlot slot) {
    IoBuffer data = slot.buffer;
    if (data == null) {
      throw new IllegalStateException("no data: " + slot);
    }
    if (Features.fid(slot.sqe, 0) == FeatureId.TIMESTAMP) {
      timestampMs = data.buf.getLongLE(0) & TIMESTAMP_MASK;
      timestampAtNs = controller.home().nowNs();
      timestampByHost = true;
    } else if (!takeBehavior(data.buf)) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, Sqe.CDW10);
    }
  }

  private boolean takeBehavior(ByteBuf data) {
    for (int i = 0; i < behavior.length; i++) {
      if ((data.getByte(i) & ~1) != 0) {
        return false;
      }
    }
    data.getBytes(0, behavior);
    return true;
  }
}
