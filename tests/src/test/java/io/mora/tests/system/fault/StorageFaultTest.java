package io.mora.tests.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.storage.FaultSpec;
import io.mora.protocol.admin.storage.FaultSpec.Operation;
import io.mora.protocol.admin.storage.FaultSpec.Rule;
import io.mora.protocol.admin.storage.FaultSpec.What;
import io.mora.protocol.admin.storage.FaultSpec.When;
import io.mora.protocol.admin.storage.FaultSpec.Where;
import io.mora.protocol.data.log.SmartLogPage;
import io.mora.protocol.status.Status;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a host sees of storage that fails: the status to the bit, and the count of it. */
@Tag("fault")
class StorageFaultTest {
  private static final int BLOCK = 4096;
  private static final int SMART = 0x02;
  private static final int READ = 0x02;
  private static final int WRITE = 0x01;
  private static final int COMPARE = 0x05;

  @RegisterExtension final Evidence evidence = new Evidence();

  private static Rule bad(Operation operation, long block, int status) {
    Where where = new Where(Set.of(operation), block, 1);
    return new Rule(where, When.ALWAYS, new What(status, Duration.ZERO, false));
  }

  private static SmartLogPage smart(RawSession session) {
    RawHost admin = session.admin();
    Outcome log = admin.run(Capsules.getLog(admin.cid(), SMART, 0, SmartLogPage.LENGTH));
    return SmartLogPage.decode(Unpooled.wrappedBuffer(log.data()), 0);
  }

  private static long mediaErrors(RawSession session) {
    return smart(session).value(SmartLogPage.Field.MDIE);
  }

  private static long warnings(RawSession session) {
    return smart(session).value(SmartLogPage.Field.CRITICAL_WARNING);
  }

  @Test
  @Covers({"log.smart.media", "event"})
  void anErrorOfTheMediumIsAWarning() {
    FaultSpec faults =
        new FaultSpec(1, List.of(bad(Operation.READ, 5, Status.UNRECOVERED_READ_ERROR)));
    BackendSpec storage = new BackendSpec.Faulty(new BackendSpec.Memory(1 << 20), faults);
    TargetFixture target = evidence.closing(TargetFixture.start(Served.on(2).with(storage, BLOCK)));
    RawSession session =
        evidence.closing(
            RawSession.open(
                target.target().listeners().get(0).address(), Served.SUBSYSTEM.value()));
    RawHost admin = session.admin();
    RawHost queue = session.queue(1);
    // Twice: the queue is known to its controller by a task of the admin queue's shard.
    assertThat(warnings(session)).isZero();
    assertThat(warnings(session)).isZero();
    Outcome silent = queue.run(Capsules.blocks(Capsules.transfer(READ, 1, 1, BLOCK), 5, 1));
    assertThat(silent.code()).isEqualTo(Status.UNRECOVERED_READ_ERROR);
    assertThat(warnings(session)).as("reliability degraded").isEqualTo(1 << 2);
    assertThat(admin.run(Capsules.setFeature(90, 0x0B, 1 << 2)).code()).isZero();
    for (int told = 1; told <= 2; told++) {
      admin.send(Capsules.asyncEvent(91));
      queue.run(Capsules.blocks(Capsules.transfer(READ, 2, 1, BLOCK), 5, 1));
      assertThat(admin.outcome(91).dw0()).as("event %s", told).isEqualTo(0x00020001);
      // Read, so that there may be another.
      assertThat(warnings(session)).isEqualTo(1 << 2);
    }
  }

  @Test
  @Covers("log.smart.media")
  void theStatusOfARuleReachesTheHostAndErrorsOfTheMediumAreCounted() {
    FaultSpec faults =
        new FaultSpec(
            1,
            List.of(
                bad(Operation.READ, 5, Status.UNRECOVERED_READ_ERROR | Status.DNR),
                bad(Operation.WRITE, 6, Status.WRITE_FAULT),
                bad(Operation.READ, 7, Status.COMMAND_INTERRUPTED)));
    BackendSpec storage = new BackendSpec.Faulty(new BackendSpec.Memory(1 << 20), faults);
    TargetFixture target = evidence.closing(TargetFixture.start(Served.on(2).with(storage, BLOCK)));
    RawSession session =
        evidence.closing(
            RawSession.open(
                target.target().listeners().get(0).address(), Served.SUBSYSTEM.value()));
    session.enable();
    RawHost queue = session.queue(1);

    Outcome read = queue.run(Capsules.blocks(Capsules.transfer(READ, queue.cid(), 1, BLOCK), 5, 1));
    assertThat(read.code()).isEqualTo(Status.UNRECOVERED_READ_ERROR);
    assertThat(read.doNotRetry()).isTrue();
    assertThat(mediaErrors(session)).isEqualTo(1);

    byte[] ones = new byte[BLOCK];
    ones[0] = 1;
    Outcome write =
        queue.run(Capsules.blocks(Capsules.inCapsule(WRITE, queue.cid(), 1, ones), 6, 1));
    assertThat(write.code()).isEqualTo(Status.WRITE_FAULT);
    assertThat(write.doNotRetry()).isFalse();
    assertThat(mediaErrors(session)).isEqualTo(2);

    Outcome interrupted =
        queue.run(Capsules.blocks(Capsules.transfer(READ, queue.cid(), 1, BLOCK), 7, 1));
    assertThat(interrupted.code()).isEqualTo(Status.COMMAND_INTERRUPTED);
    Outcome differs =
        queue.run(Capsules.blocks(Capsules.inCapsule(COMPARE, queue.cid(), 1, ones), 0, 1));
    assertThat(differs.code()).isEqualTo(Status.COMPARE_FAILURE);
    assertThat(mediaErrors(session)).as("neither is an error of the medium").isEqualTo(2);

    Outcome good = queue.run(Capsules.blocks(Capsules.transfer(READ, queue.cid(), 1, BLOCK), 6, 1));
    assertThat(good.code()).isZero();
    assertThat(good.data()).as("the failed write was not done").isEqualTo(new byte[BLOCK]);
  }
}
