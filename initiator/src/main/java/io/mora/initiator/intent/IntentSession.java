package io.mora.initiator.intent;

import io.mora.initiator.control.AdminQueue;
import io.mora.initiator.control.ControllerInfo;
import io.mora.initiator.io.RawCommand;
import io.mora.initiator.region.RegionTable;
import io.mora.initiator.signals.FeedbackSender;
import io.mora.initiator.signals.SignalTotals;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.GrantPage;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentEvent;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.IntentIdentify;
import io.mora.protocol.net.IoLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latency-intent extension on one association: opts in on every connect, keeps what was
 * granted, has regions registered anew, tells the target this host's half.
 *
 * <p>On the home loop, but for the accessors.
 */
public final class IntentSession {
  private static final Logger LOG = LoggerFactory.getLogger(IntentSession.class);

  private final AdminQueue admin;
  private final boolean wanted;
  private final boolean timing;
  private final RegionTable regions;
  private final SignalTotals totals = new SignalTotals();
  private final FeedbackSender feedback;
  private volatile IntentGrant grant = IntentGrant.NONE;
  private volatile int offeredSlots;
  private volatile boolean offeredHaste;
  private boolean hearsFeedback;

  /**
   * @param wanted commands tell their intent where that is offered
   * @param timing and all ask for timing replies
   */
  public IntentSession(AdminQueue admin, IoLoop home, boolean wanted, boolean timing) {
    this.admin = admin;
    this.wanted = wanted;
    this.timing = timing;
    this.regions = new RegionTable(admin, home);
    this.feedback = new FeedbackSender(admin, totals);
  }

  public IntentGrant grant() {
    return grant;
  }

  public RegionTable regions() {
    return regions;
  }

  public SignalTotals totals() {
    return totals;
  }

  public FeedbackSender feedback() {
    return feedback;
  }

  /**
   * Tells the target on which CPU each I/O queue's commands are consumed, before the queues
   * connect. A target that does not know feature D0h refuses, and places them without.
   *
   * @param cpus in order of QID; -1 is not told
   * @return how many queues there are
   */
  public CompletableFuture<Integer> declareConsumers(int[] cpus) {
    CompletableFuture<?> told = CompletableFuture.completedFuture(null);
    boolean agreed = grant.version() != 0;
    for (int i = 0; agreed && i < cpus.length; i++) {
      if (cpus[i] >= 0) {
        int consumer = IntentFeature.consumer(i + 1, cpus[i]);
        told = told.thenCompose(before -> admin.setFeature(IntentFeature.CONSUMER, consumer));
      }
    }
    return told.handle(
        (done, failure) -> {
          if (failure != null) {
            LOG.debug("the target places queues without their CPUs: {}", failure.toString());
          }
          return cpus.length;
        });
  }

  /** Opts in where that is asked for and offered; a controller that refuses is used without. */
  public CompletableFuture<ControllerInfo> optIn(ControllerInfo info) {
    grant = IntentGrant.NONE;
    hearsFeedback = false;
    IntentIdentify offer = info.intentOffer();
    offeredSlots = offer == null ? 0 : offer.slots();
    offeredHaste = offer != null && offer.has(IntentIdentify.HASTENING);
    if (offer == null || !(wanted || timing)) {
      return CompletableFuture.completedFuture(info);
    }
    boolean expiring = wanted && offer.has(IntentIdentify.EXPIRING);
    boolean refusing = wanted && offer.has(IntentIdentify.REFUSING);
    int flags =
        IntentFeature.CARRIER_A
            | (expiring ? IntentFeature.EXPIRING : 0)
            | (refusing ? IntentFeature.REFUSING : 0);
    return admin
        .setFeature(IntentFeature.CONTROL, IntentFeature.control(IntentCodec.VERSION, flags))
        .thenCompose(dw0 -> grantOf(dw0, offer.slots()))
        .handle(
            (agreed, failure) -> {
              if (failure != null) {
                LOG.info("latency intent stays off: {}", failure.toString());
                return info;
              }
              grant = agreed;
              hearsFeedback = wanted && offer.has(IntentIdentify.FEEDBACK);
              return info.withGrant(agreed);
            });
  }

  /** What DW0 says, and of the slots that are offered those this host may use. */
  private CompletableFuture<IntentGrant> grantOf(int dw0, int offeredSlots) {
    ByteBuffer page = ByteBuffer.allocate(GrantPage.LENGTH);
    RawCommand command =
        new RawCommand(AdminOpcode.GET_FEATURES, 0)
            .dword(Sqe.CDW10, IntentFeature.GRANTS)
            .receive(page);
    return admin
        .submit(command)
        .thenApply(done -> GrantPage.decode(Unpooled.wrappedBuffer(page), 0))
        .thenApply(grants -> Math.min(offeredSlots, (int) grants.value(GrantPage.Field.SLOTS)))
        .exceptionally(failure -> offeredSlots)
        .thenApply(slots -> IntentGrant.of(dw0, slots, offeredHaste));
  }

  /** Live again. */
  public void live() {
    boolean usable = wanted && grant.active();
    regions.renew(usable ? grant.slots() : 0);
  }

  /** The connection is lost. */
  public void lost() {
    regions.lost();
  }

  /** Every now and then while live. */
  public void tick() {
    totals.explain();
    if (hearsFeedback && grant.active()) {
      feedback.send(regions.signals().churn());
    }
  }

  /** An asynchronous event of whatever kind. */
  public void event(int dw0) {
    if (!grant.offered() || !IntentEvent.isIntent(dw0)) {
      return; // Another vendor's may look the same.
    }
    if (IntentEvent.info(dw0) == IntentEvent.REGISTRATION_LOST) {
      regions.renew(grant.slots());
    } else if (IntentEvent.info(dw0) == IntentEvent.GRANTS_CHANGED) {
      CompletableFuture<IntentGrant> ignored = readGrant();
      ignored.exceptionally(failure -> IntentGrant.NONE);
    }
    // Reading the log, without RAE, lets the next event come.
    CompletableFuture<ByteBuf> read = admin.log(ClassLogPage.LID, ClassLogPage.Header.LENGTH, 0);
    read.exceptionally(failure -> Unpooled.EMPTY_BUFFER);
  }

  /** Asks what is granted now. */
  public CompletableFuture<IntentGrant> readGrant() {
    RawCommand command =
        new RawCommand(AdminOpcode.GET_FEATURES, 0).dword(Sqe.CDW10, IntentFeature.CONTROL);
    return admin
        .submit(command)
        .thenCompose(done -> grantOf(done.dw0(), offeredSlots))
        .thenApply(
            agreed -> {
              grant = agreed;
              return agreed;
            });
  }
}
