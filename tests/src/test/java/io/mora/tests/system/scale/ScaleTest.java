package io.mora.tests.system.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.io.Completion;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.LeakWatch;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many hosts, connections and namespaces: everything is served, queues are spread over the shards,
 * and all of it goes away again. {@code -Dmora.scale.hosts=64 -Dmora.scale.lone=460} makes it
 * large: 64 hosts with 8 queues of 128 entries each, and more than 1,000 connections in all.
 */
@Tag("scale")
class ScaleTest {
  private static final int HOSTS = Integer.getInteger("mora.scale.hosts", 24);
  private static final int LONE = Integer.getInteger("mora.scale.lone", 60);
  private static final int QUEUES = 8;
  private static final int DEPTH = 128;
  private static final int NAMESPACES = 1000;
  private static final int BLOCK = 512;
  private static final int SHARDS = 2;
  private static final long SMALL_BYTES = 1 << 20;

  @RegisterExtension final Evidence evidence = new Evidence();

  private static ConnectOptions.Builder to(TargetFixture target) {
    return ConnectOptions.to(target.address(), Served.SUBSYSTEM)
        .queueDepth(DEPTH)
        .waitingMax(2 * DEPTH);
  }

  private Initiator host() {
    return evidence.closing(Initiator.create(InitiatorOptions.builder().loops(1).build()));
  }

  /** Every queue of every host, as deep as it is, all at once. */
  @Test
  void hostsWithEightDeepQueuesEach() {
    LeakWatch leaks = evidence.closing(new LeakWatch());
    long bytes = Math.max(SMALL_BYTES, (long) HOSTS * QUEUES * DEPTH * BLOCK);
    TargetFixture target =
        evidence.closing(TargetFixture.start(Served.on(SHARDS).withMemory(bytes, BLOCK)));
    evidence.offer("target.txt", target::state);
    ConnectOptions options = to(target).queues(QUEUES).build();
    List<Association> associations = new ArrayList<>();
    for (int i = 0; i < HOSTS; i++) {
      associations.add(Waiting.get(host().connect(options)));
    }
    assertThat(target.target().connections()).isEqualTo(HOSTS * (QUEUES + 1));
    assertBalanced(target, HOSTS * QUEUES);

    List<CompletionStage<Completion>> writes = new ArrayList<>();
    eachPlace(associations, (on, slba) -> writes.add(on.write(slba, 1, pattern(slba))));
    writes.forEach(Waiting::get);
    List<ByteBuffer> read = new ArrayList<>();
    List<CompletionStage<Completion>> reads = new ArrayList<>();
    eachPlace(
        associations,
        (on, slba) -> {
          ByteBuffer into = ByteBuffer.allocateDirect(BLOCK);
          read.add(into);
          reads.add(on.read(slba, 1, into));
        });
    reads.forEach(Waiting::get);
    for (int slba = 0; slba < read.size(); slba++) {
      assertThat(read.get(slba).getLong(0)).as("block %s", slba).isEqualTo(mixed(slba));
    }
    target.awaitNothingLent();

    associations.forEach(Association::close);
    assertGone(target);
    assertThat(leaks.leaks()).isEmpty();
  }

  /** Hosts that want one queue each and come at once must not all get the same shard. */
  @Test
  void hostsThatComeAtOnce() {
    TargetFixture target =
        evidence.closing(TargetFixture.start(Served.on(SHARDS).withMemory(SMALL_BYTES, BLOCK)));
    evidence.offer("target.txt", target::state);
    InitiatorFixture host = evidence.closing(InitiatorFixture.start());
    ConnectOptions options = to(target).queues(1).build();
    List<CompletionStage<Association>> connecting = new ArrayList<>();
    for (int i = 0; i < LONE; i++) {
      connecting.add(host.initiator().connect(options));
    }
    List<Association> associations = connecting.stream().map(Waiting::get).toList();
    assertThat(target.target().connections()).isEqualTo(2 * LONE);
    assertBalanced(target, LONE);
    for (Association association : associations) {
      Waiting.get(association.namespace(1).read(0, 1, ByteBuffer.allocateDirect(BLOCK)));
    }
    associations.stream().map(Association::disconnect).toList().forEach(Waiting::get);
    assertGone(target);
  }

  /** Each of a thousand namespaces is found and keeps what is its own. */
  @Test
  void aThousandNamespaces() {
    Served served = Served.on(SHARDS);
    for (int i = 0; i < NAMESPACES; i++) {
      served = served.withMemory(SMALL_BYTES, BLOCK);
    }
    TargetFixture target = evidence.closing(TargetFixture.start(served));
    evidence.offer("target.txt", target::state);
    Association association = Waiting.get(host().connect(to(target).queues(QUEUES).build()));
    List<RemoteNamespace> namespaces = association.namespaces();
    assertThat(namespaces).hasSize(NAMESPACES);

    List<CompletionStage<Completion>> writes = new ArrayList<>();
    for (RemoteNamespace namespace : namespaces) {
      RemoteNamespace on = namespace.onQueue(namespace.nsid() % QUEUES);
      writes.add(on.write(7, 1, pattern(namespace.nsid())));
    }
    writes.forEach(Waiting::get);
    for (RemoteNamespace namespace : namespaces) {
      ByteBuffer read = ByteBuffer.allocateDirect(BLOCK);
      Waiting.get(namespace.onQueue((namespace.nsid() + 3) % QUEUES).read(7, 1, read));
      assertThat(read.getLong(0)).as("%s", namespace).isEqualTo(mixed(namespace.nsid()));
    }
    assertThat(target.target().stats().total().commands(4)).isEqualTo(2L * NAMESPACES);
    association.close();
    assertGone(target);
  }

  /** Block number {@code (host x queues + queue) x depth + place} is that place's own. */
  private static void eachPlace(List<Association> associations, OnPlace action) {
    long slba = 0;
    for (Association association : associations) {
      assertThat(association.queues()).isEqualTo(QUEUES);
      for (int queue = 0; queue < QUEUES; queue++) {
        RemoteNamespace on = association.namespace(1).onQueue(queue);
        for (int place = 0; place < DEPTH; place++) {
          action.at(on, slba++);
        }
      }
    }
  }

  private interface OnPlace {
    void at(RemoteNamespace on, long slba);
  }

  private static ByteBuffer pattern(long number) {
    return ByteBuffer.allocateDirect(BLOCK).putLong(0, mixed(number));
  }

  private static long mixed(long number) {
    return (number + 1) * 0x9E3779B97F4A7C15L;
  }

  private static void assertBalanced(TargetFixture target, int queues) {
    int[] each = target.target().ioQueues();
    assertThat(Arrays.stream(each).sum()).isEqualTo(queues);
    int fewest = Arrays.stream(each).min().orElseThrow();
    int most = Arrays.stream(each).max().orElseThrow();
    assertThat(most - fewest).as("%s", Arrays.toString(each)).isLessThanOrEqualTo(2 + queues / 16);
  }

  private static void assertGone(TargetFixture target) {
    Waiting.until("no connection", () -> target.target().connections() == 0);
    Waiting.until("no queue", () -> Arrays.stream(target.target().ioQueues()).sum() == 0);
    target.awaitNothingLent();
  }
}
