package io.mora.tests.system.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is offered, number by number: every opcode, page, log and feature there could be is asked
 * for, and those answered are exactly those claimed.
 */
class OfferTest {
  private static final int INVALID_OPCODE = 0x001;
  private static final int INVALID_FIELD = 0x002;
  private static final int INVALID_LOG_PAGE = 0x109;
  private static final int INVALID_QUEUE_TYPE = 0x185;

  /** Where vendor numbers begin, which are those of latency intent. */
  private static final int VENDOR = 0xC0;

  @SuppressWarnings("NullAway.Init") // by serve
  private TargetFixture target;

  @SuppressWarnings("NullAway.Init") // by serve
  private RawSession session;

  @SuppressWarnings("NullAway.Init") // by serve
  private RawHost admin;

  @BeforeEach
  void serve() {
    target = TargetFixture.start(new Setup(TransportChoice.AUTO, 1).spec());
    session = RawSession.open(target.target().listeners().get(0).address(), Setup.NQN.value());
    admin = session.admin();
  }

  @AfterEach
  void stop() {
    session.close();
    target.close();
  }

  /** Those of the numbers below {@code end} that are answered otherwise than by this refusal. */
  private static Set<Integer> answered(int end, IntPredicate isRefused) {
    Set<Integer> found = new TreeSet<>();
    for (int number = 0; number < end; number++) {
      if (!isRefused.test(number)) {
        found.add(number);
      }
    }
    return found;
  }

  private static boolean refused(Outcome outcome, int code) {
    if (outcome.code() != code) {
      return false;
    }
    assertThat(outcome.doNotRetry()).as("DNR of %s", outcome).isTrue();
    return true;
  }

  @Test
  @Covers("disconnect")
  void disconnectIsRefusedAndTheConnectionLives() {
    RawHost queue = session.queue(1);
    Frame disconnect = Capsules.command(0x7F, 1, 0x08);
    assertThat(refused(admin.run(disconnect), INVALID_QUEUE_TYPE)).isTrue();
    assertThat(refused(queue.run(disconnect), INVALID_OPCODE)).isTrue();
    assertThat(queue.run(Capsules.command(0x00, 2, 1)).code()).isZero();
    assertThat(session.status()).isEqualTo(1);
  }

  @Test
  @Covers({"admin.none", "sanitize", "format", "abort", "event", "keepalive"})
  void adminCommandsAreTheseAndNoOthers() {
    Set<Integer> events = Set.of(0x0C); // waits for an event
    assertThat(
            answered(
                256,
                opcode ->
                    !events.contains(opcode)
                        && refused(admin.run(command(opcode)), INVALID_OPCODE)))
        .containsExactly(0x02, 0x06, 0x08, 0x09, 0x0A, 0x0C, 0x18, 0x80);
    byte[] id = admin.run(Capsules.identify(1, 1, 0)).data();
    assertThat(id[328]).as("SANICAP").isZero();
  }

  /** With the fabrics type, where there is one, that no command has. */
  private static Frame command(int opcode) {
    return Capsules.command(opcode, 1, opcode == 0x7F ? 0x7E : 1);
  }

  @Test
  @Covers({"uncorrectable", "fused", "read", "write", "flush", "compare", "zeroes", "dsm", "resv"})
  void ioCommandsAreTheseAndNoOthers() {
    RawHost queue = session.queue(1);
    assertThat(answered(256, opcode -> refused(queue.run(command(opcode)), INVALID_OPCODE)))
        .containsExactly(0x00, 0x01, 0x02, 0x05, 0x08, 0x09, 0x0C, 0x0D, 0x0E, 0x11, 0x15, 0x19);
    byte[] id = admin.run(Capsules.identify(1, 1, 0)).data();
    assertThat(id[522] & 1).as("FUSES: Compare and Write").isEqualTo(1);
    Frame neither = Capsules.transfer(0x02, 3, 1, 4096).put(Capsules.SQE + 1, 1, 0x40 | 3);
    assertThat(refused(queue.run(neither), INVALID_FIELD)).isTrue();
  }

  @Test
  @Covers({"identify.none", "identify.controller", "identify.namespace", "identify.lists"})
  void identifyPagesAreTheseAndNoOthers() {
    assertThat(
            answered(256, cns -> refused(admin.run(Capsules.identify(1, cns, 1)), INVALID_FIELD)))
        .containsExactly(
            0x00, 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x08, 0x10, 0x11, 0x12, 0x13, 0x1C);
  }

  @Test
  @Covers({"log.none", "log.supported"})
  void logPagesAreTheseAndNoOthers() {
    Set<Integer> served =
        answered(
            VENDOR, lid -> refused(admin.run(Capsules.getLog(1, lid, 0, 64)), INVALID_LOG_PAGE));
    assertThat(served).containsExactly(0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0C, 0x12, 0x80);
    byte[] supported = admin.run(Capsules.getLog(1, 0x00, 0, 1024)).data();
    assertThat(answered(VENDOR, lid -> (supported[4 * lid] & 1) == 0))
        .as("those the log of logs names")
        .isEqualTo(served);
  }

  /** One attribute of each: what it is, what it was at first, whether it can be changed. */
  @Test
  @Covers({"feature.plain", "feature.none", "log.features"})
  void featuresAreTheseAndNoOthers() {
    Set<Integer> served = answered(VENDOR, fid -> refused(admin.run(get(fid, 3)), INVALID_FIELD));
    byte[] effects = admin.run(Capsules.getLog(1, 0x12, 0, 1024)).data();
    assertThat(answered(VENDOR, fid -> (effects[4 * fid] & 1) == 0))
        .as("those the log of features names")
        .isEqualTo(served);
    assertThat(served)
        .containsExactly(
            0x01, 0x02, 0x04, 0x05, 0x06, 0x07, 0x0A, 0x0B, 0x0E, 0x0F, 0x16, 0x81, 0x82, 0x83);
    for (int fid : new int[] {0x01, 0x02, 0x04, 0x05, 0x06, 0x07, 0x0A, 0x0B, 0x0F}) {
      int first = admin.run(get(fid, 1)).dw0();
      assertThat(admin.run(get(fid, 0)).dw0()).as("current of %s", fid).isEqualTo(first);
      assertThat(admin.run(get(fid, 3)).dw0()).as("capabilities of %s", fid).isEqualTo(4);
      Outcome saved = admin.run(Capsules.setFeature(1, fid | 1 << 31, first));
      assertThat(refused(saved, 0x10D)).as("saving %s", fid).isTrue();
    }
  }

  private static Frame get(int fid, int select) {
    return Capsules.getFeature(1, fid | select << 8).put(Capsules.SQE + 4, 4, 1);
  }
}
