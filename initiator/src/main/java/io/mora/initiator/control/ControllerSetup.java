package io.mora.initiator.control;

import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.command.FeatureId;
import io.mora.protocol.command.Identify;
import io.mora.protocol.command.PropertyAccess;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.net.IoLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Enables a controller after its admin Connect, and shuts it down.
 *
 * <p>Order: VS, CAP, CC without and with EN, CSTS until ready, Identify, event configuration.
 */
public final class ControllerSetup {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerSetup.class);
  private static final long POLL_MS = 2;

  /** CC.CSS: no I/O command set. */
  private static final int CSS_ADMIN_ONLY = 7 << 4;

  /** OAES bits this host makes use of: namespaces, ANA, discovery log. */
  private static final int EVENTS = 1 << 8 | 1 << 11 | 1 << 31;

  private final AdminQueue admin;
  private final IoLoop loop;

  /**
   * @param loop the admin queue's
   */
  public ControllerSetup(AdminQueue admin, IoLoop loop) {
    this.admin = admin;
    this.loop = loop;
  }

  /**
   * Makes the controller ready.
   *
   * @param controllerId what Connect returned
   * @param discovery whether it must be a discovery controller
   */
  public CompletableFuture<ControllerInfo> enable(int controllerId, boolean discovery) {
    return admin
        .propertyGet(PropertyAccess.VS, PropertyAccess.SIZE_4)
        .thenCompose(
            version ->
                admin
                    .propertyGet(PropertyAccess.CAP, PropertyAccess.SIZE_8)
                    .thenCompose(cap -> enable(controllerId, version.intValue(), cap)))
        .thenCompose(info -> check(info, discovery))
        .thenCompose(this::configureEvents);
  }

  private CompletableFuture<ControllerInfo> enable(int controllerId, int version, long cap) {
    int cc = PropertyAccess.CC_ENTRY_SIZES | (ControllerInfo.isAdminOnly(cap) ? CSS_ADMIN_ONLY : 0);
    long timeoutMs = ControllerInfo.readyTimeoutMs(cap);
    return admin
        .propertySet(PropertyAccess.CC, cc)
        .thenCompose(off -> admin.propertySet(PropertyAccess.CC, cc | PropertyAccess.CC_EN))
        .thenCompose(on -> poll(csts -> (csts & PropertyAccess.CSTS_RDY) != 0, timeoutMs, "RDY"))
        .thenCompose(ready -> admin.identify(Identify.CONTROLLER, 0))
        .thenApply(IdentifyControllerReader::decode)
        .thenApply(identify -> new ControllerInfo(controllerId, version, cap, identify));
  }

  private static CompletableFuture<ControllerInfo> check(ControllerInfo info, boolean discovery) {
    String problem = IdentifyControllerReader.problem(info, discovery);
    return problem == null
        ? CompletableFuture.completedFuture(info)
        : CompletableFuture.failedFuture(
            new ConnectionException(Reason.INCOMPATIBLE, "Identify Controller: " + problem));
  }

  /** A controller that refuses is worked with all the same, as Linux does. */
  private CompletableFuture<ControllerInfo> configureEvents(ControllerInfo info) {
    int events = (int) info.identify().value(IdentifyController.Field.OAES) & EVENTS;
    if (events == 0) {
      return CompletableFuture.completedFuture(info);
    }
    return admin
        .setFeature(FeatureId.ASYNC_EVENT_CONFIGURATION, events)
        .handle(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("asynchronous events stay off: {}", failure.toString());
              }
              return info;
            });
  }

  /** Asks for queues; completes with how many are granted, 1 or more. */
  public CompletableFuture<Integer> requestQueues(int wanted) {
    int wanted0 = wanted - 1;
    return admin
        .setFeature(FeatureId.NUMBER_OF_QUEUES, wanted0 | wanted0 << 16)
        .thenApply(granted -> Math.min(wanted, Math.min(granted & 0xFFFF, granted >>> 16) + 1));
  }

  /** Normal shutdown; completes when the controller says it is complete, or fails. */
  public CompletableFuture<Void> shutDown(long timeoutMs) {
    int cc =
        PropertyAccess.CC_ENTRY_SIZES | PropertyAccess.CC_EN | 1 << PropertyAccess.CC_SHN_SHIFT;
    return admin
        .propertySet(PropertyAccess.CC, cc)
        .thenCompose(
            set ->
                poll(
                    csts ->
                        (csts & 3 << PropertyAccess.CSTS_SHST_SHIFT)
                            == PropertyAccess.CSTS_SHST_COMPLETE,
                    timeoutMs,
                    "SHST complete"));
  }

  private CompletableFuture<Void> poll(IntPredicate done, long timeoutMs, String what) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    poll(done, deadlineNs, what, result);
    return result;
  }

  private void poll(
      IntPredicate done, long deadlineNs, String what, CompletableFuture<Void> result) {
    admin
        .propertyGet(PropertyAccess.CSTS, PropertyAccess.SIZE_4)
        .whenComplete(
            (value, failure) -> {
              int csts = value == null ? 0 : value.intValue();
              if (failure != null) {
                result.completeExceptionally(failure);
              } else if ((csts & PropertyAccess.CSTS_CFS) != 0) {
                result.completeExceptionally(failed("CSTS.CFS is set"));
              } else if (done.test(csts)) {
                result.complete(null);
              } else if (System.nanoTime() - deadlineNs >= 0) {
                result.completeExceptionally(failed("never " + what + ", CSTS " + csts));
              } else {
                loop.eventLoop()
                    .schedule(
                        () -> poll(done, deadlineNs, what, result), POLL_MS, TimeUnit.MILLISECONDS);
              }
            });
  }

  private static ConnectionException failed(String text) {
    return new ConnectionException(Reason.CONTROLLER_FAILED, text);
  }
}
