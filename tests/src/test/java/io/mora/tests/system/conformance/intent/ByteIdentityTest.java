package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.kit.wire.Capsules.CDW13;
import static io.mora.tests.kit.wire.Capsules.SQE;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.MoraTarget;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Setup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * 6.4.2: until it opts in, a host is told the same bytes as by a target without the extension,
 * whatever its CDW2 and CDW3. Every byte of every PDU, SQHD and transfer tags included.
 */
@Covers("intent.silence")
class ByteIdentityTest {
  private static final String[] HOSTS = {
    IntentSetup.STRANGER, IntentSetup.TRUSTED, IntentSetup.COARSE, IntentSetup.BULK
  };
  private static final int[] OPCODES = {
    0x00, 0x01, 0x02, 0x04, 0x05, 0x08, 0x09, 0x0C, 0x80, 0xC1, 0xC2, 0xC3, 0xC5, 0xD0, 0xFF
  };
  private static final int COMMANDS = 60;

  /** Blocks of the vendor area in Identify Controller, and in Identify Namespace. */
  private static final int VENDOR_CONTROLLER = 3072;

  private static final int VENDOR_NAMESPACE = 384;

  /** Counts the controllers there were, which is no matter of intent. */
  private static final int CNTLID = 78;

  @SuppressWarnings("NullAway.Init")
  private static MoraTarget offering;

  @SuppressWarnings("NullAway.Init")
  private static MoraTarget without;

  /** Offers it too: what is written to one of the two above is written to the other as well. */
  @SuppressWarnings("NullAway.Init")
  private static MoraTarget third;

  @BeforeContainer
  static void start() throws IOException {
    TargetSpec spec = IntentSetup.spec(new Setup(TransportChoice.NIO, 1));
    offering = MoraTarget.start(spec);
    without = MoraTarget.start(spec.withLatencyIntent(new IntentSpec(false)));
    third = MoraTarget.start(spec);
  }

  @AfterContainer
  static void stop() {
    offering.close();
    without.close();
    third.close();
  }

  private static IntentSession open(MoraTarget target, String host) {
    return IntentSession.open(target.listeners().get(0).address(), host);
  }

  @Property(tries = 40)
  void ioCommands(@ForAll long seed) {
    Random random = new Random(seed);
    String host = HOSTS[random.nextInt(HOSTS.length)];
    try (IntentSession with = open(offering, host);
        IntentSession none = open(without, host)) {
      int qid = 1 + random.nextInt(3);
      RawHost one = with.queue(qid);
      RawHost other = none.queue(qid);
      for (int i = 0; i < COMMANDS; i++) {
        long each = random.nextLong();
        Supplier<Frame> frame = () -> ioCommand(new Random(each));
        assertThat(told(exchange(one, frame.get())))
            .as("command %s of seed %s", i, seed)
            .isEqualTo(told(exchange(other, frame.get())));
      }
    }
  }

  /** The same commands with zeroes where intent would be. */
  @Property(tries = 20)
  void intentOfWhoDidNotOptInIsNothing(@ForAll long seed) {
    Random random = new Random(seed);
    try (IntentSession with = open(third, IntentSetup.TRUSTED);
        IntentSession none = open(third, IntentSetup.TRUSTED)) {
      RawHost one = with.queue(1);
      RawHost other = none.queue(1);
      for (int i = 0; i < COMMANDS; i++) {
        long each = random.nextLong();
        Frame blank = IntentSession.intent(ioCommand(new Random(each)), 0, 0);
        assertThat(told(exchange(one, ioCommand(new Random(each)))))
            .as("command %s of seed %s", i, seed)
            .isEqualTo(told(exchange(other, blank)));
      }
    }
  }

  /** All that is standard; the extension's own features, logs and areas are not. */
  @Property(tries = 20)
  void adminCommands(@ForAll long seed) {
    Random random = new Random(seed);
    String host = HOSTS[random.nextInt(HOSTS.length)];
    try (IntentSession with = open(offering, host);
        IntentSession none = open(without, host)) {
      for (int i = 0; i < COMMANDS; i++) {
        long each = random.nextLong();
        List<byte[]> one = exchange(with.admin(), adminCommand(new Random(each)));
        List<byte[]> other = exchange(none.admin(), adminCommand(new Random(each)));
        maskOwnAreas(one, new Random(each));
        maskOwnAreas(other, new Random(each));
        assertThat(told(one)).as("command %s of seed %s", i, seed).isEqualTo(told(other));
      }
    }
  }

