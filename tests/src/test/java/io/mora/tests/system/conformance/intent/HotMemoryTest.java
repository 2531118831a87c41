package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.kit.wire.Capsules.CDW12;
import static io.mora.tests.kit.wire.Capsules.CDW13;
import static io.mora.tests.system.conformance.intent.IntentConformance.assertOk;
import static io.mora.tests.system.conformance.intent.IntentSession.HOTMETA;
import static io.mora.tests.system.conformance.intent.IntentSession.RT;
import static io.mora.tests.system.conformance.intent.IntentSession.intent;
import static io.mora.tests.system.conformance.intent.IntentSession.wish;
import static io.mora.tests.system.conformance.intent.IntentSetup.COARSE;
import static io.mora.tests.system.conformance.intent.IntentSetup.EXCLUDED;
import static io.mora.tests.system.conformance.intent.IntentSetup.PLAIN;
import static io.mora.tests.system.conformance.intent.IntentSetup.STRANGER;
import static io.mora.tests.system.conformance.intent.IntentSetup.TRUSTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.IntentSpec;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.Waiting;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.Setup;
import io.mora.tests.system.conformance.intent.IntentSession.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** 6.6, 6.7, 6.11, 6.13: what is kept in memory, who is told, and that it is never stale. */
@Covers("intent.memory")
class HotMemoryTest {
  private static final int BLOCK = 4096;
  private static final int HIT_AT = 72;

  @SuppressWarnings("NullAway.Init") // by serve
  private MoraTarget target;

  static Stream<Setup> setups() {
    return Setup.all();
  }

  private void serve(Setup setup) throws IOException {
    IntentSpec hot = new IntentSpec(true).withHotBytes(16 << 20);
    target = MoraTarget.start(IntentSetup.spec(setup).withLatencyIntent(hot));
  }

  @AfterEach
  void stop() {
    Waiting.until("nothing on loan", () -> target.lentBytes() == 0);
    target.close();
  }

  private IntentSession session(String hostNqn) {
    return IntentSession.open(target.listeners().get(0).address(), hostNqn);
  }

  private static Frame block(RawHost host, int nsid, long slba) {
    return Capsules.blocks(Capsules.transfer(0x02, host.cid(), nsid, BLOCK), slba, 1);
  }

  /** A timed read of a block with these flags beside class 4. */
  private static Outcome timed(RawHost host, long slba, int flags) {
    Outcome outcome = host.run(intent(block(host, PLAIN, slba), 0, wish(4) | RT | flags));
    assertOk(outcome);
    assertThat(Reply.of(outcome).isTiming()).isTrue();
    return outcome;
  }

  private static boolean hits(RawHost host, long slba, int flags) {
    return Reply.of(timed(host, slba, flags)).cacheHit();
  }

  /** A read without intent, with a hint of the standard. */
  private static void hinted(RawHost host, int nsid, long slba, int hints) {
    assertOk(host.run(block(host, nsid, slba).put(CDW13, 1, hints)));
  }

  private static byte[] filled(int value) {
    byte[] data = new byte[BLOCK];
    Arrays.fill(data, (byte) value);
    return data;
  }

  private static void write(RawHost host, long slba, int value) {
    Frame write = Capsules.inCapsule(0x01, host.cid(), PLAIN, filled(value));
    assertOk(host.run(Capsules.blocks(write, slba, 1)));
  }

  private static void deallocate(RawHost host, long slba) {
    byte[] range =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(4, 1)
            .putLong(8, slba)
            .array();
    Frame command = Capsules.inCapsule(0x09, host.cid(), PLAIN, range);
    assertOk(host.run(command.put(CDW10, 4, 0).put(CDW11, 4, 4)));
  }

