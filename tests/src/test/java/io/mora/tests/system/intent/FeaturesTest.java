package io.mora.tests.system.intent;

import static io.mora.tests.system.intent.IntentRig.LIMITED;
import static io.mora.tests.system.intent.IntentRig.STRANGER;
import static io.mora.tests.system.intent.IntentRig.TRUSTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.data.IdentifyNamespace;
import io.mora.protocol.intent.ClassLogPage;
import io.mora.protocol.intent.ClassRecord;
import io.mora.protocol.intent.FlowLogPage;
import io.mora.protocol.intent.GrantPage;
import io.mora.protocol.intent.HostFeedback;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentEvent;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.IntentIdentify;
import io.mora.protocol.intent.NamespaceIntent;
import io.mora.protocol.intent.Registration;
import io.mora.protocol.intent.SloTable;
import io.mora.protocol.intent.Timing;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Setup;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sections 6.4, 6.5, 6.8, 6.9 and 6.10: opting in, features, logs and events. */
class FeaturesTest {
  @SuppressWarnings("NullAway.Init") // by JUnit
  private IntentRig rig;

  @BeforeEach
  void start() {
    rig = IntentRig.start(IntentRig.spec());
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static void ok(Outcome outcome) {
    assertThat(outcome.code()).as(outcome.toString()).isZero();
  }

  private static ByteBuf data(Outcome outcome) {
    ok(outcome);
    return Unpooled.wrappedBuffer(outcome.data());
  }

  @Test
  void identifyTellsWhatIsThere() {
    RawHost admin = rig.session(STRANGER, 0).admin();
    ByteBuf page = data(admin.run(Capsules.identify(admin.cid(), 1, 0)));
    assertThat(IntentIdentify.isPresent(page, 3072)).isTrue();
    IntentIdentify area = IntentIdentify.decode(page, 3072);
    assertThat(area.features()).isEqualTo(6);
    assertThat(area.logs()).isEqualTo(2);
    assertThat(area.has(IntentIdentify.STRICT)).isTrue();
    assertThat(IdentifyController.decode(page, 0).serialNumber()).isNotEmpty();
    ByteBuf namespace = data(admin.run(Capsules.identify(admin.cid(), 0, Setup.NSID_4K)));
    ByteBuf vendor = Unpooled.wrappedBuffer(namespace.array(), 384, NamespaceIntent.LENGTH);
    assertThat(NamespaceIntent.decode(vendor.slice(), 0).isPresent()).isTrue();
    assertThat(IdentifyNamespace.decode(namespace, 0).bytes().length()).isEqualTo(4096);
  }

  @Test
  void optingInIsChecked() {
    RawSession session = rig.session(TRUSTED, 0);
    RawHost admin = session.admin();
    for (int wrong : new int[] {0x0011, 0x494C0001, 0x494C0211, 0x494D0011, 0x494C1011}) {
      Outcome outcome = admin.run(Capsules.setFeature(admin.cid(), IntentFeature.CONTROL, wrong));
      assertThat(outcome.code()).as(Integer.toHexString(wrong)).isEqualTo(0x002);
    }
    // A later version gets the highest there is.
    ok(admin.run(Capsules.setFeature(admin.cid(), IntentFeature.CONTROL, 0x494C0013)));
    int reply = admin.run(Capsules.getFeature(admin.cid(), IntentFeature.CONTROL)).dw0();
    assertThat(reply & 0x1FF).isEqualTo(0x11);
    Outcome saved =
        admin.run(
            Capsules.setFeature(admin.cid(), 0x8000_00E0, 0x494C0011).put(48, 4, 0x8000_00E0L));
    assertThat(saved.code()).isEqualTo(0x10D);
    ok(admin.run(Capsules.setFeature(admin.cid(), IntentFeature.CONTROL, 0x494C0000)));
    reply = admin.run(Capsules.getFeature(admin.cid(), IntentFeature.CONTROL)).dw0();
    assertThat(reply & 0x1FF).isZero();
  }

  @Test
  void aResetForgetsEverything() {
    RawSession session = rig.optedIn(TRUSTED, IntentFeature.STRICT);
    session.set(RawSession.DISABLE);
    session.awaitStatus(1, 0);
    session.enable();
    RawHost admin = session.admin();
    int reply = admin.run(Capsules.getFeature(admin.cid(), IntentFeature.CONTROL)).dw0();
    assertThat(reply & 0x1FF).isZero();
    RawHost host = IntentRig.queue(session, TRUSTED, 1);
    int cdw3 = IntentCodec.cdw3(7, IntentCodec.RT, 0, 0);
    assertThat(host.run(IntentRig.read(host, 0, cdw3)).result()).isZero();
  }

  /** Nothing that was asked for before a reset takes effect after it. */
  @Test
  void aRegionWhoseDataComesAfterAResetIsNotRegistered() {
    RawSession session = rig.optedIn(TRUSTED, 0);
    RawHost admin = session.admin();
    admin.send(
        Capsules.transfer(AdminOpcode.SET_FEATURES, 77, Setup.NSID_4K, Registration.LENGTH)
            .put(Capsules.CDW10, 4, IntentFeature.REGISTRATION)
            .put(Capsules.CDW11, 4, 1));
    Received r2t = admin.receive(77);
    session.set(RawSession.DISABLE);
    session.awaitStatus(1, 0);
    admin.answer(r2t, region(0, 16), Registration.LENGTH);
    assertThat(admin.outcome(77).code()).isEqualTo(0x00C);
    session.enable();
    ByteBuf raw = data(admin.run(IntentRig.getData(admin, IntentFeature.REGISTRATION, 1, 32)));
    assertThat(Registration.decode(raw, 0).value(Registration.Field.BLOCKS)).isZero();
  }

  @Test
  void grantsAreTold() {
    RawHost admin = rig.session(LIMITED, 0).admin();
    ByteBuf raw = data(admin.run(IntentRig.getData(admin, IntentFeature.GRANTS, 0, 64)));
    GrantPage page = GrantPage.decode(raw, 0);
    assertThat(page.maxClass()).isEqualTo(5);
    assertThat(page.minBudgetUs(5)).isEqualTo(2_000);
    assertThat(page.has(GrantPage.STEP)).isFalse();
    assertThat(page.has(GrantPage.FINE_RT)).isTrue();
    assertThat(page.value(GrantPage.Field.SLOTS)).isEqualTo(2);
    assertThat(page.value(GrantPage.Field.IOPS)).isEqualTo(1);
    assertThat(page.value(GrantPage.Field.BURST)).isEqualTo(3);
    Outcome set = admin.run(Capsules.setFeature(admin.cid(), IntentFeature.GRANTS, 7));
    assertThat(set.code()).isEqualTo(0x10E);
  }

  @Test
  void objectivesComeBackAndABreachIsAnEvent() {
    RawSession session = rig.optedIn(TRUSTED, 0);
    RawHost admin = session.admin();
    RawHost host = IntentRig.queue(session, TRUSTED, 1);
    int aer = 900;
    admin.send(Capsules.asyncEvent(aer));
    ok(slo(admin, 6, true, 1, IntentFeature.sloLimits(1, 1)));
    ByteBuf raw = data(admin.run(IntentRig.getData(admin, IntentFeature.SLO, 0, 128)));
    assertThat(SloTable.decode(raw, 0).classes().get(6)).isEqualTo(new SloTable.Slo(true, 1, 1, 1));
    assertThat(slo(admin, 0, true, 1, 0).code()).isEqualTo(0x002);
    ok(host.run(IntentRig.read(host, 0, IntentCodec.cdw3(6, 0, 0, 0))));
    Outcome event = admin.outcome(aer);
    assertThat(event.dw0()).isEqualTo(0x00E0E007);
    assertThat(IntentEvent.info(event.dw0())).isEqualTo(IntentEvent.SLO_BREACH);
    ok(slo(admin, 6, false, 0, 0));
  }

  private static Outcome slo(RawHost admin, int latencyClass, boolean on, int p99, int limits) {
    int cdw11 = IntentFeature.slo(latencyClass, on);
    return admin.run(
        IntentRig.feature(
            Capsules.setFeature(admin.cid(), IntentFeature.SLO, cdw11), 0, cdw11, p99, limits));
  }

  @Test
  void feedbackIsTakenOnceInAWhileAndTold() {
    RawSession session = rig.session(TRUSTED, 0);
    RawHost admin = session.admin();
    byte[] report =
        HostFeedback.builder()
            .set(HostFeedback.Field.CLASS, 6)
            .set(HostFeedback.Field.SAMPLES, 1000)
            .set(HostFeedback.Field.LOCALITY_MISSES, 10)
            .set(HostFeedback.Field.USEFUL_P99_NS, 12_345)
            .build()
            .bytes()
            .toArray();
    ok(admin.run(IntentRig.setData(admin, IntentFeature.FEEDBACK, 0, 0, report)));
    int limited = 0;
    for (int i = 0; i < 3; i++) {
      Outcome again = admin.run(IntentRig.setData(admin, IntentFeature.FEEDBACK, 0, 0, report));
      limited += again.code() == 0x704 ? 1 : 0;
    }
    assertThat(limited).isPositive();
    ClassRecord record = IntentRig.record(session, 6, 0);
    assertThat(record.value(ClassRecord.Field.USEFUL_P99_NS)).isEqualTo(12_345);
    assertThat(record.value(ClassRecord.Field.LOCALITY_MISS_RATE)).isEqualTo(10_000);
    Outcome get = admin.run(Capsules.getFeature(admin.cid(), IntentFeature.FEEDBACK));
    assertThat(get.code()).isEqualTo(0x002);
  }

  @Test
  void regionsAreRegisteredWithinTheGrant() {
    RawSession session = rig.optedIn(LIMITED, 0);
    RawHost admin = session.admin();
    byte[] region = region(0, 16);
    ok(admin.run(register(admin, 1, region)));
    assertThat(admin.run(register(admin, 3, region)).code()).as("two slots").isEqualTo(0x002);
    assertThat(admin.run(register(admin, 0, region)).code()).isEqualTo(0x002);
    long blocks = Setup.SIZE_BYTES / 4096;
    assertThat(admin.run(register(admin, 2, region(blocks - 1, 2))).code()).isEqualTo(0x080);
    assertThat(admin.run(register(admin, 2, region(-1, 2))).code()).isEqualTo(0x080);
    ByteBuf raw = data(admin.run(IntentRig.getData(admin, IntentFeature.REGISTRATION, 1, 32)));
    assertThat(Registration.decode(raw, 0).value(Registration.Field.BLOCKS)).isEqualTo(16);
    RawHost host = IntentRig.queue(session, LIMITED, 1);
    int cdw3 = IntentCodec.withRegistration(IntentCodec.cdw3(4, IntentCodec.RT, 0, 0), 1);
    assertThat(Timing.reason(host.run(IntentRig.read(host, 0, cdw3)).result())).isZero();
    assertThat(IntentRig.record(session, 4, 0).value(ClassRecord.Field.REGISTRATION_HITS))
        .isEqualTo(1);
    int remove = IntentFeature.REGISTRATION_REMOVE | 1;
    ok(admin.run(Capsules.setFeature(admin.cid(), IntentFeature.REGISTRATION, remove)));
    assertThat(Timing.reason(host.run(IntentRig.read(host, 0, cdw3)).result()))
        .isEqualTo(Timing.UNKNOWN_REGISTRATION);
  }

  private static io.mora.tests.kit.wire.Frame register(RawHost admin, int slot, byte[] region) {
    return IntentRig.setData(admin, IntentFeature.REGISTRATION, Setup.NSID_4K, slot, region);
  }

  private static byte[] region(long slba, int blocks) {
    return Registration.builder()
        .set(Registration.Field.SLBA, slba)
        .set(Registration.Field.BLOCKS, blocks)
        .build()
        .bytes()
        .toArray();
  }

  @Test
  void theClassLogCountsByClassQueueAndNamespace() {
    RawSession session = rig.optedIn(TRUSTED, 0);
    RawHost one = IntentRig.queue(session, TRUSTED, 1);
    RawHost two = IntentRig.queue(session, TRUSTED, 2);
    int step = IntentCodec.cdw3(6, IntentCodec.STEP, 0, 0);
    for (int i = 0; i < 10; i++) {
      ok(one.run(IntentRig.read(one, IntentCodec.cdw2(17, 1_000_000), step)));
      ok(two.run(IntentRig.read(two, 0, 0)));
    }
    ClassRecord low = IntentRig.record(session, 6, 0);
    assertThat(low.value(ClassRecord.Field.COMMANDS)).isEqualTo(10);
    assertThat(low.value(ClassRecord.Field.BYTES)).isEqualTo(10 * 4096);
    assertThat(low.value(ClassRecord.Field.STEP)).isEqualTo(10);
    assertThat(low.value(ClassRecord.Field.MISSES)).isZero();
    assertThat(java.util.Arrays.stream(low.buckets()).sum()).isEqualTo(10);
    assertThat(low.value(ClassRecord.Field.P50_NS)).isPositive();
    assertThat(IntentRig.record(session, 0, ClassLogPage.DEVICE).value(ClassRecord.Field.COMMANDS))
        .isEqualTo(10);
    RawHost admin = session.admin();
    ByteBuf queue = data(admin.run(IntentRig.classLog(admin, 0, 1, 0)));
    ClassLogPage ofOne = ClassLogPage.decode(queue, 0);
    assertThat(ofOne.classes().get(6).value(ClassRecord.Field.COMMANDS)).isEqualTo(10);
    assertThat(ofOne.classes().get(0).value(ClassRecord.Field.COMMANDS)).isZero();
    ByteBuf other = data(admin.run(IntentRig.classLog(admin, 0, 0, Setup.NSID_512)));
    assertThat(ClassLogPage.decode(other, 0).classes().get(6).value(ClassRecord.Field.COMMANDS))
        .isZero();
    assertThat(admin.run(IntentRig.classLog(admin, 0, 9, 0)).code()).isEqualTo(0x002);
    assertThat(admin.run(IntentRig.classLog(admin, 0, 0, 99)).code()).isEqualTo(0x00B);
    assertThat(admin.run(IntentRig.classLog(admin, 4, 0, 0)).code()).isEqualTo(0x002);
    IntentRig.record(session, 6, ClassLogPage.RESET);
    assertThat(IntentRig.record(session, 6, 0).value(ClassRecord.Field.COMMANDS)).isZero();
    ok(one.run(IntentRig.read(one, 0, step)));
    assertThat(IntentRig.record(session, 6, 0).value(ClassRecord.Field.COMMANDS)).isEqualTo(1);
    ByteBuf flows = data(admin.run(Capsules.getLog(admin.cid(), FlowLogPage.LID, 0, 96)));
    FlowLogPage.Flow flow = FlowLogPage.decode(flows, 0).flows().get(0);
    assertThat(flow.flow()).isEqualTo(17);
    assertThat(flow.commands()).isEqualTo(10);
    assertThat(flow.latencyClass()).isEqualTo(6);
  }
}
