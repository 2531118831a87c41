package io.mora.tests.system.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.spec.Covers;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Section 3.6: what the logs tell of a controller's work, and of its features. */
class HealthTest extends Conformance {
  private static final int BLOCK = 4096;

  /** Of 512 bytes, counted by the thousand. */
  private static final int UNIT = 512_000;

  private static ByteBuffer log(RawSession session, int lid, int bytes) {
    byte[] data = session.admin().run(Capsules.getLog(1, lid, 0, bytes)).data();
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Covers("log.smart")
  @Test
  void theSmartLogCountsWhatItsHostDid() {
    try (RawSession idle = session();
        RawSession session = session()) {
      RawHost host = session.queue(1);
      // Its controller knows of it by a task of the admin queue's shard, which has run after these.
      assertOk(session.admin().run(Capsules.identify(8, 1, 0)));
      assertOk(session.admin().run(Capsules.identify(9, 1, 0)));
      int blocks = 16;
      byte[] data = pattern(blocks * BLOCK, 3);
      for (int i = 0; i < 5; i++) {
        host.send(write(2, 1, 0, blocks, data.length));
        host.answer(host.receive(2), data, data.length);
        assertOk(host.outcome(2));
      }
      assertOk(host.run(read(3, 1, 0, blocks, data.length)));
      assertOk(host.run(Capsules.blocks(Capsules.inCapsule(5, 4, 1, one(data)), 0, 1)));
      // Verify reads all that there is of the namespace; Write Zeroes writes no data of the host.
      assertOk(host.run(Capsules.blocks(Capsules.command(0x0C, 5, 1), 0, 2048)));
      assertOk(host.run(Capsules.blocks(Capsules.command(0x08, 6, 1), 0, 2048)));
      assertRefused(host.run(read(7, 1, 1 << 20, 1, BLOCK)), 0x080, true);
      ByteBuffer smart = log(session, 0x02, 512);
      assertThat(smart.get(0)).as("critical warning").isZero();
      assertThat(smart.getShort(1)).as("kelvin").isEqualTo((short) 300);
      assertThat(smart.get(3)).as("available spare").isEqualTo((byte) 100);
      assertThat(smart.get(5)).as("percentage used").isZero();
      long read = (blocks + 1 + 2048) * (long) BLOCK;
      long written = 5L * blocks * BLOCK;
      assertThat(smart.getLong(32)).as("units read").isEqualTo((read + UNIT - 1) / UNIT);
      assertThat(smart.getLong(48)).as("units written").isEqualTo((written + UNIT - 1) / UNIT);
      assertThat(smart.getLong(64)).as("read commands: Read, Compare").isEqualTo(2);
      assertThat(smart.getLong(80)).as("write commands").isEqualTo(5);
      assertThat(smart.getLong(96)).as("busy minutes").isZero();
      assertThat(smart.getLong(112)).as("power cycles").isEqualTo(1);
      assertThat(smart.getLong(128)).as("hours").isZero();
      assertThat(smart.getLong(160)).as("media errors").isZero();
      ByteBuffer other = log(idle, 0x02, 512);
      assertThat(other.getLong(32) + other.getLong(48) + other.getLong(64) + other.getLong(80))
          .as("nobody else's")
          .isZero();
    }
  }

  private static byte[] one(byte[] data) {
    return Arrays.copyOf(data, BLOCK);
  }

  @Covers("log.features")
  @Test
  void theLogOfFeaturesTellsTheirScopes() {
    try (RawSession session = session()) {
      ByteBuffer effects = log(session, 0x12, 1024);
      assertThat(effects.getInt(4 * 0x07)).as("queues, the controller's").isEqualTo(0x0020_0001);
      assertThat(effects.getInt(4 * 0x83)).as("PTPL, a namespace's").isEqualTo(0x0010_0001);
      assertThat(effects.getInt(4 * 0x84)).as("write protection").isZero();
    }
  }
}
