package io.mora.target.subsystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.protocol.admin.NamespaceSpec;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.NullBackend;
import io.mora.target.cache.HotTier;
import io.mora.target.shard.Shard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which goes first when a namespace changes its size: what hosts may reach, or the storage. */
class NamespaceResizeTest {
  private static final int MIB = 1 << 20;

  private final Noting storage = new Noting();
  private final Namespace namespace = namespace(storage).behind(HotTier.of(MIB, 50));
  private final List<String> log = new ArrayList<>();

  private static Namespace namespace(Backend backend) {
    UUID uuid = new UUID(1, 1);
    var identity = new Namespace.Identity(uuid, NamespaceSpec.defaultNguid(uuid));
    return new Namespace(1, identity, backend, 1);
  }

  @Test
  void growsTheStorageFirst() throws IOException {
    assertThat(namespace.resize(2 * MIB)).isEqualTo(storage.geometry());
    assertThat(log).containsExactly("storage to 2097152 while hosts reach 1048576");
    assertThat(namespace.blocks()).isEqualTo(2 * MIB / 4096);
    assertThat(namespace.hot().drops()).as("what is kept stays true").isZero();
  }

  @Test
  void shrinksWhatHostsReachFirstAndForgetsWhatIsKeptOnceTheStorageIsShort() throws IOException {
    namespace.resize(4096);
    assertThat(log).containsExactly("storage to 4096 while hosts reach 4096");
    assertThat(namespace.blocks()).isEqualTo(1);
    assertThat(storage.dropsSeen).isZero();
    assertThat(namespace.hot().drops()).isEqualTo(1);
  }

  @Test
  void takesWhatTheStorageFound() throws IOException {
    storage.found = 4096;
    namespace.resize(Backend.SIZE_AS_FOUND);
    assertThat(namespace.blocks()).isEqualTo(1);
    assertThat(namespace.hot().drops()).isEqualTo(1);
  }

  @Test
  void aStorageThatFailsLeavesHostsWhatTheyHad() {
    storage.broken = true;
    for (long size : new long[] {4096, 2 * MIB}) {
      assertThatThrownBy(() -> namespace.resize(size)).hasMessage("broken");
      assertThat(namespace.blocks()).isEqualTo(MIB / 4096);
    }
    assertThat(namespace.hot().drops()).isZero();
  }

  @Test
  void refusesWhatIsNoSizeBeforeAnythingChanges() {
    for (long size : new long[] {-4096, 1, MIB - 512}) {
      assertThatThrownBy(() -> namespace.resize(size))
          .isInstanceOf(Problem.class)
          .hasMessageContainingAll("sizeBytes", "" + size, "4096");
    }
    assertThat(namespace.blocks()).isEqualTo(MIB / 4096);
    assertThat(log).isEmpty();
  }

  /** Notes what hosts may reach when the storage is resized. */
  private final class Noting implements Backend {
    private final NullBackend inner = new NullBackend(MIB, 4096);
    private boolean broken;
    private long found;
    private long dropsSeen;

    @Override
    public String description() {
      return "noting";
    }

    @Override
    public BackendGeometry geometry() {
      return inner.geometry();
    }

    @Override
    public BackendGeometry resize(long sizeBytes) throws IOException {
      log.add("storage to " + sizeBytes + " while hosts reach " + namespace.geometry().sizeBytes());
      dropsSeen = namespace.hot().drops();
      if (broken) {
        throw new IOException("broken");
      }
      return inner.resize(sizeBytes == SIZE_AS_FOUND ? found : sizeBytes);
    }

    @Override
    public BackendQueue queue(Shard shard) {
      return inner;
    }

    @Override
    public void close() {}
  }
}
