package io.mora.initiator.control;

import io.mora.initiator.intent.IntentGrant;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.intent.IntentIdentify;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What a controller said about itself when it was set up.
 *
 * @param controllerId CNTLID
 * @param version VS
 * @param capabilities CAP
 * @param identify Identify Controller
 * @param grant what it agreed to about intent
 */
public record ControllerInfo(
    int controllerId,
    int version,
    long capabilities,
    IdentifyController identify,
    IntentGrant grant) {
  /** A controller that was not asked about intent. */
  public ControllerInfo(
      int controllerId, int version, long capabilities, IdentifyController identify) {
    this(controllerId, version, capabilities, identify, IntentGrant.NONE);
  }

  /** The same, with what was agreed about intent. */
  public ControllerInfo withGrant(IntentGrant newGrant) {
    return new ControllerInfo(controllerId, version, capabilities, identify, newGrant);
  }

  /** What it offers of the latency-intent extension, or null. */
  public @Nullable IntentIdentify intentOffer() {
    ByteBuf vendor = Unpooled.wrappedBuffer(identify.bytes(IdentifyController.Field.VS).toArray());
    return IntentIdentify.isPresent(vendor, 0) ? IntentIdentify.decode(vendor, 0) : null;
  }

  /** Aborts it takes at a time: ACL, 0's based there. */
  public int abortsMax() {
    return (int) identify.value(IdentifyController.Field.ACL) + 1;
  }

  /** Most entries of a queue: CAP.MQES, 0's based there. */
  public int queueSizeMax() {
    return (int) (capabilities & 0xFFFF) + 1;
  }

  /** How long it may take to become ready: (CAP.TO + 1) * 500 ms. */
  public static long readyTimeoutMs(long capabilities) {
    return ((capabilities >>> 24 & 0xFF) + 1) * 500;
  }

  /** The same of a controller that is known, or else the longest that one can ask for. */
  public static long readyTimeoutMs(@Nullable ControllerInfo known) {
    return readyTimeoutMs(known == null ? 0xFFL << 24 : known.capabilities);
  }

  /** CAP.CSS says that there is no I/O command set. */
  public static boolean isAdminOnly(long capabilities) {
    return (capabilities >>> 44 & 1) != 0 && (capabilities >>> 37 & 1) == 0;
  }

  /** RTD3E: how long a shutdown may take, at least 5 s. */
  public long shutdownTimeoutMs() {
    long us = identify.value(IdentifyController.Field.RTD3E);
    return Math.max(5000, us / 1000);
  }
}
