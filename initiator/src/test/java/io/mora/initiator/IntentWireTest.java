package io.mora.initiator;

import static io.mora.initiator.Rig.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.fake.FakeIntent;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.intent.IntentGrant;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoOutcome;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.region.RegionUse;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.intent.HostFeedback;
import io.mora.protocol.intent.IntentCodec;
import io.mora.protocol.intent.IntentFeature;
import io.mora.protocol.intent.Registration;
import io.mora.protocol.status.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a controller hears of intent, when, and what is left of it after a reconnect. */
class IntentWireTest {
  private final Rig rig = new Rig();
  private final FakeIntent fake = FakeIntent.on(rig.controller, 4);
  private final ByteBuffer block = ByteBuffer.allocateDirect(FakeDisk.BLOCK);

  @AfterEach
  void stop() throws IOException {
    rig.close();
  }

  private Association opted() {
    return rig.connect(rig.options().latencyIntent(true).build());
  }

  private FakeIntent.Said last() {
    return fake.said.get(fake.said.size() - 1);
  }

  private static void reconnected(Association association, FakeIntent fake, int controls) {
    await()
        .until(
            () -> fake.controls.get() == controls && association.state() == AssociationState.LIVE);
  }

  @Test
  void aHostThatDoesNotAskSaysNothing() {
    Association association = rig.connect();
    get(association.namespace(1).read(0, 1, block, Intent.critical().flow(5)));
    assertThat(fake.controls).hasValue(0);
    assertThat(association.intentGrant()).isEqualTo(IntentGrant.NONE);
    assertThat(last()).isEqualTo(new FakeIntent.Said(NvmOpcode.READ, 0, 0));
  }

  @Test
  void whatWasGrantedCanBeRead() {
    IntentGrant grant = opted().intentGrant();
    assertThat(grant.active()).isTrue();
    assertThat(grant.maxClass()).isEqualTo(6);
    assertThat(grant.step()).isTrue();
    assertThat(grant.generation()).isEqualTo(7);
    assertThat(grant.slots()).isEqualTo(4);
    assertThat(IntentFeature.flags(fake.lastControl))
        .isEqualTo(IntentFeature.CARRIER_A | IntentFeature.EXPIRING);
  }

  @Test
  void theNearestIntentWins() {
    Association association = rig.connect(rig.options().queues(1).latencyIntent(true).build());
    RemoteNamespace namespace = association.namespace(1);
    get(namespace.read(0, 1, block));
    assertThat(last().cdw3()).isZero();
    Intent usual = Intent.background();
    association.usualIntent(0, usual);
    get(namespace.read(0, 1, block));
    assertThat(last()).isEqualTo(new FakeIntent.Said(NvmOpcode.READ, usual.cdw2(), usual.cdw3()));
    Intent view = Intent.bulk().flow(9);
    get(namespace.with(view).write(0, 1, block));
    assertThat(last()).isEqualTo(new FakeIntent.Said(NvmOpcode.WRITE, view.cdw2(), view.cdw3()));
    Intent call = Intent.critical().budgetUs(400).step();
    get(namespace.with(view).read(0, 1, block, call));
    assertThat(last()).isEqualTo(new FakeIntent.Said(NvmOpcode.READ, call.cdw2(), call.cdw3()));
    get(namespace.with(view).flush());
    assertThat(last().cdw3()).isEqualTo(view.cdw3());
  }

  @Test
  void aConsumerIsTagged() {
    IoConsumer consumer = IoConsumer.onCpu(0);
    RemoteNamespace namespace = opted().namespace(1).with(Intent.interactive()).with(consumer);
    get(namespace.read(0, 1, block));
    assertThat(IntentCodec.affinity(last().cdw3())).isEqualTo(consumer.tag());
  }

  @Test
  void optInIsRepeatedAfterAReconnect() throws IOException {
    Association association = opted();
    RemoteNamespace namespace = association.namespace(1).with(Intent.critical());
    rig.controller.cutAll();
    reconnected(association, fake, 2);
    get(namespace.read(0, 1, block));
    assertThat(last().cdw3()).isEqualTo(Intent.critical().cdw3());
    // The reserved bytes of Connect carry nothing, however often it is sent.
    assertThat(fake.connects).allSatisfy(each -> assertThat(each.cdw3()).isZero());
  }

  @Test
  void aControllerThatNoLongerOffersItIsUsedPlainly() throws IOException {
    Association association = opted();
    RemoteNamespace namespace = association.namespace(1).with(Intent.critical());
    FakeIntent.off(rig.controller);
    rig.controller.cutAll();
    await().until(() -> association.intentGrant().equals(IntentGrant.NONE));
    get(namespace.read(0, 1, block));
    assertThat(last().cdw3()).isZero();
  }

  @Test
  void aControllerThatRefusesIsUsedPlainly() {
    fake.refuse = true;
    Association association = opted();
    assertThat(association.intentGrant().active()).isFalse();
    get(association.namespace(1).read(0, 1, block, Intent.critical()));
    assertThat(last().cdw3()).isZero();
  }

