package io.mora.tests.system.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.protocol.TransportAddress;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.FaultProxy;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.LeakWatch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.io.IOException;

/** Target, faulty wire and host, watched for leaks; what every fault test sets up and checks. */
final class FaultyWire implements AutoCloseable {
  private final LeakWatch leaks = new LeakWatch();
  private final TargetFixture target;
  private final FaultProxy proxy;
  private final InitiatorFixture host = InitiatorFixture.start();

  FaultyWire(Evidence evidence, Served served) {
    target = TargetFixture.start(served);
    proxy = new FaultProxy(target.port());
    evidence.offer("target.txt", target::state);
    evidence.closing(this);
  }

  TargetFixture target() {
    return target;
  }

  FaultProxy proxy() {
    return proxy;
  }

  InitiatorFixture host() {
    return host;
  }

  /** Options for connecting through the wire. */
  ConnectOptions.Builder options() {
    return InitiatorFixture.persistent(new TransportAddress("127.0.0.1", proxy.port())).queues(2);
  }

  Association connect() {
    return host.connect(options().build());
  }

  /**
   * Disconnects everything and checks that the target holds nothing of it any more and nobody lost
   * a buffer.
   */
  void assertNothingLeft() throws IOException {
    host.close();
    proxy.close();
    Waiting.until("no connection left", () -> target.target().connections() == 0);
    target.awaitNothingLent();
    target.close();
    assertThat(leaks.leaks()).isEmpty();
  }

  @Override
  public void close() throws IOException {
    host.close();
    proxy.close();
    target.close();
    leaks.close();
  }
}
