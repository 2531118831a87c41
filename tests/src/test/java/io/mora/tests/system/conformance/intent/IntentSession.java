package io.mora.tests.system.conformance.intent;

import static io.mora.tests.kit.wire.Capsules.CDW10;
import static io.mora.tests.kit.wire.Capsules.CDW11;
import static io.mora.tests.kit.wire.Capsules.SQE;

import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A controller of a named host, and the extension's fields as 6.6 to 6.8 write them: nothing here
 * comes from the codecs that are under test.
 */
public final class IntentSession implements AutoCloseable {
  static final int CONTROL = 0xE0;

  /** CDW11 of Set Features E0h. */
  static final int LI = 0x494C0000;

  static final int CARRIER_A = 1 << 4;
  static final int TIMING_ALL = 1 << 5;
  static final int STRICT = 1 << 6;
  static final int CARRIER_B = 1 << 7;
  public static final int EXPIRING = 1 << 8;
  public static final int REFUSING = 1 << 14;

  /** CDW3. */
  static final int VER1 = 1 << 28;

  static final int STEP = 1 << 24;
  static final int HOTMETA = 1 << 23;
  public static final int RT = 1 << 22;
  static final int RECUR = 1 << 21;
  public static final int EXPIRE = 1 << 20;

  static final int CDW2 = SQE + 8;
  static final int CDW3 = SQE + 12;

  private final RawSession session;
  private final String hostNqn;

  private IntentSession(RawSession session, String hostNqn) {
    this.session = session;
    this.hostNqn = hostNqn;
  }

  /** Connects and enables a controller of a host; nothing is switched on. */
  public static IntentSession open(InetSocketAddress address, String hostNqn) {
    String subsystem = IntentSetup.NQN.value();
    Frame connect = Capsules.connect(0, Capsules.connectData(0xFFFF, subsystem, hostNqn));
    RawSession session = RawSession.connect(address, subsystem, connect, 0);
    session.enable();
    return new IntentSession(session, hostNqn);
  }

  RawSession raw() {
    return session;
  }

  public RawHost admin() {
    return session.admin();
  }

  public RawHost queue(int qid) {
    byte[] data = Capsules.connectData(session.cntlid(), IntentSetup.NQN.value(), hostNqn);
    return session.queue(Capsules.connect(qid, data), 0, 0);
  }

  /** Set Features E0h of version 1 with these flags. */
  Outcome control(int flags) {
    return admin().run(Capsules.setFeature(admin().cid(), CONTROL, LI | 1 | flags));
  }

  /** Opts in with carrier A and these flags; it must succeed. */
  public IntentSession optIn(int flags) {
    Outcome outcome = control(CARRIER_A | flags);
    if (outcome.code() != 0) {
      throw new AssertionError("no opt-in: " + outcome);
    }
    return this;
  }

  /** DW0 of Get Features E0h. */
  public int inForce() {
    Outcome outcome = admin().run(Capsules.getFeature(admin().cid(), CONTROL));
    if (outcome.code() != 0) {
      throw new AssertionError("no Get Features: " + outcome);
    }
    return outcome.dw0();
  }

  /** Set Features E5h: a region of class 4 in a slot. */
  Outcome register(int nsid, int slot, long slba, int blocks, int flags) {
    byte[] region =
        ByteBuffer.allocate(32)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(slba)
            .putInt(blocks)
            .put((byte) 4)
            .put((byte) flags)
            .array();
    Frame set = Capsules.inCapsule(0x09, admin().cid(), nsid, region);
    return admin().run(set.put(CDW10, 4, 0xE5).put(CDW11, 4, slot));
  }

  /** CLASS at 27:25 with VER 1. */
  public static int wish(int latencyClass) {
    return VER1 | latencyClass << 25;
  }

  public static Frame intent(Frame command, int cdw2, int cdw3) {
    return command.put(CDW2, 4, cdw2).put(CDW3, 4, cdw3);
  }

  /** Reads one block with this intent. */
  static Outcome read(RawHost host, int nsid, int cdw2, int cdw3) {
    Frame read = Capsules.blocks(Capsules.transfer(0x02, host.cid(), nsid, 4096), 0, 1);
    return host.run(intent(read, cdw2, cdw3));
  }

  @Override
  public void close() {
    session.close();
  }

  /** The timing reply of 6.7. */
  record Reply(long result) {
    static Reply of(Outcome outcome) {
      return new Reply(outcome.result());
    }

    private int dw1() {
      return (int) (result >>> 32);
    }

    boolean isTiming() {
      return dw1() >>> 28 == 1;
    }

    int effectiveClass() {
      return dw1() >>> 21 & 7;
    }

    int reason() {
      return dw1() >>> 24 & 0xF;
    }

    boolean deferred() {
      return (dw1() & 1 << 16) != 0;
    }

    boolean missed() {
      return (dw1() & 1 << 17) != 0;
    }

    boolean downgraded() {
      return (dw1() & 1 << 18) != 0;
    }

    boolean throttled() {
      return (dw1() & 1 << 19) != 0;
    }

    boolean cacheHit() {
      return (dw1() & 1 << 20) != 0;
    }

    /** Units of 100 ns. */
    long queue() {
      return minifloat((int) result & 0xFFFF);
    }

    long device() {
      return minifloat((int) result >>> 16);
    }

    long total() {
      return minifloat(dw1() & 0xFFFF);
    }

    static long minifloat(int bits) {
      return (bits & 0xFFFL) << (bits >>> 12 & 0xF);
    }

    @Override
    public String toString() {
      return String.format(
          "class %d reason %d queue %d device %d total %d (%016x)",
          effectiveClass(), reason(), queue(), device(), total(), result);
    }
  }
}
