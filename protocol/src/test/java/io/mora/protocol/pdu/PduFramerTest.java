package io.mora.protocol.pdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.GoldenPdu;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Cuts what Linux said, whole, in pieces and spoilt. */
class PduFramerTest {
  private static final PduLimits LIMITS = new PduLimits(16 << 10, 128 << 10, 4);
  private static final String KERNEL = "linux-6.12-";

  private static final List<String> HOST =
      List.of(
          "connect-io",
          "read-cmd",
          "write-incapsule-cmd",
          "write-r2t-cmd",
          "h2cdata",
          "dsm",
          "flush",
          "compare-cmd",
          "write-zeroes");

  private static final List<String> TARGET =
      List.of("connect-io-resp", "c2hdata-read", "read-resp", "r2t", "write-r2t-resp");

  private static ByteBuf stream(boolean toController, boolean digests) {
    List<ByteBuf> parts = new ArrayList<>();
    String suffix = digests ? "-dgst" : "";
    parts.add(GoldenPdu.load(KERNEL + (toController ? "host-icreq" : "nvmet-icresp") + suffix));
    for (String name : toController ? HOST : TARGET) {
      parts.add(GoldenPdu.load(KERNEL + (toController ? "host-" : "nvmet-") + name + suffix));
    }
    return Unpooled.copiedBuffer(parts.toArray(ByteBuf[]::new));
  }

  private static PduFramer framer(boolean toController, PduSink sink) {
    return toController ? PduFramer.forController(LIMITS, sink) : PduFramer.forHost(LIMITS, sink);
  }

  /** Feeds a stream in pieces; digests count from the second PDU on. */
  private static EventLog feed(ByteBuf stream, boolean toController, boolean digests, Random cuts)
      throws PduException {
    EventLog log = new EventLog();
    PduFramer framer = framer(toController, log);
    framer.accept(stream.readSlice(IcReqPdu.LENGTH));
    framer.digests(digests, digests);
    while (stream.isReadable()) {
      int n = Math.min(stream.readableBytes(), 1 + cuts.nextInt(cuts.nextBoolean() ? 9 : 4000));
      ByteBuf piece = stream.readSlice(n);
      framer.accept(piece);
      assertThat(piece.isReadable()).as("a sink that wants all leaves nothing").isFalse();
    }
    assertThat(framer.isIdle()).isTrue();
    return log;
  }

  private static EventLog whole(boolean toController, boolean digests) throws PduException {
    EventLog log = new EventLog();
    ByteBuf stream = stream(toController, digests);
    PduFramer framer = framer(toController, log);
    framer.accept(stream.readSlice(IcReqPdu.LENGTH));
    framer.digests(digests, digests);
    framer.accept(stream);
    assertThat(log.events.stream().filter(event -> event.endsWith("false"))).isEmpty();
    return log;
  }

  @Property(tries = 200)
  void anyFragmentationYieldsTheSameEvents(
      @ForAll long seed, @ForAll boolean toController, @ForAll boolean digests)
      throws PduException {
    EventLog cut = feed(stream(toController, digests), toController, digests, new Random(seed));
    assertThat(cut.events).isEqualTo(whole(toController, digests).events);
  }

