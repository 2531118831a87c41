package io.mora.tests.system.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.RateSpec;
import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.ClassRecord;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.LatencyClass;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.system.conformance.Setup;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A target with the extension, hosts with different grants, and commands with intent. */
final class IntentRig implements AutoCloseable {
  static final String NQN = Setup.NQN.value();

  /** May do everything. */
  static final String TRUSTED = "nqn.2026-11.io.example:trusted";

  /** Class 5 at most, a floor of 2 ms for it, three at once and one a minute, two slots. */
  static final String LIMITED = "nqn.2026-11.io.example:limited";

  /** Nothing is said about it. */
  static final String STRANGER = "nqn.2026-11.io.example:stranger";

  private static final int CDW2 = 8 + 8;
  private static final int CDW3 = 8 + 12;
  private static final int CDW10 = 8 + 40;
  private static final int CDW11 = 8 + 44;
  private static final int CDW12 = 8 + 48;
  private static final int CDW13 = 8 + 52;

  private final MoraTarget target;
  private final List<RawSession> sessions = new ArrayList<>();

  private IntentRig(MoraTarget target) {
    this.target = target;
  }

  static TargetSpec spec() {
    List<Integer> floors = new ArrayList<>(GrantSpec.noFloors());
    floors.set(LatencyClass.INTERACTIVE.code(), 2_000);
    GrantSpec limited =
        new GrantSpec(
            LatencyClass.DEFAULT,
            LatencyClass.INTERACTIVE,
            false,
            false,
            GrantSpec.TimingGrant.FINE,
            false,
            false,
            2,
            floors,
            new RateSpec(1, 0, 3),
            100);
    return new Setup(TransportChoice.NIO, 1)
        .spec()
        .withHosts(
            List.of(
                new HostSpec(new Nqn(TRUSTED), GrantSpec.everything()),
                new HostSpec(new Nqn(LIMITED), limited)))
        .withLatencyIntent(new IntentSpec(true));
  }

  static IntentRig start(TargetSpec spec) {
    try {
      return new IntentRig(MoraTarget.start(spec));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MoraTarget target() {
    return target;
  }

  /** An enabled controller of a host through a listener. */
  RawSession session(String hostNqn, int listener) {
    RawSession session =
        RawSession.connect(
            target.listeners().get(listener).address(),
            NQN,
            Capsules.connect(0, Capsules.connectData(0xFFFF, NQN, hostNqn)),
            0);
    session.enable();
    sessions.add(session);
    return session;
  }

  /** A controller of a host that opted in with flags beside carrier A. */
  RawSession optedIn(String hostNqn, int flags) {
    RawSession session = session(hostNqn, 0);
    assertThat(control(session, IntentFeature.CARRIER_A | flags).code()).isZero();
    return session;
  }

  static Outcome control(RawSession session, int flags) {
    RawHost admin = session.admin();
    int value = IntentFeature.control(1, flags);
    return admin.run(Capsules.setFeature(admin.cid(), IntentFeature.CONTROL, value));
  }

  static RawHost queue(RawSession session, String hostNqn, int qid) {
    byte[] data = Capsules.connectData(session.cntlid(), NQN, hostNqn);
    return session.queue(Capsules.connect(qid, data), 0, 0);
  }

  static Frame intent(Frame command, int cdw2, int cdw3) {
    return command
        .put(CDW2, 4, Integer.toUnsignedLong(cdw2))
        .put(CDW3, 4, Integer.toUnsignedLong(cdw3));
  }

  static Frame read(RawHost host, int cdw2, int cdw3) {
    Frame read = Capsules.blocks(Capsules.transfer(0x02, host.cid(), Setup.NSID_4K, 4096), 0, 1);
    return intent(read, cdw2, cdw3);
  }

  /** CDW11 to CDW13 of a feature, and its NSID. */
  static Frame feature(Frame command, int nsid, int cdw11, int cdw12, int cdw13) {
    return command
        .put(12, 4, Integer.toUnsignedLong(nsid))
        .put(CDW11, 4, Integer.toUnsignedLong(cdw11))
        .put(CDW12, 4, Integer.toUnsignedLong(cdw12))
        .put(CDW13, 4, Integer.toUnsignedLong(cdw13));
  }

  static Frame dsm(Frame command, int hints) {
    return command.put(CDW13, 1, hints);
  }

  /** Set Features with data in the capsule. */
  static Frame setData(RawHost admin, int fid, int nsid, int cdw11, byte[] data) {
    return Capsules.inCapsule(0x09, admin.cid(), nsid, data)
        .put(CDW10, 4, fid)
        .put(CDW11, 4, Integer.toUnsignedLong(cdw11));
  }

  static Frame getData(RawHost admin, int fid, int cdw11, int bytes) {
    return Capsules.transfer(0x0A, admin.cid(), 0, bytes)
        .put(CDW10, 4, fid)
        .put(CDW11, 4, Integer.toUnsignedLong(cdw11));
  }

  /** Log E0h. */
  static Frame classLog(RawHost admin, int lsp, int lsi, int nsid) {
    return Capsules.getLog(admin.cid(), ClassLogPage.LID, 0, ClassLogPage.LENGTH)
        .put(12, 4, Integer.toUnsignedLong(nsid))
        .put(CDW10 + 1, 1, lsp)
        .put(CDW11 + 2, 2, lsi);
  }

  static ClassRecord record(RawSession session, int index, int lsp) {
    Outcome outcome = session.admin().run(classLog(session.admin(), lsp, 0, 0));
    assertThat(outcome.code()).as(outcome.toString()).isZero();
    return ClassLogPage.decode(Unpooled.wrappedBuffer(outcome.data()), 0).classes().get(index);
  }

  @Override
  public void close() {
    sessions.forEach(RawSession::close);
    target.close();
  }
}
