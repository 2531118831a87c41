package io.mora.target.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.delay.DelayBackend;
import io.mora.target.backend.delay.DeviceProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelayBackendTest {
  private static final long MS = 1_000_000;

  @Test
  void takesAtLeastTheTimeOfAQueueBeforeSoManyServers() throws Exception {
    int operations = 12;
    Backend slow = new DelayBackend(new NullBackend(1 << 20, 512), DeviceProfile.fixed(2, 10 * MS));
    try (Rig rig = new Rig(slow, TransportKind.NIO)) {
      List<TestRequest> all = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < operations; i++) {
        all.add(rig.submit(0, TestRequest.of(IoRequest.READ, 0, 512)));
      }
      for (TestRequest each : all) {
        assertThat(each.await()).isZero();
      }
      // Two at a time, 10 ms each; how much later is the machine's business.
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(operations / 2 * 10L * MS);
    }
  }

  @Test
  void serversAreTakenInOrderOfArrival() throws Exception {
    Backend slow = new DelayBackend(new NullBackend(1 << 20, 512), DeviceProfile.fixed(1, MS));
    try (Rig rig = new Rig(slow, TransportKind.NIO)) {
      List<Integer> order = new ArrayList<>();
      List<TestRequest> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        int number = i;
        TestRequest request = TestRequest.of(IoRequest.WRITE, 0, 512);
        request.status.thenRun(() -> order.add(number));
        all.add(request);
      }
      rig.onShard(
          0,
          () -> {
            all.forEach(rig.queue(0)::submit);
            assertThat(rig.queue(0).inFlight()).isEqualTo(5);
            return true;
          });
      for (TestRequest each : all) {
        assertThat(each.await()).isZero();
      }
      assertThat(rig.onShard(0, () -> List.copyOf(order))).containsExactly(0, 1, 2, 3, 4);
    }
  }

  @Test
  void shardsShareOneDevice() throws Exception {
    Backend slow = new DelayBackend(new NullBackend(1 << 20, 512), DeviceProfile.fixed(1, 10 * MS));
    try (Rig rig = new Rig(slow, TransportKind.NIO)) {
      List<TestRequest> all = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < 6; i++) {
        all.add(rig.submit(i % 2, TestRequest.of(IoRequest.READ, 0, 512)));
      }
      for (TestRequest each : all) {
        assertThat(each.await()).isZero();
      }
      // A device for each shard would be done in half of it.
      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60 * MS);
    }
  }
}
