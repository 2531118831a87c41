package io.mora.initiator.region;

import io.mora.initiator.control.AdminQueue;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.RawCommand;
import io.mora.initiator.region.RegisteredRegion.State;
import io.mora.protocol.CommandException;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.Registration;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registered regions of an association (feature E5h): one a slot, told again after every
 * reconnect and whenever the target says that it lost them.
 *
 * <p>On the home loop; {@link #register}, {@link #remove} and {@link #signals} from any thread.
 */
public final class RegionTable {
  /** Most slots the wire can name. */
  public static final int SLOTS_MAX = 255;

  /** Flows whose churn is counted apart; more are counted as flow 0. */
  public static final int FLOWS_MAX = 64;

  private static final Logger LOG = LoggerFactory.getLogger(RegionTable.class);

  /** Times a registration is tried while the target says it is too soon. */
  private static final int TRIES = 50;

  private final AdminQueue admin;
  private final IoLoop home;
  private final @Nullable RegisteredRegion[] regions = new RegisteredRegion[SLOTS_MAX + 1];
  private final Map<Integer, Long> churn = new HashMap<>();
  private int slots;
  private long added;
  private long removed;
  private long stale;
  private volatile RegionSignals signals = new RegionSignals(0, 0, 0, 0, 0, Map.of());

  public RegionTable(AdminQueue admin, IoLoop home) {
    this.admin = admin;
    this.home = home;
  }

  public RegionSignals signals() {
    return signals;
  }

  /** Connected, with this many slots: tells every region again. */
  public void renew(int offeredSlots) {
    slots = Math.min(SLOTS_MAX, offeredSlots);
    for (RegisteredRegion region : regions) {
      if (region != null) {
        becameStale(region);
        if (slots > 0) { // else it waits for a controller that has the extension again
          renew(region);
        }
      }
    }
    publish();
  }

  private void renew(RegisteredRegion region) {
    if (region.number() > slots) {
      close(region, "there are only " + slots + " slots now");
      return;
    }
    CompletableFuture<Void> ignored = tell(region, TRIES);
    ignored.exceptionally(
        failure -> {
          home.execute(
              () -> {
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                if (cause instanceof CommandException) {
                  close(region, cause.getMessage());
                }
              });
          return null;
        });
  }

  private void close(RegisteredRegion region, @Nullable String why) {
    LOG.warn("{} is registered no more: {}", region, why);
    region.state(State.CLOSED);
    if (regions[region.number()] == region) { // Else it was given back, and the slot is another's.
      regions[region.number()] = null;
    }
    publish();
  }

  /** The connection is lost, and with it what the controller knew. */
  public void lost() {
    for (RegisteredRegion region : regions) {
      if (region != null) {
        becameStale(region);
      }
    }
    publish();
  }

  private void becameStale(RegisteredRegion region) {
    if (region.state() == State.VALID) {
      region.state(State.STALE);
      stale++;
      churned(region);
    }
  }

  /** Registers blocks of a namespace. */
  public CompletableFuture<RegisteredRegion> register(
      int nsid, long slba, long blocks, RegionUse use) {
    if (blocks < 1 || blocks > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("blocks " + blocks + ": 1 to 2^32 - 1");
    }
    return CompletableFuture.supplyAsync(
            () -> place(nsid, new RegisteredRegion.BlocksOf(slba, blocks), use), home::execute)
        .thenCompose(
            region ->
                tell(region, TRIES)
                    .handleAsync(
                        (done, failure) -> {
                          if (failure != null) {
                            close(region, failure.getMessage());
                            throw failure instanceof RuntimeException known
                                ? known
                                : new IllegalStateException(failure);
                          }
                          return region;
                        },
                        home::execute));
  }

  private RegisteredRegion place(int nsid, RegisteredRegion.BlocksOf range, RegionUse use) {
    for (int number = 1; number <= slots; number++) {
      if (regions[number] == null) {
        RegisteredRegion region = new RegisteredRegion(this, number, nsid, range, use);
        regions[number] = region;
        return region;
      }
    }
    throw new RejectedExecutionException("all " + slots + " registration slots are in use");
  }

  private CompletableFuture<Void> tell(RegisteredRegion region, int tries) {
    if (region.state() == State.CLOSED) {
      return CompletableFuture.failedFuture(new IllegalStateException(region + " is closed"));
    }
    ByteBuf data = Unpooled.buffer(Registration.LENGTH, Registration.LENGTH);
    Registration.builder()
        .set(Registration.Field.SLBA, region.slba())
        .set(Registration.Field.BLOCKS, region.blocks())
        .set(Registration.Field.CLASS, region.use().intent().latencyClass())
        .set(Registration.Field.FLAGS, region.use().flags())
        .set(Registration.Field.USES_PER_SECOND, region.use().usesPerSecond())
        .set(Registration.Field.BUDGET_US, region.use().intent().budgetUs())
        .build()
        .encode(data, 0);
    RawCommand command =
        command(region, region.number()).send(data.nioBuffer(0, Registration.LENGTH));
    return admin
        .submit(command)
        .handleAsync((done, failure) -> told(region, tries, failure), home::execute)
        .thenCompose(next -> next);
  }

  private static RawCommand command(RegisteredRegion region, int cdw11) {
    return new RawCommand(AdminOpcode.SET_FEATURES, region.nsid())
        .dword(Sqe.CDW10, IntentFeature.REGISTRATION)
        .dword(Sqe.CDW11, cdw11);
  }

  private CompletableFuture<Void> told(
      RegisteredRegion region, int tries, @Nullable Throwable failure) {
    if (failure == null) {
      if (region.state() == State.STALE) {
        region.state(State.VALID);
        added++;
        churned(region);
        publish();
      }
      return CompletableFuture.completedFuture(null);
    }
    boolean tooSoon =
        failure instanceof CommandException answered
            && (answered.status() & ~Status.DNR) == Status.INTENT_RATE_LIMITED;
    if (!tooSoon || tries <= 1 || region.state() == State.CLOSED) {
      return CompletableFuture.failedFuture(failure);
    }
    CompletableFuture<Void> later = new CompletableFuture<>();
    home.eventLoop()
        .schedule(
            () ->
                tell(region, tries - 1)
                    .whenComplete(
                        (done, again) -> {
                          if (again == null) {
                            later.complete(null);
                          } else {
                            later.completeExceptionally(again);
                          }
                        }),
            IntentFeature.RATE_LIMIT_MS,
            TimeUnit.MILLISECONDS);
    return later;
  }

  /** Gives a region back; the future never fails. */
  CompletionStage<Void> remove(RegisteredRegion region) {
    CompletableFuture<Completion> asked =
        CompletableFuture.supplyAsync(() -> giveUp(region), home::execute)
            .thenCompose(answer -> answer);
    return asked.handle((done, failure) -> null);
  }

  /** In one task: the slot's next region must not be told before this one is removed. */
  private CompletableFuture<Completion> giveUp(RegisteredRegion region) {
    return forget(region)
        ? admin.submit(command(region, IntentFeature.REGISTRATION_REMOVE | region.number()))
        : CompletableFuture.failedFuture(new IllegalStateException("closed"));
  }

  private boolean forget(RegisteredRegion region) {
    if (regions[region.number()] != region) {
      return false;
    }
    region.state(State.CLOSED);
    regions[region.number()] = null;
    removed++;
    churned(region);
    publish();
    return true;
  }

  private void churned(RegisteredRegion region) {
    int flow = region.use().intent().flow();
    boolean apart = churn.containsKey(flow) || churn.size() < FLOWS_MAX;
    churn.merge(apart ? flow : 0, 1L, Long::sum);
  }

  private void publish() {
    int valid = 0;
    for (RegisteredRegion region : regions) {
      valid += region != null && region.state() == State.VALID ? 1 : 0;
    }
    signals = new RegionSignals(slots, valid, added, removed, stale, churn);
  }
}