  @Test
  void expiryIsAnOutcomeOfThatReadAlone() {
    Association association = opted();
    RemoteNamespace namespace = association.namespace(1);
    fake.expireStatus = Status.INTENT_EXPIRED | Status.DNR;
    Throwable failure = Rig.failure(namespace.read(0, 1, block, Intent.prefetch(50).expire()));
    assertThat(IoOutcome.of(failure)).isEqualTo(IoOutcome.EXPIRED);
    fake.expireStatus = 0;
    get(namespace.read(0, 1, block));
    assertThat(association.state()).isEqualTo(AssociationState.LIVE);
    assertThat(association.signals().classes().get(3).expired()).isEqualTo(1);
  }

  @Test
  void grantsAreReadAgainOnDemand() {
    Association association = opted();
    assertThat(get(association.readIntentGrant())).isEqualTo(association.intentGrant());
  }

  @Test
  void regionsAreRegisteredNamedAndRenewed() throws IOException {
    Association association = opted();
    RemoteNamespace namespace = association.namespace(1);
    fake.tooSoon.set(2); // told to wait, it tries again
    Intent use = Intent.lowLatency().budgetUs(300).flow(12);
    RegisteredRegion region = get(namespace.register(8, 16, RegionUse.of(use).pinned()));
    Registration told = Objects.requireNonNull(fake.registered.get(region.slot()));
    assertThat(told.value(Registration.Field.SLBA)).isEqualTo(8);
    assertThat(told.value(Registration.Field.BLOCKS)).isEqualTo(16);
    assertThat(told.value(Registration.Field.CLASS)).isEqualTo(6);
    assertThat(told.value(Registration.Field.FLAGS)).isEqualTo(Registration.PIN);
    IoOptions inside = IoOptions.of(use).region(region);
    get(namespace.read(8, 1, block, inside));
    assertThat(IntentCodec.registration(last().cdw3())).isEqualTo(region.slot()).isPositive();
    int slot = region.slot();

    rig.controller.cutAll();
    await().until(() -> fake.registrations.get() == 2 && region.slot() == slot);
    get(namespace.read(8, 1, block, inside));
    assertThat(IntentCodec.registration(last().cdw3())).isEqualTo(slot);
    assertThat(association.signals().regions().stale()).isEqualTo(1);
    assertThat(association.signals().regions().added()).isEqualTo(2);
    assertThat(association.signals().regions().churnByFlow()).containsEntry(12, 3L);
    assertThat(association.signals().registrationReuse()).isEqualTo(1.0);

    get(region.remove());
    assertThat(fake.registered).isEmpty();
    get(namespace.read(8, 1, block, inside));
    assertThat(IntentCodec.registration(last().cdw3())).isZero();
    assertThat(region.state()).isEqualTo(RegisteredRegion.State.CLOSED);
  }

  /** A registration that was to be repeated must not come over the slot's next owner. */
  @Test
  void oneGivenBackWhileItWaitsToBeRenewedStaysGone() throws IOException {
    RemoteNamespace namespace = opted().namespace(1);
    RegionUse use = RegionUse.of(Intent.normal());
    RegisteredRegion first = get(namespace.register(8, 16, use));
    int slot = first.slot();
    fake.tooSoon.set(1);
    rig.controller.cutAll();
    await().until(() -> fake.tooSoon.get() == 0); // it will be told again in a while
    get(first.remove());
    RegisteredRegion second = get(namespace.register(32, 4, use));
    assertThat(second.slot()).isEqualTo(slot);
    fake.tooSoon.set(1);
    get(namespace.register(64, 4, use)); // waits as long, later
    Registration told = Objects.requireNonNull(fake.registered.get(slot));
    assertThat(told.value(Registration.Field.SLBA)).isEqualTo(32);
    assertThat(second.state()).isEqualTo(RegisteredRegion.State.VALID);
  }

  @Test
  void slotsAreBoundedAndUsedAgain() {
    RemoteNamespace namespace = opted().namespace(1);
    RegionUse use = RegionUse.of(Intent.normal());
    List<RegisteredRegion> regions =
        List.of(
            get(namespace.register(0, 1, use)),
            get(namespace.register(1, 1, use)),
            get(namespace.register(2, 1, use)),
            get(namespace.register(3, 1, use)));
    assertThat(regions).extracting(RegisteredRegion::slot).doesNotHaveDuplicates();
    Rig.failure(namespace.register(4, 1, use), RejectedExecutionException.class);
    get(regions.get(1).remove());
    assertThat(get(namespace.register(4, 1, use)).slot()).isEqualTo(2);
  }

  @Test
  void theTargetHearsTheHostsHalf() {
    RemoteNamespace namespace = opted().namespace(1);
    for (int i = 0; i < 10; i++) {
      get(namespace.read(0, 1, block, Intent.critical()));
    }
    await().until(() -> samples(7) >= 10);
    assertThat(fake.feedback)
        .extracting(each -> each.value(HostFeedback.Field.SEQ))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(samples(7)).isEqualTo(10);
  }

  private long samples(int latencyClass) {
    return fake.feedback.stream()
        .filter(each -> each.value(HostFeedback.Field.CLASS) == latencyClass)
        .mapToLong(each -> each.value(HostFeedback.Field.SAMPLES))
        .sum();
  }
}
