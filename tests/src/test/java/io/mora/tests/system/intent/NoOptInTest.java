package io.mora.tests.system.intent;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.Frame;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import io.mora.tests.kit.wire.Received;
import io.mora.tests.system.conformance.Setup;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Sections 6.4 and 6.13: a host that did not opt in gets byte for byte what a target without the
 * extension sends, whatever is in its CDW2 and CDW3, and whatever it is granted.
 */
class NoOptInTest {
  private static final long SEED = 20261121;
  private static final int COMMANDS = 400;
  private static final int[] OPCODES = {0x00, 0x01, 0x02, 0x05, 0x08, 0x0C, 0xC1, 0xC2, 0xC5, 0xC0};

  @Test
  void repliesAreByteIdenticalWhateverCdw2AndCdw3() {
    try (IntentRig with = IntentRig.start(IntentRig.spec());
        IntentRig without =
            IntentRig.start(IntentRig.spec().withLatencyIntent(new IntentSpec(false)))) {
      RawHost offered = queue(with, IntentRig.TRUSTED);
      RawHost off = queue(without, IntentRig.TRUSTED);
      Random random = new Random(SEED);
      for (int i = 0; i < COMMANDS; i++) {
        long seed = random.nextLong();
        byte[] one = exchange(offered, seed, i);
        byte[] other = exchange(off, seed, i);
        assertThat(one).as("command %d of seed %d", i, SEED).isEqualTo(other);
      }
    }
  }

  private static RawHost queue(IntentRig rig, String hostNqn) {
    RawSession session = rig.session(hostNqn, 0);
    assertThat(GrantSpec.everything().maxClass().code()).isEqualTo(7);
    return IntentRig.queue(session, hostNqn, 1);
  }

  /** Sends one random command, and returns every byte that comes back for it. */
  private static byte[] exchange(RawHost host, long seed, int number) {
    Random random = new Random(seed);
    int opcode = OPCODES[random.nextInt(OPCODES.length)];
    int cid = number % 100 + 1;
    boolean write = opcode == 0x01 || opcode == 0x05 || (opcode & 0xC3) == 0xC1;
    byte[] data = new byte[4096];
    random.nextBytes(data);
    int nsid = random.nextInt(20) == 0 ? 99 : Setup.NSID_4K;
    Frame command =
        write
            ? Capsules.inCapsule(opcode, cid, nsid, data)
            : opcode == 0x02 || opcode == 0xC2
                ? Capsules.transfer(opcode, cid, nsid, 4096)
                : Capsules.command(opcode, cid, nsid);
    Capsules.blocks(command, random.nextInt(16), 1);
    IntentRig.intent(command, random.nextInt(), random.nextInt());
    host.send(command);
    byte[] all = new byte[0];
    while (true) {
      Received pdu = host.receive();
      all = append(append(all, pdu.header()), pdu.data());
      if (pdu.type() == Received.CAPSULE_RESP || pdu.isSuccess()) {
        return all;
      }
    }
  }

  private static byte[] append(byte[] to, byte[] more) {
    byte[] sum = Arrays.copyOf(to, to.length + more.length);
    System.arraycopy(more, 0, sum, to.length, more.length);
    return sum;
  }
}
