package io.mora.tests.system.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.MoraTarget;
import io.mora.target.live.ApplyResult;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another host's reservation commands in the very moment between the last look and the change of
 * what is served: they are to be tried again, and nothing they say is lost.
 */
@Covers({"ns.manage", "resv"})
class StandingReservationsTest extends PooledTarget {
  private static final int REGISTER = 0x0D;
  private static final int ACQUIRE = 0x11;
  private static final int RELEASE = 0x15;
  private static final int INTERRUPTED = 0x021;
  private static final int OPERATION_FAILS = 0x006;
  private static final int RESERVATION_CONFLICT = 0x083;
  private static final int KEEP = 3 << 30;
  private static final long KEY = 5;

  private final List<Outcome> between = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // by JUnit
  @TempDir
  private Path folder;

  @SuppressWarnings("NullAway.Init") // before each test
  private RawSession manager;

  @SuppressWarnings("NullAway.Init") // before each test
  private RawSession other;

  @SuppressWarnings("NullAway.Init") // before each test
  private RawHost admin;

  /** The other host's. */
  @SuppressWarnings("NullAway.Init") // before each test
  private RawHost queue;

  private int nsid;

  @Override
  MoraTarget begin() throws IOException {
    return MoraTarget.start(setup.spec(), folder.resolve("state"));
  }

  /** One that the other host uses, and its maker does not. */
  @BeforeEach
  void namespace() {
    manager = session();
    other = other();
    admin = manager.admin();
    nsid = made(admin, SIZE, FORMAT_4K);
    assertOk(admin.run(attach(nsid, other.cntlid())));
    queue = queue(other);
  }

  @AfterEach
  void hangUp() {
    other.close();
    manager.close();
  }

  /** From now on orders go this way: the last look, this, and then the change if there is one. */
  private void between(Runnable what, Function<TargetSpec, ApplyResult> change) {
    target.changesBy(
        (who, edit) -> {
          TargetSpec wanted = edit.of(target.spec());
          if (wanted == null) {
            return ApplyResult.done(List.of());
          }
          what.run();
          return change.apply(wanted);
        });
  }

  /** Registers, and has the namespace for itself. */
  private List<Outcome> reserves(RawHost by, int persistence) {
    return List.of(
        by.run(Capsules.reservation(REGISTER, 1, nsid, persistence, 0, KEY)),
        by.run(Capsules.reservation(ACQUIRE, 2, nsid, 1 << 8, KEY, 0)));
  }

  private Outcome releases(RawHost by) {
    return by.run(Capsules.reservation(RELEASE, 3, nsid, 1, KEY));
  }

  /** What the other host tries in between. */
  private void tries(int persistence) {
    between.addAll(reserves(queue, persistence));
  }

  private void assertAllInterrupted() {
    assertThat(between).hasSize(2);
    for (Outcome each : between) {
      assertThat(each.code()).as(each.toString()).isEqualTo(INTERRUPTED);
      assertThat(each.doNotRetry()).as("DNR of " + each).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, KEEP})
  void noneComesBeforeADeletion(int persistence) {
    between(() -> tries(persistence), target::apply);
    assertOk(admin.run(delete(nsid)));
    assertAllInterrupted();
    reserves(queue, persistence).forEach(each -> assertRefused(each, INVALID_NAMESPACE));
  }

  /** Nothing came of it, so that the other host's second try is in time. */
  @ParameterizedTest
  @ValueSource(ints = {0, KEEP})
  void whatIsTriedAgainWorksIfTheDeletionDoesNot(int persistence) {
    Problem failed = Problem.of("", "", "", "the disk is full");
    between(() -> tries(persistence), any -> ApplyResult.refused(List.of(failed)));
    assertThat(admin.run(delete(nsid)).code()).isEqualTo(OPERATION_FAILS);
    assertAllInterrupted();
    reserves(queue, persistence).forEach(LiveTarget::assertOk);
    assertThat(admin.run(delete(nsid)).code()).isEqualTo(RESERVATION_CONFLICT);
    assertOk(releases(queue));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, KEEP})
  void detachingLetsItGoAfterwards(int persistence) {
    assertOk(admin.run(attach(nsid, manager.cntlid())));
    between(() -> tries(persistence), target::apply);
    assertOk(admin.run(detach(nsid, other.cntlid())));
    assertAllInterrupted();
    RawHost own = manager.queue(1);
    reserves(own, persistence).forEach(LiveTarget::assertOk);
    assertOk(releases(own));
  }
}