  /**
   * Spoilt streams end in a {@link PduException} or go on; nothing else is thrown, no byte is read
   * twice, and the sink is never told of more data than was announced.
   */
  @Property(tries = 3000)
  void spoiltStreamsAreRefusedInForm(
      @ForAll long seed,
      @ForAll boolean toController,
      @ForAll boolean digests,
      @ForAll @IntRange(min = 1, max = 6) int faults) {
    Random random = new Random(seed);
    ByteBuf stream = stream(toController, digests);
    for (int i = 0; i < faults; i++) {
      int at = random.nextInt(stream.writerIndex());
      stream.setByte(at, random.nextBoolean() ? random.nextInt() : stream.getByte(at) ^ 1 << i);
    }
    EventLog log = new EventLog();
    PduFramer framer = framer(toController, log);
    boolean initialised = false;
    try {
      while (stream.isReadable()) {
        int n = Math.min(stream.readableBytes(), 1 + random.nextInt(300));
        ByteBuf piece = initialised ? stream.readSlice(n) : stream.readSlice(IcReqPdu.LENGTH);
        framer.accept(piece);
        assertThat(piece.isReadable()).isFalse();
        if (!initialised) {
          framer.digests(digests, digests);
          initialised = true;
        }
      }
    } catch (PduException e) {
      assertThat(e.fatalErrorStatus()).isBetween(1, 6);
      assertThat(e.offendingHeader().readableBytes()).isBetween(1, TermReqPdu.COPY_MAX);
      ByteBuf term = Unpooled.buffer(TermReqPdu.LENGTH_MAX, TermReqPdu.LENGTH_MAX);
      int length = TermReqPdu.write(term, 0, PduType.C2H_TERM_REQ, e);
      assertThat(length).isBetween(TermReqPdu.HEADER_LENGTH + 1, TermReqPdu.LENGTH_MAX);
    }
  }

  /** PLEN is judged before anything is stored, and data is handed on, never gathered. */
  @Test
  void hugeLengthsAreRefusedAtTheHeader() throws PduException {
    for (long plen : new long[] {0xFFFFFFFFL, 0x80000000L, 0x7FFFFFFFL, 72 + (16 << 10) + 4}) {
      EventLog log = new EventLog();
      PduFramer framer = framer(true, log);
      framer.accept(GoldenPdu.load(KERNEL + "host-icreq"));
      ByteBuf capsule = GoldenPdu.load(KERNEL + "host-write-incapsule-cmd");
      capsule.setIntLE(CommonHeader.PLEN, (int) plen);
      assertThatThrownBy(() -> framer.accept(capsule.slice(0, 8)))
          .isInstanceOfSatisfying(
              PduException.class,
              e -> {
                assertThat(e.fatalErrorStatus()).isEqualTo(1);
                assertThat(e.fatalErrorInformation()).isEqualTo(CommonHeader.PLEN);
              });
      assertThat(log.events).hasSize(1);
    }
  }

  @Test
  void pausesBetweenPdusAndBeforeData() throws PduException {
    boolean[] wants = {true, false};
    List<String> seen = new ArrayList<>();
    PduSink sink =
        new PduSink() {
          @Override
          public boolean wantsMore() {
            return wants[0];
          }

          @Override
          public boolean wantsData() {
            return wants[1];
          }

          @Override
          public void onIcReq(ByteBuf pdu, int at) {}

          @Override
          public void onTermReq(ByteBuf pdu, int at, int copyLength) {}

          @Override
          public void onCapsuleCmd(ByteBuf pdu, int at, int dataLength) {
            seen.add("command");
          }

          @Override
          public void onData(ByteBuf buf, int at, int length) {
            seen.add("data");
          }

          @Override
          public void onDataEnd(boolean digestValid) {
            wants[0] = false;
          }
        };
    PduFramer framer = PduFramer.forController(LIMITS, sink);
    framer.accept(GoldenPdu.load(KERNEL + "host-icreq"));
    ByteBuf two =
        Unpooled.copiedBuffer(
            GoldenPdu.load(KERNEL + "host-write-incapsule-cmd"),
            GoldenPdu.load(KERNEL + "host-read-cmd"));
    int dataAt = two.getUnsignedByte(CommonHeader.PDO);
    framer.accept(two);
    assertThat(seen).containsExactly("command");
    assertThat(two.readerIndex()).isEqualTo(dataAt);
    wants[1] = true;
    framer.accept(two);
    assertThat(seen).containsExactly("command", "data");
    framer.accept(two);
    assertThat(two.readableBytes()).isEqualTo(CapsuleCmdPdu.LENGTH);
    wants[0] = true;
    framer.accept(two);
    assertThat(seen).containsExactly("command", "data", "command");
  }
}
