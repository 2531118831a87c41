package io.mora.initiator.path.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.io.IoOptions;
import io.mora.initiator.path.hedge.HedgeOptions;
import io.mora.initiator.path.route.Route;
import io.mora.initiator.path.route.Routes;
import io.mora.initiator.path.select.PathPolicy;
import io.mora.protocol.status.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Writes one after the other over two paths that fail at will, with time in the test's hand. */
class SharedNamespaceTest {
  private static final long PATIENCE_NS = 50 * HandPath.QUIET_NS;

  private final HandClock clock = new HandClock();
  private final long[] storage = {0};
  private final HandPath[] paths = {
    new HandPath(0, clock, storage), new HandPath(1, clock, storage)
  };
  private final boolean[] serves = {true, true};
  private final SharedNamespace shared =
      new SharedNamespace(
          paths[0].namespace,
          new IoLimits(PathPolicy.ROUND_ROBIN, HedgeOptions.OFF, 4, 4, PATIENCE_NS),
          clock,
          new IoCounters());
  private long written;
  private boolean underWay;
  private int ends;

  private void route() {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < paths.length; i++) {
      if (serves[i]) {
        routes.add(new Route(paths[i], paths[i].namespace));
      }
    }
    shared.routes(new Routes(routes, List.of()));
  }

  private void serve(int path, boolean now) {
    serves[path] = now;
    route();
  }

  private void write() {
    if (underWay) {
      return;
    }
    underWay = true;
    written++;
    long value = written;
    ByteBuffer data = ByteBuffer.allocate(Long.BYTES).putLong(0, value);
    boolean accepted =
        shared
            .view()
            .write(
                0,
                1,
                data,
                IoOptions.PLAIN,
                (context, status, result) -> {
                  assertThat(Status.isSuccess(status)).isTrue();
                  assertThat(underWay).as("told once").isTrue();
                  underWay = false;
                  ends++;
                  assertThat(storage[0]).as("what was just written").isEqualTo(value);
                },
                0);
    assertThat(accepted).isTrue();
  }

  /** Whatever fails when, what was acknowledged last is what is stored, for good. */
  @Property
  void noWriteIsLostOrComesLate(@ForAll @Size(max = 120) List<@IntRange(max = 11) Integer> steps) {
    paths[0].whenTold(() -> serve(0, false));
    paths[1].whenTold(() -> serve(1, false));
    route();
    for (int step : steps) {
      int at = step % 2;
      switch (step / 2) {
        case 0 -> write();
        case 1 -> paths[at].answer();
        case 2 -> paths[at].lose(true);
        case 3 -> serve(at, true);
        case 4 -> paths[at].land();
        default -> {
          if (at == 0) {
            paths[0].lose(false);
            paths[1].refuse();
          } else {
            clock.pass(HandPath.QUIET_NS / 3);
          }
        }
      }
      clock.run();
      if (!underWay) {
        assertThat(storage[0]).as("after %d", step).isEqualTo(written);
      }
    }
    serve(0, true);
    serve(1, true);
    for (int i = 0; i < 10 && underWay; i++) {
      clock.pass(HandPath.QUIET_NS);
      paths[0].answer();
      paths[1].answer();
    }
    clock.pass(2 * HandPath.QUIET_NS);
    paths[0].land();
    paths[1].land();
    assertThat(underWay).isFalse();
    assertThat(ends).isEqualTo((int) written);
    assertThat(storage[0]).isEqualTo(written);
    assertThat(shared.waiting()).isZero();
  }
}
