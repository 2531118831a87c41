package io.mora.tests.system.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.Completion;
import io.mora.initiator.path.PathOptions;
import io.mora.initiator.path.PathSet;
import io.mora.protocol.net.TransportKind;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendOptions;
import io.mora.target.backend.IoRequest;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.FaultProxy.Act;
import io.mora.tests.kit.GatedBackend;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A write is at the device of an appliance when its connection is lost. It lands later: what the
 * caller wrote after it must not be overwritten.
 */
@Tag("fault")
class LateWriteTest {
  private static final long OLD = 1;
  private static final long NEW = 2;

  @RegisterExtension final Evidence evidence = new Evidence();

  private final SharedStorage shelf = new SharedStorage();
  private @Nullable GatedBackend gate;
  private final Appliance first = new Appliance(served(), this::gated);
  private final Appliance second = new Appliance(served(), shelf);
  private final InitiatorFixture host = InitiatorFixture.start(TransportKind.best(), 1);

  private static Served served() {
    return Served.on(1).withMemory((long) TwoAppliances.BLOCKS * TwoAppliances.BLOCK, 4096);
  }

  private Backend gated(BackendOptions options, TransportKind kind) throws IOException {
    GatedBackend made = new GatedBackend(shelf.open(options, kind));
    gate = made;
    return made;
  }

  @BeforeEach
  void closeAfterwards() {
    evidence.closing(shelf);
    evidence.closing(first);
    evidence.closing(second);
    evidence.closing(host);
  }

  private GatedBackend gate() {
    GatedBackend made = gate;
    if (made == null) {
      throw new IllegalStateException("no storage was opened");
    }
    return made;
  }

  private PathSet paths(PathOptions options) {
    PathSet paths =
        Waiting.get(
            host.initiator()
                .connectPaths(options, List.of(TwoAppliances.options(first.address()).build())));
    return paths;
  }

  private static ByteBuffer block(long stamp) {
    ByteBuffer data = ByteBuffer.allocateDirect(TwoAppliances.BLOCK);
    data.putLong(0, stamp);
    return data;
  }

  private long stored(RemoteNamespace namespace) {
    ByteBuffer data = block(0);
    Waiting.get(namespace.read(7, 1, data));
    return data.getLong(0);
  }

  /** Loses the first path with a write at its device; the second is there. */
  private CompletableFuture<Completion> lose(PathSet paths, RemoteNamespace namespace) {
    gate().hold(IoRequest.WRITE);
    CompletableFuture<Completion> write = namespace.write(7, 1, block(OLD)).toCompletableFuture();
    Waiting.until("the write is at the device", () -> gate().held() == 1);
    Waiting.get(paths.add(TwoAppliances.options(second.address()).build()));
    first.wire().refuse(true);
    first.wire().cutAll(Act.CUT);
    return write;
  }

  private static void awaitStored(RemoteNamespace namespace, LateWriteTest test, long stamp) {
    Waiting.until("stamp " + stamp, () -> test.stored(namespace) == stamp);
  }

  @Test
  void theOldWriteIsWaitedFor() {
    PathSet paths = paths(PathOptions.DEFAULT);
    RemoteNamespace namespace = Waiting.get(paths.namespace(1));
    CompletableFuture<Completion> write = lose(paths, namespace);
    Waiting.until("it waits", () -> Waiting.get(paths.signals()).quiesced() == 1);
    assertThat(stored(namespace)).as("reads go on").isZero();
    gate().release();
    awaitStored(namespace, this, OLD);
    assertThat(write).as("it is not known yet").isNotDone();
    Waiting.get(write);
    Waiting.get(namespace.write(7, 1, block(NEW)));
    assertThat(stored(namespace)).isEqualTo(NEW);
    assertThat(gate().held()).isZero();
    assertThat(Waiting.get(paths.signals()).reissued()).isPositive();
  }

  /** What the wait is for: without it the newer write is lost. */
  @Test
  void withoutTheWaitItOverwritesANewerOne() {
    PathSet paths = paths(PathOptions.DEFAULT.quietMs(0));
    RemoteNamespace namespace = Waiting.get(paths.namespace(1));
    Waiting.get(lose(paths, namespace));
    Waiting.get(namespace.write(7, 1, block(NEW)));
    assertThat(stored(namespace)).isEqualTo(NEW);
    gate().release();
    awaitStored(namespace, this, OLD);
  }

  /** Whoever knows that the controller is gone says so. */
  @Test
  void aControllerThatIsSaidToBeGoneIsNotWaitedFor() {
    PathSet paths = paths(PathOptions.DEFAULT.quietMs(3_600_000));
    RemoteNamespace namespace = Waiting.get(paths.namespace(1));
    CompletableFuture<Completion> write = lose(paths, namespace);
    Waiting.until("it waits", () -> Waiting.get(paths.signals()).quiesced() == 1);
    gate().release();
    awaitStored(namespace, this, OLD);
    paths.confirmGone(first.address());
    Waiting.get(write);
  }
}
