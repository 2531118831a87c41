package io.mora.tests.system.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawChap;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import org.junit.jupiter.api.Test;

/** Section 5: who proves itself is let in, and nobody else. */
@Covers("auth")
class AuthenticationTest extends AuthConformance {
  private static final int CC = 0x14;

  @Test
  void everyHashWithEveryGroup() {
    for (int hash = 1; hash <= 3; hash++) {
      for (int group = 0; group <= 5; group++) {
        try (RawHost host = connected(0)) {
          boolean both = (hash + group) % 2 == 0;
          assertThat(chap(0).authenticate(host, hash, group, both))
              .as("hash %s, group %s, both %s", hash, group, both)
              .isZero();
          assertLetIn(host);
        }
      }
    }
  }

  @Test
  void bothSidesProveThemselves() {
    try (RawHost host = connected(1)) {
      byte[] challenge = RawChap.exchange(host, offer(77));
      RawChap chap = chap(1);
      byte[] success = RawChap.exchange(host, chap.reply(challenge, true));
      assertThat(chap.proves(success)).isTrue();
      // Not before the host has said that it is satisfied.
      assertRefused(host.run(Capsules.propertyGet(host.cid(), CC, 4)), REQUIRED);
      assertOk(host.run(RawChap.send(host.cid(), RawChap.success2(77))));
      assertLetIn(host);
    }
  }

  @Test
  void aHostThatRefusesTheControllerIsGone() {
    try (RawHost host = connected(2)) {
      byte[] challenge = RawChap.exchange(host, offer(3));
      RawChap.exchange(host, chap(2).reply(challenge, true));
      assertOk(host.run(RawChap.send(host.cid(), RawChap.failure2(3))));
      assertThat(host.isAtEnd()).isTrue();
    }
  }

  @Test
  void withoutAKeyForItTheControllerCannotProveItself() {
    RawChap chap =
        new RawChap(Doors.ONE_WAY, Doors.SUBSYSTEM, Doors.key(0), Doors.controllerKey(0), random);
    try (RawHost host = connected(Doors.ONE_WAY)) {
      assertThat(chap.authenticate(host, SHA256, NO_DH, false)).isZero();
      assertLetIn(host);
    }
    try (RawHost host = connected(Doors.ONE_WAY)) {
      assertThat(chap.authenticate(host, SHA256, NO_DH, true)).isEqualTo(FAILED);
      assertThat(host.isAtEnd()).isTrue();
    }
  }

  @Test
  void aWrongSecretIsNotLetIn() {
    for (int group : new int[] {NO_DH, FFDHE2048}) {
      RawChap wrong =
          new RawChap(Doors.host(3), Doors.SUBSYSTEM, Doors.key(4), Doors.controllerKey(3), random);
      try (RawHost host = connected(3)) {
        assertThat(wrong.authenticate(host, SHA256, group, false)).isEqualTo(FAILED);
        assertRefused(host.run(Capsules.propertyGet(host.cid(), CC, 4)), REQUIRED);
        assertThat(host.isAtEnd()).isTrue();
      }
    }
  }

  @Test
  void anotherHostsSecretOrSubsystemDoesNotFit() {
    RawChap otherSubsystem =
        new RawChap(Doors.host(5), Doors.SUBSYSTEM + "x", Doors.key(5), Doors.key(5), random);
    RawChap otherHost =
        new RawChap(Doors.host(6), Doors.SUBSYSTEM, Doors.key(5), Doors.key(5), random);
    for (RawChap wrong : new RawChap[] {otherSubsystem, otherHost}) {
      try (RawHost host = connected(5)) {
        assertThat(wrong.authenticate(host, SHA256, NO_DH, false)).isEqualTo(FAILED);
        assertThat(host.isAtEnd()).isTrue();
      }
    }
  }

  @Test
  void nothingElseIsServedBefore() {
    try (RawHost host = connected(7)) {
      assertRefused(host.run(Capsules.propertyGet(host.cid(), CC, 4)), REQUIRED);
      assertRefused(host.run(Capsules.propertySet(host.cid(), CC, RawSession.ENABLE)), REQUIRED);
      assertRefused(host.run(Capsules.identify(host.cid(), 1, 0)), REQUIRED);
      assertRefused(host.run(Capsules.keepAlive(host.cid())), REQUIRED);
      assertRefused(host.run(Capsules.asyncEvent(host.cid())), REQUIRED);
      assertRefused(host.run(Capsules.getLog(host.cid(), 0x70, 0, 1024)), REQUIRED);
      assertRefused(host.run(admin(Doors.host(7), Doors.SUBSYSTEM)), REQUIRED);
      assertThat(chap(7).authenticate(host, SHA256, NO_DH, false)).isZero();
      assertLetIn(host);
      assertRefused(host.run(admin(Doors.host(7), Doors.SUBSYSTEM)), 0x00C);
    }
  }