  @ParameterizedTest
  @MethodSource("setups")
  void identifySaysIt(Setup setup) throws IOException {
    serve(setup);
    try (IntentSession session = session(STRANGER);
        MoraTarget without = MoraTarget.start(IntentSetup.spec(setup));
        IntentSession other = IntentSession.open(without.listeners().get(0).address(), STRANGER)) {
      assertThat(capabilities(session) & 0x100).as("bit 8, cache hits are told").isNotZero();
      assertThat(namespaceFlags(session) & 2).as("a hot tier").isNotZero();
      assertThat(capabilities(other)).isEqualTo(capabilities(session) & ~0x100);
      assertThat(namespaceFlags(other)).isEqualTo(namespaceFlags(session) & ~2);
    }
  }

  private static int capabilities(IntentSession session) {
    byte[] page = session.admin().run(Capsules.identify(session.admin().cid(), 1, 0)).data();
    return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).getShort(3072 + 18);
  }

  private static int namespaceFlags(IntentSession session) {
    byte[] page = session.admin().run(Capsules.identify(session.admin().cid(), 0, PLAIN)).data();
    return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).getShort(384 + 16);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void hotMetadataIsReadOnce(Setup setup) throws IOException {
    serve(setup);
    try (IntentSession session = session(TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      write(host, 5, 55);
      assertThat(hits(host, 5, 0)).as("not asked for").isFalse();
      assertThat(hits(host, 5, 0)).as("so not kept").isFalse();
      assertThat(hits(host, 5, HOTMETA)).as("the first").isFalse();
      Outcome second = timed(host, 5, HOTMETA);
      assertThat(Reply.of(second).cacheHit()).isTrue();
      assertThat(second.data()).isEqualTo(filled(55));
      assertThat(Reply.of(second).device()).as("no device").isZero();
      RawHost other = session.queue(2);
      assertThat(hits(other, 5, 0)).as("any read, any shard").isTrue();
      assertThat(hits(other, 6, 0)).as("another block").isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void pinnedRegionsAreKept(Setup setup) throws IOException {
    serve(setup);
    try (IntentSession session = session(TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      assertOk(session.register(PLAIN, 7, 16, 8, 1));
      Frame get = Capsules.transfer(0x0A, session.admin().cid(), 0, 32);
      Outcome told = session.admin().run(get.put(CDW10, 4, 0xE5).put(CDW11, 4, 7));
      assertThat(told.data()[13] & 1).as("pinned").isEqualTo(1);
      assertThat(hits(host, 17, 7)).as("it fills as it is read").isFalse();
      assertThat(hits(host, 17, 7)).isTrue();
      assertThat(hits(host, 24, 7)).as("outside").isFalse();
      assertThat(hits(host, 24, 7)).as("outside, still").isFalse();
    }
  }

  /** Each kind of change, on every queue pair, after the block was read from memory on another. */
  @ParameterizedTest
  @MethodSource("setups")
  void neverStale(Setup setup) throws IOException {
    serve(setup);
    try (IntentSession session = session(TRUSTED).optIn(0)) {
      RawHost reader = session.queue(1);
      RawHost[] writers = {reader, session.queue(2), session.queue(4)};
      int value = 0;
      for (RawHost writer : writers) {
        value++;
        write(writer, 9, value);
        assertFresh(reader, value);
        Frame zeroes = Capsules.command(0x08, writer.cid(), PLAIN);
        assertOk(writer.run(Capsules.blocks(zeroes, 9, 1)));
        assertFresh(reader, 0);
        write(writer, 9, value);
        assertFresh(reader, value);
        deallocate(writer, 9);
        assertFresh(reader, 0);
      }
    }
  }

  private static void assertFresh(RawHost reader, int value) {
    Outcome fresh = timed(reader, 9, HOTMETA);
    assertThat(fresh.data()).isEqualTo(filled(value));
    assertThat(Reply.of(fresh).cacheHit()).as("after a change").isFalse();
    Outcome again = timed(reader, 9, HOTMETA);
    assertThat(again.data()).isEqualTo(filled(value));
    assertThat(Reply.of(again).cacheHit()).as("kept anew").isTrue();
  }

  /** 6.13: without fine timing CACHEHIT is clear, though the host's own log counts the hits. */
  @ParameterizedTest
  @MethodSource("setups")
  void coarseTimingTellsNoHits(Setup setup) throws IOException {
    serve(setup);
    try (IntentSession session = session(COARSE).optIn(0)) {
      RawHost host = session.queue(1);
      for (int i = 0; i < 4; i++) {
        assertThat(hits(host, 3, HOTMETA)).isFalse();
      }
      RawHost admin = session.admin();
      Frame log = Capsules.getLog(admin.cid(), 0xE0, 256 + 4 * 1024 + HIT_AT, 8);
      Waiting.until("3 were hits", () -> admin.run(log).data()[0] == 3);
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void onlyWithTheGrant(Setup setup) throws IOException {
    serve(setup);
    try (IntentSession session = session(STRANGER).optIn(0);
        IntentSession judge = session(TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      setDefault(session, 4 << 8 | 1 << 11);
      assertThat(hits(host, 3, HOTMETA)).isFalse();
      hinted(host, PLAIN, 3, 3);
      hinted(host, PLAIN, 3, 5);
      hinted(host, PLAIN, 3, 0);
      assertThat(hits(judge.queue(1), 3, 0)).as("kept for who may not").isFalse();
    }
  }

  /**
   * Access frequency 3 and 5 of a host that never heard of us; 6, 8 and the others are not kept.
   */
  @ParameterizedTest
  @MethodSource("setups")
  void hintsOfTheStandard(Setup setup) throws IOException {
    serve(setup);
    try (IntentSession session = session(TRUSTED);
        IntentSession judge = session(TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      RawHost judging = judge.queue(2);
      for (int frequency = 0; frequency < 16; frequency++) {
        hinted(host, PLAIN, 32 + frequency, frequency);
        boolean kept = frequency == 3 || frequency == 5;
        assertThat(hits(judging, 32 + frequency, 0)).as("frequency %s", frequency).isEqualTo(kept);
      }
      Frame write = Capsules.inCapsule(0x01, host.cid(), PLAIN, filled(1));
      assertOk(host.run(Capsules.blocks(write, 60, 1).put(CDW13, 1, 5)));
      assertThat(hits(judging, 60, 0)).as("reads alone are kept").isFalse();
    }
  }

  /** E1h HOTMETA: commands without intent too, once the host opted in; not what is read once. */
  @ParameterizedTest
  @MethodSource("setups")
  void theHostsDefault(Setup setup) throws IOException {
    serve(setup);
    try (IntentSession session = session(TRUSTED);
        IntentSession judge = session(TRUSTED).optIn(0)) {
      RawHost host = session.queue(1);
      RawHost judging = judge.queue(2);
      setDefault(session, 4 << 8 | 1 << 11);
      hinted(host, PLAIN, 70, 0);
      assertThat(hits(judging, 70, 0)).as("before it opted in").isFalse();
      session.optIn(0);
      hinted(host, PLAIN, 71, 0);
      assertThat(hits(judging, 71, 0)).isTrue();
      hinted(host, PLAIN, 72, 6);
      assertThat(hits(judging, 72, 0)).as("read once").isFalse();
      hinted(host, PLAIN, 73, 8);
      assertThat(hits(judging, 73, 0)).as("soon overwritten").isFalse();
      assertThat(hits(host, 74, 0)).isFalse();
      assertThat(hits(judging, 74, 0)).as("with intent").isTrue();
      hinted(host, EXCLUDED, 75, 0);
      Outcome excluded = judging.run(intent(block(judging, EXCLUDED, 75), 0, wish(4) | RT));
      assertThat(Reply.of(excluded).cacheHit()).as("where intent does not count").isTrue();
      setDefault(session, 4 << 8);
      hinted(host, PLAIN, 76, 0);
      assertThat(hits(judging, 76, 0)).as("no more").isFalse();
    }
  }

  private static void setDefault(IntentSession session, int cdw11) {
    Frame set = Capsules.setFeature(session.admin().cid(), 0xE1, cdw11);
    assertOk(session.admin().run(set.put(CDW12, 4, 0)));
  }
}
