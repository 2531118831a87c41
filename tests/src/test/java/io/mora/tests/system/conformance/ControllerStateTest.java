package io.mora.tests.system.conformance;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.SQE;
import static io.mora.tests.kit.wire.RawSession.DISABLE;
import static io.mora.tests.kit.wire.RawSession.ENABLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import org.junit.jupiter.api.Test;

/** Sections 2.5 and 2.6: properties, reset, shutdown, loss of connections, keep-alive. */
class ControllerStateTest extends Conformance {
  private static final int RDY = 1;
  private static final int CFS = 2;
  private static final int SHST = 0xC;
  private static final int SHN_NORMAL = 1 << 14;
  private static final int KATO = SQE + 48;

  @Covers("property")
  @Test
  void properties() {
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      assertThat(admin.run(Capsules.propertyGet(1, 0x00, 8)).result())
          .as("CAP: MQES, CQR, TO 15 s, NVM")
          .isEqualTo(0x0000_0020_1E01_0000L | 127);
      assertThat(admin.run(Capsules.propertyGet(2, 0x08, 4)).result()).isEqualTo(0x00020000);
      assertThat(admin.run(Capsules.propertyGet(3, 0x14, 4)).result()).isEqualTo(ENABLE);
      assertThat(admin.run(Capsules.propertyGet(4, 0x1C, 4)).result()).isEqualTo(RDY);
      for (Frame wrong :
          new Frame[] {
            Capsules.propertyGet(5, 0x00, 4),
            Capsules.propertyGet(6, 0x14, 8),
            Capsules.propertyGet(7, 0x04, 4),
            Capsules.propertyGet(8, 0x20, 4),
            Capsules.propertyGet(9, -1, 4),
            Capsules.propertyGet(10, 0x14, 4).put(CDW10, 1, 7),
            Capsules.propertySet(11, 0x00, 1),
            Capsules.propertySet(12, 0x1C, 0),
            Capsules.propertySet(13, 0x20, 0x4E564D65),
            Capsules.propertySet(14, 0x14, ENABLE).put(CDW10, 1, 1)
          }) {
        assertRefused(admin.run(wrong), 0x002, true);
      }
      assertThat(session.status()).isEqualTo(RDY);
    }
  }

  @Covers("property")
  @Test
  void propertiesAreForTheAdminQueue() {
    try (RawSession session = session()) {
      RawHost host = session.queue(1);
      assertRefused(host.run(Capsules.propertyGet(1, 0x1C, 4)), 0x001, true);
      assertRefused(host.run(Capsules.propertySet(1, 0x14, DISABLE)), 0x001, true);
      assertThat(session.status()).isEqualTo(RDY);
    }
  }

  @Covers("state")
  @Test
  void aControllerIsNotReadyBeforeItIsEnabled() {
    try (RawSession session =
        RawSession.connect(address(), NQN, Capsules.connect(0, 0xFFFF, NQN), 0)) {
      assertThat(session.status()).isZero();
      assertThat(session.admin().run(Capsules.identify(1, 1, 0)).code()).isEqualTo(0x00C);
      session.set(DISABLE);
      assertThat(session.status()).isZero();
      session.enable();
      assertOk(session.admin().run(Capsules.identify(1, 1, 0)));
    }
  }

  /** MPS, AMS, CSS and entry sizes we do not have: CFS, never RDY; a reset mends it. */
  @Covers("state")
  @Test
  void badConfigurationsAreFatalToTheController() {
    int[] bad = {
      ENABLE | 1 << 7, ENABLE | 1 << 11, ENABLE | 6 << 4, 0x00470001, 0x00560001, 0x00000001
    };
    try (RawSession session =
        RawSession.connect(address(), NQN, Capsules.connect(0, 0xFFFF, NQN), 0)) {
      for (int cc : bad) {
        session.set(cc);
        assertThat(session.status()).as(Integer.toHexString(cc)).isEqualTo(CFS);
        session.set(DISABLE);
        session.awaitStatus(RDY | CFS, 0);
        session.enable();
        session.set(DISABLE);
        session.awaitStatus(RDY | CFS, 0);
      }
    }
  }

  @Covers({"state", "bound.reset"})
  @Test
  void resetDropsTheIoQueuesAndKeepsTheAssociation() {
    try (RawSession session = session()) {
      RawHost[] queues = {session.queue(1), session.queue(2), session.queue(3)};
      for (RawHost queue : queues) {
        for (int i = 0; i < 30; i++) {
          queue.send(read(i, Setup.NSID_NULL, 0, 64, Setup.MDTS_BYTES));
          queue.send(write(40 + i, Setup.NSID_NULL, 0, 64, Setup.MDTS_BYTES));
        }
      }
      session.set(DISABLE);
      session.awaitStatus(RDY, 0);
      assertThat(target().connections()).as("RDY falls after the queues are gone").isEqualTo(1);
      session.enable();
      RawHost again = session.queue(1);
      assertOk(again.run(read(1, 1, 0, 1, 4096)));
      Outcome identify = session.admin().run(Capsules.identify(1, 1, 0));
      assertThat(identify.data()[78] & 0xFF | (identify.data()[79] & 0xFF) << 8)
          .as("CNTLID")
          .isEqualTo(session.cntlid());
    }
  }

  /** Pending event requests go without a reply, features return to their defaults. */
  @Covers({"state", "event"})
  @Test
  void resetForgetsEventsAndFeatures() {
    try (RawSession session = session()) {
      RawHost admin = session.admin();
      for (int i = 0; i < 4; i++) {
        admin.send(Capsules.asyncEvent(200 + i));
      }
      assertOk(admin.run(Capsules.setFeature(1, 0x0B, 0x100)));
      assertThat(admin.run(Capsules.setFeature(2, 0x07, 0x00010001)).dw0()).isEqualTo(0x00010001);
      session.set(DISABLE);
      session.awaitStatus(RDY, 0);
      session.enable();
      assertThat(admin.run(Capsules.getFeature(3, 0x0B)).dw0()).isZero();
      assertThat(admin.run(Capsules.getFeature(4, 0x07)).dw0()).isEqualTo(0x00030003);
      for (int i = 0; i < 4; i++) {
        admin.send(Capsules.asyncEvent(200 + i));
      }
      assertRefused(admin.run(Capsules.asyncEvent(300)), 0x105, true);
    }
  }

  @Covers("state")
  @Test
  void shutdownEndsIoAndTellsWhenItIsDone() {
    try (RawSession session = session()) {
      RawHost queue = session.queue(1);
      assertOk(queue.run(writeInCapsule(1, 1, 0, 1, pattern(4096, 1))));
      session.set(ENABLE | SHN_NORMAL);
      session.awaitStatus(SHST, 8);
      assertThat(queue.run(read(2, 1, 0, 1, 4096)).code()).isEqualTo(0x00C);
      session.set(DISABLE);
      session.awaitStatus(RDY, 0);
      session.enable();
      assertThat(session.status()).as("a new start").isEqualTo(RDY);
      assertThat(session.queue(1).run(read(1, 1, 0, 1, 4096)).data()).isEqualTo(pattern(4096, 1));
    }
  }

  @Covers("state")
  @Test
  void anAbruptShutdownIsAShutdown() {
    try (RawSession session = session()) {
      session.set(ENABLE | 2 << 14);
      session.awaitStatus(SHST, 8);
    }
  }

  @Covers("state")
  @Test
  void losingTheAdminConnectionEndsTheIoQueues() {
    try (RawSession session = session();
        RawSession other = session()) {
      RawHost first = session.queue(1);
      RawHost second = session.queue(2);
      first.send(write(1, 1, 0, 64, Setup.MDTS_BYTES));
      first.receive(1);
      RawHost healthy = other.queue(1);
      session.admin().close();
      assertThat(first.isAtEnd()).isTrue();
      assertThat(second.isAtEnd()).isTrue();
      assertOk(healthy.run(read(1, 1, 0, 1, 4096)));
      Frame late = Capsules.connect(3, session.cntlid(), NQN);
      Outcome refused = other.initialised(0, 0).run(late);
      while (refused.code() == 0x00C) {
        refused = other.initialised(0, 0).run(late);
      }
      assertRefused(refused, 0x182, true);
    }
  }

  @Covers("state")
  @Test
  void losingAnIoConnectionEndsThatQueueOnly() {
    try (RawSession session = session()) {
      RawHost first = session.queue(1);
      RawHost second = session.queue(2);
      first.send(write(1, 1, 0, 64, Setup.MDTS_BYTES));
      first.receive(1);
      first.close();
      assertOk(second.run(read(1, 1, 0, 1, 4096)));
      assertThat(session.status()).isEqualTo(RDY);
    }
  }

  @Covers("keepalive")
  @Test
  void keepAliveIsAnsweredWhenThereIsATimer() {
    Frame connect = Capsules.connect(0, 0xFFFF, NQN).put(KATO, 4, 4001);
    try (RawSession session = RawSession.connect(address(), NQN, connect, 0);
        RawSession without = session()) {
      session.enable();
      assertOk(session.admin().run(Capsules.keepAlive(1)));
      assertThat(session.admin().run(Capsules.getFeature(2, 0x0F)).dw0())
          .as("rounded up to KAS units")
          .isEqualTo(5000);
      assertRefused(without.admin().run(Capsules.keepAlive(1)), 0x01A, true);
      assertOk(without.admin().run(Capsules.setFeature(2, 0x0F, 0xFFFFFFFF)));
      assertThat(Integer.toUnsignedLong(without.admin().run(Capsules.getFeature(3, 0x0F)).dw0()))
          .as("the largest timer does not wrap")
          .isGreaterThan(4_000_000_000L);
      assertOk(without.admin().run(Capsules.setFeature(4, 0x0F, 0)));
      assertRefused(without.admin().run(Capsules.keepAlive(5)), 0x01A, true);
    }
  }

  /** One silent host, one that only reads: traffic counts as a sign of life. */
  @Covers({"keepalive", "bound.gone"})
  @Test
  void aSilentHostIsGivenUp() throws InterruptedException {
    Frame connect = Capsules.connect(0, 0xFFFF, NQN).put(KATO, 4, 1000);
    try (RawSession silent = RawSession.connect(address(), NQN, connect, 0);
        RawSession busy = RawSession.connect(address(), NQN, connect, 0)) {
      silent.enable();
      busy.enable();
      RawHost silentQueue = silent.queue(1);
      RawHost busyQueue = busy.queue(1);
      while (target().connections() > 2) {
        assertOk(busyQueue.run(read(1, 1, 0, 1, 4096)));
        Thread.sleep(50);
      }
      assertThat(silent.admin().isAtEnd()).isTrue();
      assertThat(silentQueue.isAtEnd()).isTrue();
      assertThat(busy.status()).isEqualTo(RDY);
    }
  }

  @Covers({"state", "log.discovery"})
  @Test
  void aDiscoveryControllerNeedsNoEntrySizes() {
    try (RawSession session =
        RawSession.connect(
            address(), Capsules.DISCOVERY, Capsules.connect(0, 0xFFFF, Capsules.DISCOVERY), 0)) {
      session.set(0x00000001);
      session.awaitStatus(RDY, RDY);
    }
  }
}