  @Test
  void everyQueueHasToProveItself() {
    try (RawHost admin = connected(8)) {
      assertThat(chap(8).authenticate(admin, SHA256, NO_DH, true)).isZero();
      assertOk(admin.run(Capsules.propertySet(admin.cid(), CC, RawSession.ENABLE)));
      awaitReady(admin);
      try (RawHost queue = RawHost.connect(address()).initialise(0, 0)) {
        byte[] data = Capsules.connectData(1, Doors.SUBSYSTEM, Doors.host(8));
        Outcome outcome = queue.run(Capsules.connect(1, withController(data, admin)));
        assertOk(outcome);
        assertThat(outcome.dw0() & ATR).isEqualTo(ATR);
        assertRefused(read(queue), REQUIRED);
        assertThat(chap(8).authenticate(queue, 2, FFDHE2048, false)).isZero();
        assertOk(read(queue));
        // Again, while it is in use.
        assertThat(chap(8).authenticate(queue, 3, NO_DH, true)).isZero();
        assertOk(read(queue));
        fusedPairsPass(queue);
      }
    }
  }

  /** What a queue's commands keep of their order is kept behind the gate. */
  private static void fusedPairsPass(RawHost queue) {
    byte[] was = read(queue).data();
    byte[] is = was.clone();
    is[7]++;
    int compare = queue.cid();
    int write = queue.cid();
    queue.sendTogether(half(0x05, compare, 0x41, was), half(0x01, write, 0x42, is));
    assertOk(queue.outcome(compare));
    assertOk(queue.outcome(write));
    assertThat(read(queue).data()).isEqualTo(is);
  }

  private static Frame half(int opcode, int cid, int fused, byte[] data) {
    return Capsules.blocks(Capsules.inCapsule(opcode, cid, Setup.NSID_4K, data), 0, 1)
        .put(Capsules.SQE + 1, 1, fused);
  }

  private int controllerOf(RawHost admin) {
    Outcome identify = admin.run(Capsules.identify(admin.cid(), 1, 0));
    assertOk(identify);
    return (identify.data()[78] & 0xFF) | (identify.data()[79] & 0xFF) << 8;
  }

  private byte[] withController(byte[] data, RawHost admin) {
    int cntlid = controllerOf(admin);
    data[16] = (byte) cntlid;
    data[17] = (byte) (cntlid >>> 8);
    return data;
  }

  private static Outcome read(RawHost queue) {
    return queue.run(
        Capsules.blocks(Capsules.transfer(0x02, queue.cid(), Setup.NSID_4K, 4096), 0, 1));
  }

  private static void awaitReady(RawHost admin) {
    while ((admin.run(Capsules.propertyGet(admin.cid(), 0x1C, 4)).dw0() & 1) == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aQueueThatFailsToProveItselfAgainIsCut() {
    RawChap wrong = new RawChap(Doors.host(9), Doors.SUBSYSTEM, Doors.key(1), Doors.key(1), random);
    try (RawHost host = connected(9)) {
      assertThat(chap(9).authenticate(host, SHA256, NO_DH, false)).isZero();
      assertLetIn(host);
      assertThat(wrong.authenticate(host, SHA256, NO_DH, false)).isEqualTo(FAILED);
      assertRefused(host.run(Capsules.propertyGet(host.cid(), CC, 4)), REQUIRED);
      assertThat(host.isAtEnd()).isTrue();
    }
  }

  @Test
  void discoveryKnowsTheHostToo() {
    RawChap chap =
        new RawChap(
            Doors.host(10), Capsules.DISCOVERY, Doors.key(10), Doors.controllerKey(10), random);
    try (RawHost host = RawHost.connect(address()).initialise(0, 0)) {
      Outcome outcome = host.run(admin(Doors.host(10), Capsules.DISCOVERY));
      assertThat(outcome.dw0() & ATR).isEqualTo(ATR);
      assertRefused(host.run(Capsules.propertyGet(host.cid(), CC, 4)), REQUIRED);
      assertThat(chap.authenticate(host, SHA256, NO_DH, false)).isZero();
      assertLetIn(host);
    }
  }

  @Test
  void aHostWithoutAKeyHasNothingToProve() {
    try (RawHost host = RawHost.connect(address()).initialise(0, 0)) {
      Outcome outcome = host.run(admin(Doors.KEYLESS, Doors.SUBSYSTEM));
      assertOk(outcome);
      assertThat(outcome.dw0() & ATR).isZero();
      assertLetIn(host);
      assertRefused(host.run(RawChap.send(host.cid(), offer(1))), 0x001);
      assertRefused(host.run(RawChap.receive(host.cid(), RawChap.ROOM)), 0x001);
    }
  }

  /** With R2T, and with digests. */
  @Test
  void messagesMayTravelAsAnyData() {
    try (RawHost host = RawHost.connect(address()).initialise(3, 0)) {
      assertOk(host.run(admin(Doors.host(11), Doors.SUBSYSTEM)));
      byte[] offer = offer(5);
      assertOk(
          host.write(
              RawChap.fields(
                  Capsules.transfer(0x7F, host.cid(), RawChap.SEND, offer.length), offer.length),
              offer));
      byte[] reply = chap(11).reply(RawChap.fetch(host), false);
      byte[] success = RawChap.exchange(host, reply);
      assertThat(RawChap.describe(success)).startsWith("message 1/3");
      assertLetIn(host);
    }
  }
}
