package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.RecordingBackend.Event;
import io.mora.target.backend.RecordingBackend.Kind;
import io.mora.target.backend.delay.DelayBackend;
import io.mora.target.backend.delay.DeviceProfile;
import io.mora.target.backend.delay.OperationTime;
import io.mora.target.backend.memory.MemoryBackend;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever was acknowledged as durable is in every later prefix of the log. */
class RecordingBackendTest {
  private static final int SIZE = 64 << 10;
  private static final int BLOCK = 512;

  @Test
  void unflushedWritesAreDroppedFlushedAndForcedOnesStay() throws Exception {
    RecordingBackend recording = new RecordingBackend(new MemoryBackend(SIZE, BLOCK));
    try (Rig rig = new Rig(recording, TransportKind.NIO)) {
      rig.write(0, filled(1));
      rig.run(TestRequest.write(BLOCK, filled(2)).fua());
      rig.run(IoRequest.FLUSH, 0, 0);
      rig.write(0, filled(3));
      rig.run(IoRequest.DEALLOCATE, BLOCK, BLOCK);
    }
    List<Event> log = recording.log();
    assertThat(log)
        .extracting(Event::kind)
        .containsExactly(Kind.WRITE, Kind.WRITE, Kind.FLUSH, Kind.WRITE, Kind.ZERO);
    assertThat(blocks(log.subList(0, 1), false)).containsExactly(0, 0);
    assertThat(blocks(log.subList(0, 2), false)).containsExactly(0, 2);
    assertThat(blocks(log.subList(0, 3), false)).containsExactly(1, 2);
    assertThat(blocks(log, false)).containsExactly(1, 2);
    assertThat(blocks(log, true)).containsExactly(3, 0);
  }

  private static List<Integer> blocks(List<Event> log, boolean survives) {
    byte[] image = RecordingBackend.mediumAfter(log, event -> survives, SIZE);
    return List.of((int) image[0], (int) image[BLOCK]);
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[BLOCK];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void aFlushCoversOnlyWhatEndedBeforeItWasSubmitted() throws Exception {
    Backend slow =
        new DelayBackend(
            new MemoryBackend(SIZE, BLOCK),
            new DeviceProfile(
                8,
                OperationTime.fixed(0),
                OperationTime.fixed(0),
                OperationTime.fixed(50_000_000),
                0));
    RecordingBackend recording = new RecordingBackend(slow);
    try (Rig rig = new Rig(recording, TransportKind.NIO)) {
      rig.write(0, filled(1));
      TestRequest flush = rig.submit(0, TestRequest.of(IoRequest.FLUSH, 0, 0));
      TestRequest late = rig.submit(0, TestRequest.write(BLOCK, filled(2)));
      assertThat(late.await()).isZero();
      assertThat(flush.await()).isZero();
    }
    List<Event> log = recording.log();
    assertThat(log).extracting(Event::kind).containsExactly(Kind.WRITE, Kind.WRITE, Kind.FLUSH);
    assertThat(blocks(log, false)).containsExactly(1, 0);
  }

  @Test
  void everyPrefixHoldsWhatWasAcknowledgedAsDurable() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    RecordingBackend recording = new RecordingBackend(new MemoryBackend(SIZE, BLOCK));
    NavigableMap<Integer, byte[]> promises = new TreeMap<>();
    promises.put(0, new byte[SIZE]);
    byte[] written = new byte[SIZE];
    try (Rig rig = new Rig(recording, TransportKind.NIO)) {
      for (int i = 0; i < 400; i++) {
        int at = random.nextInt(SIZE / BLOCK) * BLOCK;
        int choice = random.nextInt(10);
        if (choice == 0) {
          rig.run(IoRequest.FLUSH, 0, 0);
          promises.put(recording.log().size(), written.clone());
        } else if (choice == 1) {
          rig.run(IoRequest.DEALLOCATE, at, BLOCK);
          Arrays.fill(written, at, at + BLOCK, (byte) 0);
        } else {
          byte[] bytes = filled(1 + random.nextInt(100));
          rig.run(TestRequest.write(at, bytes));
          System.arraycopy(bytes, 0, written, at, BLOCK);
        }
      }
    }
    List<Event> log = recording.log();
    assertThat(promises).hasSizeGreaterThan(1);
    for (int prefix = 0; prefix <= log.size(); prefix++) {
      byte[] medium = RecordingBackend.mediumAfter(log.subList(0, prefix), event -> false, SIZE);
      byte[] promised = promises.floorEntry(prefix).getValue();
      assertThat(medium).as("prefix %d, seed %d", prefix, seed).isEqualTo(promised);
    }
  }
}
