package io.mora.target.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.protocol.net.TransportKind;
import io.mora.qos.locality.CpuTopology;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShardGroupTest {
  private static final ShardOptions TWO =
      ShardOptions.DEFAULT.withCount(2).withBufferBytesPerShard(2 << 20);

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void startsShardsOnTheirOwnThreads(TransportKind kind) throws Exception {
    assumeTrue(kind.available(), () -> kind + ": " + kind.unavailableReason());
    try (ShardGroup group = ShardGroup.start(TWO.withTransport(kind))) {
      assertThat(group.transport()).isEqualTo(kind);
      assertThat(group.size()).isEqualTo(2);
      for (int i = 0; i < 2; i++) {
        CompletableFuture<String> name = new CompletableFuture<>();
        Shard shard = group.shard(i);
        assertThat(shard.index()).isEqualTo(i);
        shard.execute(() -> name.complete(Thread.currentThread().getName()));
        assertThat(name.get(20, TimeUnit.SECONDS)).isEqualTo("mora-shard-" + i);
        assertThat(shard.loop().pinnedCpu()).isNotNegative();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TransportKind.class)
  void buffersGivenBackReachWaitersBeforeTheLoopSleeps(TransportKind kind) throws Exception {
    assumeTrue(kind.available(), () -> kind + ": " + kind.unavailableReason());
    try (ShardGroup group = ShardGroup.start(TWO.withCount(1).withTransport(kind))) {
      Shard shard = group.shard(0);
      CompletableFuture<Integer> capacity = new CompletableFuture<>();
      shard.execute(
          () -> {
            BufferPool buffers = shard.buffers();
            IoBuffer all = Objects.requireNonNull(buffers.take(2 << 20));
            buffers.await(
                new BufferPool.Waiter() {
                  @Override
                  public void buffersAvailable() {
                    IoBuffer got = buffers.take(4096);
                    if (got == null) {
                      buffers.await(this);
                      return;
                    }
                    buffers.give(got);
                    capacity.complete(got.capacity);
                  }
                });
            // Given back by a listener behind the pool's, in the last round before sleep.
            List<IoBuffer> once = new ArrayList<>(List.of(all));
            shard
                .loop()
                .addTurnListener(
                    () -> {
                      once.forEach(buffers::give);
                      once.clear();
                    });
          });
      assertThat(capacity.get(20, TimeUnit.SECONDS)).isEqualTo(4096);
    }
  }

  @Test
  void choosesByItselfAndUnpinned() {
    try (ShardGroup group = ShardGroup.start(TWO.withCount(0).withPin(false))) {
      assertThat(group.transport()).isEqualTo(TransportKind.best());
      assertThat(group.size()).isBetween(1, Runtime.getRuntime().availableProcessors());
      assertThat(group.shards()).allMatch(shard -> shard.loop().pinnedCpu() == -1);
    }
  }

  @Test
  void takesCpusInOrderAndOverAgain() {
    int cpu = CpuTopology.read().cpus().get(0).id();
    try (ShardGroup group = ShardGroup.start(TWO.withCpus(List.of(cpu)))) {
      assertThat(group.shards()).extracting(shard -> shard.loop().pinnedCpu()).containsOnly(cpu);
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> ShardGroup.start(TWO.withCpus(List.of(8000))))
        .hasMessageContaining("cpus: 8000 is not one of the CPUs this process may use: ");
    assertThatThrownBy(() -> TWO.withCount(257)).hasMessage("shard count 257: 0 to 256");
    assertThatThrownBy(() -> TWO.withBufferBytesPerShard(4096))
        .hasMessage("bufferBytesPerShard 4096: at least 2097152");
  }
}