  private static Frame ioCommand(Random random) {
    int opcode = OPCODES[random.nextInt(OPCODES.length)];
    int cid = 1 + random.nextInt(100);
    int nsid = random.nextInt(20) == 0 ? 99 : 1 + random.nextInt(4);
    long slba = random.nextInt(20) == 0 ? IntentSetup.BLOCKS : random.nextInt(200);
    int blocks = 1 + random.nextInt(24);
    int length = blocks * 4096;
    Frame frame =
        switch (opcode) {
          case 0x01, 0x05, 0xC1, 0xC5 ->
              random.nextBoolean() && length <= Setup.IN_CAPSULE
                  ? Capsules.inCapsule(opcode, cid, nsid, data(random, length))
                  : Capsules.transfer(opcode, cid, nsid, length);
          case 0x02, 0xC2 -> Capsules.transfer(opcode, cid, nsid, length);
          case 0x09 -> Capsules.inCapsule(opcode, cid, nsid, range(slba, blocks));
          default -> Capsules.command(opcode, cid, nsid);
        };
    if (opcode == 0x09) {
      frame.put(CDW11, 4, 4);
    } else {
      Capsules.blocks(frame, slba, blocks).put(CDW13, 1, random.nextInt(256));
    }
    int cdw3 = random.nextInt(4) == 0 ? random.nextInt() : 1 << 28 | random.nextInt() >>> 4;
    return IntentSession.intent(frame, random.nextInt(), cdw3);
  }

  private static byte[] data(Random random, int length) {
    byte[] data = new byte[length];
    Arrays.fill(data, (byte) random.nextInt(4));
    return data;
  }

  private static byte[] range(long slba, int blocks) {
    return ByteBuffer.allocate(16)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0)
        .putInt(blocks)
        .putLong(slba)
        .array();
  }

  private static Frame adminCommand(Random random) {
    int cid = 1 + random.nextInt(100);
    int nsid = random.nextInt(6);
    int kind = random.nextInt(6);
    Frame frame =
        switch (kind) {
          case 0 -> Capsules.identify(cid, 1, 0);
          case 1 -> Capsules.identify(cid, random.nextInt(10), nsid);
          case 2 -> Capsules.getLog(cid, 3 + random.nextInt(2), 0, 512);
          case 3 -> Capsules.getFeature(cid, random.nextInt(0xE0));
          case 4 -> Capsules.setFeature(cid, otherThanKeepAlive(random), random.nextInt(16));
          default -> Capsules.command(0xC0 | random.nextInt(64), cid, nsid);
        };
    return frame.put(SQE + 8, 4, random.nextInt()).put(SQE + 12, 4, random.nextInt());
  }

  /** A keep-alive of a few milliseconds would end the connection. */
  private static int otherThanKeepAlive(Random random) {
    int fid = random.nextInt(0xE0);
    return fid == 0x0F ? 0x0B : fid;
  }

  /** What the extension adds to Identify is blanked; the headers around it are not. */
  private static void maskOwnAreas(List<byte[]> pdus, Random sameAsCommand) {
    byte[] sqe = adminCommand(sameAsCommand).encode(false, false);
    boolean identify = (sqe[SQE] & 0xFF) == 0x06;
    int cns = sqe[Capsules.CDW10] & 0xFF;
    int from = cns == 1 ? VENDOR_CONTROLLER : VENDOR_NAMESPACE;
    byte[] first = pdus.get(0);
    if (identify && cns < 2 && first.length > 4096) {
      int page = first.length - 4096;
      Arrays.fill(first, page + from, page + from + 128, (byte) 0);
      if (cns == 1) {
        Arrays.fill(first, page + CNTLID, page + CNTLID + 2, (byte) 0);
      }
    }
  }

  /** Sends a command; every PDU up to its end, header and data as they came. */
  private static List<byte[]> exchange(RawHost host, Frame frame) {
    List<byte[]> pdus = new ArrayList<>();
    host.send(frame);
    while (true) {
      Received pdu = host.receive(frame.cid());
      byte[] bytes = Arrays.copyOf(pdu.header(), pdu.header().length + pdu.data().length);
      System.arraycopy(pdu.data(), 0, bytes, pdu.header().length, pdu.data().length);
      pdus.add(bytes);
      if (pdu.type() == Received.R2T) {
        byte[] data = new byte[pdu.u32(12) + pdu.u32(16)];
        Arrays.fill(data, (byte) frame.cid());
        host.answer(pdu, data, Setup.H2C_DATA_BYTES);
      } else if (pdu.type() == Received.CAPSULE_RESP || pdu.isSuccess()) {
        return pdus;
      }
    }
  }

  /** Length, hash of the bytes, and those before the run of equal bytes at the end. */
  private static List<String> told(List<byte[]> pdus) {
    return pdus.stream().map(ByteIdentityTest::told).toList();
  }

  private static String told(byte[] pdu) {
    int end = pdu.length;
    while (end > 1 && pdu[end - 1] == pdu[end - 2]) {
      end--;
    }
    String from = HexFormat.of().formatHex(pdu, 0, end);
    return "%d bytes, hash %08x: %s".formatted(pdu.length, Arrays.hashCode(pdu), from);
  }
}
