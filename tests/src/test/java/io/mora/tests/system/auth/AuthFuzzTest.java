package io.mora.tests.system.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.MoraTarget;
import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Outcome;
import io.mora.tests.kit.wire.RawChap;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.system.conformance.Setup;
import io.mora.tests.system.fuzz.LogWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hosts that say almost the right thing in almost the right order. Nobody gets in but with a whole
 * and correct transaction, and the target forgets them all. {@code -Dmora.fuzz.seed=N} repeats.
 */
@Covers("auth")
class AuthFuzzTest {
  private static final int CONNECTIONS = Integer.getInteger("mora.fuzz.auth", 300);
  private static final int STEPS = 12;
  private static final int REQUIRED = 0x191;

  static Stream<Setup> setups() {
    return Setup.all();
  }

  @ParameterizedTest
  @MethodSource("setups")
  void onlyAWholeTransactionLetsIn(Setup setup) throws IOException {
    long seed = Long.getLong("mora.fuzz.seed", System.nanoTime());
    System.out.println("auth fuzz " + setup + ": -Dmora.fuzz.seed=" + seed);
    Random random = new Random(seed);
    try (LogWatch watch = new LogWatch("io.mora.target");
        MoraTarget target = MoraTarget.start(Doors.hasty(setup, Duration.ofSeconds(30)))) {
      int letIn = 0;
      for (int i = 0; i < CONNECTIONS; i++) {
        letIn += connection(target, random, seed) ? 1 : 0;
      }
      assertThat(letIn).as("some get through, seed %s", seed).isPositive();
      AuthConformance.letsGo(target);
      assertThat(watch.errors()).as("seed %s", seed).isEmpty();
    }
  }

  /** A connection of some host; true if it was let in, which is checked. */
  private static boolean connection(MoraTarget target, Random random, long seed) {
    int number = random.nextInt(60);
    RawChap chap =
        new RawChap(
            Doors.host(number),
            Doors.SUBSYSTEM,
            Doors.key(number),
            Doors.controllerKey(number),
            random);
    try (RawHost host =
        RawHost.connect(target.listeners().get(0).address()).initialise(random.nextInt(4), 0)) {
      Outcome connected = host.run(AuthConformance.admin(Doors.host(number), Doors.SUBSYSTEM));
      if (connected.code() != 0) {
        return false; // It has failed too often just now.
      }
      Walk walk = new Walk(host, chap, random);
      for (int i = 0; i < STEPS && walk.step(); i++) {
        Outcome outcome = host.run(Capsules.propertyGet(host.cid(), 0x08, 4));
        if (outcome.code() == 0) {
          assertThat(walk.mayBeIn()).as("let in after %s, seed %s", walk.told, seed).isTrue();
        } else {
          assertThat(outcome.code()).as("after %s, seed %s", walk.told, seed).isEqualTo(REQUIRED);
          assertThat(walk.mustBeIn()).as("kept out after %s, seed %s", walk.told, seed).isFalse();
        }
      }
      return walk.mayBeIn();
    }
  }

  /** What one host says, and what a host that says so has proved. */
  private static final class Walk {
    private final RawHost host;
    private final RawChap chap;
    private final Random random;
    final StringBuilder told = new StringBuilder();
    private byte[] last = new byte[RawChap.ROOM];
    private byte[] recorded = new byte[16];

    /** Correct so far: 1 Negotiate sent, 2 Challenge fetched, 3 replied, 4 Success1 fetched. */
    private int correct;

    private boolean both;
    private boolean in;
    private boolean dead;

    Walk(RawHost host, RawChap chap, Random random) {
      this.host = host;
      this.chap = chap;
      this.random = random;
    }

    boolean mayBeIn() {
      return in;
    }

    boolean mustBeIn() {
      return in && !dead;
    }

    /** One message, most often the right one; false when there is nothing more to say. */
    boolean step() {
      if (dead) {
        return false;
      }
      if (random.nextInt(8) == 0) {
        wrong();
      } else {
        right();
      }
      return true;
    }

    private void right() {
      told.append(correct).append(' ');
      switch (correct) {
        case 0 -> {
          both = random.nextBoolean();
          int id = random.nextInt(0x10000);
          send(RawChap.negotiate(id, new int[] {1 + random.nextInt(3)}, new int[] {0}));
          correct = 1;
        }
        case 1 -> fetch(2);
        case 2 -> {
          recorded = chap.reply(last, both);
          send(recorded);
          correct = 3;
        }
        case 3 -> {
          fetch(4);
          if (!both) {
            in = true;
            correct = 0;
          }
        }
        default -> {
          send(RawChap.success2((last[4] & 0xFF) | (last[5] & 0xFF) << 8));
          in = true;
          correct = 0;
        }
      }
    }

    private void fetch(int next) {
      last = RawChap.fetch(host);
      assertThat(last[0]).as("%s: %s", told, RawChap.describe(last)).isEqualTo((byte) 1);
      correct = next;
    }

    /** Something that cannot be right here: the transaction, and the queue, are lost. */
    private void wrong() {
      int what = random.nextInt(4);
      told.append('!').append(what).append(' ');
      if (what == 0 && correct != 1 && correct != 3) {
        byte[] message = RawChap.fetch(host);
        assertThat(message[0]).as("Failure1 after %s", told).isEqualTo((byte) 0);
      } else if (what == 1) {
        byte[] junk = new byte[1 + random.nextInt(200)];
        random.nextBytes(junk);
        junk[0] = 7; // no AUTH_TYPE
        send(junk);
      } else if (what == 2 && correct != 2) {
        send(recorded);
      } else {
        // A correct message, but for one bit that counts or its end.
        byte[] message =
            correct == 2 ? chap.reply(last, both) : Arrays.copyOf(RawChap.success2(1), 12);
        if (correct == 2) {
          message[16 + random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
        }
        send(message);
      }
      dead = true;
      in = false;
    }

    private void send(byte[] message) {
      Outcome outcome = host.run(RawChap.send(host.cid(), message));
      assertThat(outcome.code()).as("%s: %s", told, outcome).isZero();
    }
  }
}
