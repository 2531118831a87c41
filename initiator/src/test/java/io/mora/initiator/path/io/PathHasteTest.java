package io.mora.initiator.path.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.path.hedge.HedgeOptions;
import io.mora.initiator.path.route.Route;
import io.mora.initiator.path.route.Routes;
import io.mora.initiator.path.select.PathPolicy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What was hastened by one path is in a hurry by the next. */
class PathHasteTest {
  private static final Intent AHEAD = Intent.prefetch(50).expire();

  private final HandClock clock = new HandClock();
  private final long[] storage = new long[1];
  private final HandPath path = new HandPath(0, clock, storage);
  private final SharedNamespace shared =
      new SharedNamespace(
          path.namespace,
          new IoLimits(PathPolicy.ROUND_ROBIN, HedgeOptions.OFF, 4, 4, 1_000_000_000),
          clock,
          new IoCounters());
  private final IoHandle handle = new IoHandle();

  private void begin(boolean write, Intent intent) {
    shared.routes(new Routes(List.of(new Route(path, path.namespace)), List.of()));
    IoOptions options = IoOptions.of(intent).handle(handle);
    ByteBuffer data = ByteBuffer.allocate(Long.BYTES);
    boolean accepted =
        write
            ? shared.view().write(0, 1, data, options, (context, status, result) -> {}, 0)
            : shared.view().read(0, 1, data, options, (context, status, result) -> {}, 0);
    assertThat(accepted).isTrue();
  }

  private Intent sentAgain() {
    path.lose(false);
    clock.run();
    clock.pass(HandPath.QUIET_NS);
    clock.run();
    assertThat(path.asked).hasSize(2);
    return Objects.requireNonNull(path.asked.get(1).intent());
  }

  @Test
  void aReadSentAgainIsStillInAHurry() {
    begin(false, AHEAD);
    assertThat(handle.hasten(Intent.critical().refusable())).isTrue();
    assertThat(handle.hasten(Intent.interactive())).isTrue();
    assertThat(sentAgain()).isEqualTo(Intent.critical());
  }

  @Test
  void nothingIsLoweredAndAWriteIsAsItWas() {
    begin(false, Intent.critical());
    handle.hasten(Intent.interactive());
    assertThat(sentAgain()).isEqualTo(Intent.critical());
    path.answer();
    path.asked.clear();
    begin(true, Intent.bulk());
    handle.hasten(Intent.critical());
    assertThat(sentAgain()).isEqualTo(Intent.bulk());
  }
}
