package io.mora.tests.system.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.Association;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.admin.policy.AnaState;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.LatencyModeSpec;
import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.admin.policy.NamespaceReach;
import io.mora.protocol.intent.LatencyClass;
import io.mora.target.MoraTarget;
import io.mora.target.live.ApplyResult;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.TargetFixture;
import io.mora.tests.kit.load.Crowd;
import io.mora.tests.kit.wire.Capsules;
import io.mora.tests.kit.wire.RawHost;
import io.mora.tests.kit.wire.RawSession;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random changes, valid and not, while hosts verify what they write on a namespace that stays and
 * another hammers those that come and go. Nobody who is not concerned may lose a connection.
 */
class RandomChangesTest {
  private static final int CHANGES = Integer.getInteger("mora.liveChanges", 200);
  private static final int CROWD_BLOCKS = 256;
  private static final int LAST_NSID = 9;
  private static final int BLOCK = 4096;
  private static final Nqn NQN = Served.SUBSYSTEM;

  /** Success, namespace gone, beyond its end, not this way, not now. */
  private static final Set<Integer> EXPECTED = Set.of(0, 0x00B, 0x080, 0x302, 0x303);

  @RegisterExtension final Evidence evidence = new Evidence();

  @Test
  void whoIsNotConcernedNoticesNothing() throws InterruptedException {
    TargetFixture fixture =
        evidence.closing(TargetFixture.start(Served.on(2).withMemory(8 << 20, BLOCK)));
    MoraTarget target = fixture.target();
    InitiatorFixture host = evidence.closing(InitiatorFixture.start());
    List<Association> associations = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      associations.add(
          host.connect(
              InitiatorFixture.persistent(fixture.address())
                  .queues(2)
                  .controllerLossTimeoutMs(0)
                  .build()));
    }
    Crowd crowd = evidence.closing(new Crowd(associations, 4, CROWD_BLOCKS, evidence.seed()));
    crowd.start();
    Hammer hammer = new Hammer(target.listeners().get(0).address());
    hammer.start();
    Random random = new Random(evidence.seed());
    int refused = 0;
    for (int i = 0; i < CHANGES; i++) {
      TargetSpec before = target.spec();
      boolean valid = random.nextInt(4) != 0;
      TargetSpec wanted = valid ? change(random, before) : spoil(random, before);
      ApplyResult result = target.apply(wanted);
      assertThat(result.isApplied()).as("change %s: %s", i, result).isEqualTo(valid);
      assertThat(target.spec()).isEqualTo(valid ? wanted : before);
      refused += valid ? 0 : 1;
    }
    hammer.end();
    crowd.stop();
    crowd.verify();
    assertThat(crowd.failures()).isZero();
    assertThat(refused).isPositive();
    assertThat(hammer.failure.get()).isNull();
    assertThat(hammer.commands).isPositive();
    fixture.awaitNothingLent();
  }

  private static TargetSpec change(Random random, TargetSpec spec) {
    return switch (random.nextInt(6)) {
      case 0 -> spec.withHosts(hosts(random));
      case 1 -> spec.withListeners(listeners(random, spec));
      case 2 -> spec.withSubsystems(subsystems(random, spec));
      default -> namespaces(random, spec);
    };
  }

  private static List<HostSpec> hosts(Random random) {
    List<HostSpec> hosts = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      hosts.add(new HostSpec(new Nqn("nqn.2026-01.io.mora:host-" + i), GrantSpec.DEFAULT));
    }
    return hosts;
  }

  private static List<ListenerSpec> listeners(Random random, TargetSpec spec) {
    List<ListenerSpec> listeners = new ArrayList<>(spec.listeners().subList(0, 1));
    for (int i = random.nextInt(3); i > 0; i--) {
      listeners.add(new ListenerSpec(new TransportAddress("127.0.0." + (i + 1), 0), List.of()));
    }
    AnaState[] states = {AnaState.OPTIMIZED, AnaState.INACCESSIBLE, AnaState.CHANGE};
    AnaGroupState second = new AnaGroupState(2, states[random.nextInt(states.length)]);
    listeners.set(0, listeners.get(0).withAna(List.of(second)));
    return listeners;
  }

  private static List<SubsystemSpec> subsystems(Random random, TargetSpec spec) {
    List<SubsystemSpec> subsystems = new ArrayList<>(spec.subsystems().subList(0, 1));
    for (int i = random.nextInt(3); i > 0; i--) {
      Nqn nqn = new Nqn("nqn.2026-01.io.mora:other-" + i);
      BackendSpec memory = new BackendSpec.Memory(1 << 20);
      subsystems.add(
          SubsystemSpec.openToAll(nqn, List.of(NamespaceSpec.of(nqn, 1, BLOCK, memory))));
    }
    return subsystems;
  }

  private static TargetSpec namespaces(Random random, TargetSpec spec) {
    List<NamespaceSpec> namespaces =
        new ArrayList<>(spec.subsystems().get(0).namespaces().subList(0, 1));
    for (int nsid = 2; nsid <= LAST_NSID; nsid++) {
      NamespaceSpec was = find(spec, nsid);
      int what = random.nextInt(6);
      if (what == 0) {
        continue;
      }
      namespaces.add(what > 3 && was != null ? was : namespace(random, nsid));
    }
    return with(spec, namespaces);
  }

  private static @Nullable NamespaceSpec find(TargetSpec spec, int nsid) {
    return spec.subsystems().get(0).namespaces().stream()
        .filter(each -> each.nsid() == nsid)
        .findFirst()
        .orElse(null);
  }

  private static NamespaceSpec namespace(Random random, int nsid) {
    long size = (1L + random.nextInt(4)) << 20;
    NamespaceReach reach = new NamespaceReach(1 + random.nextInt(2), List.of());
    NamespacePolicy policy =
        new NamespacePolicy(
            random.nextBoolean() ? LatencyClass.BULK : LatencyClass.DEFAULT,
            random.nextBoolean() ? LatencyModeSpec.BOUNDED : LatencyModeSpec.INHERIT,
            true,
            reach);
    int block = random.nextInt(8) == 0 ? 512 : BLOCK;
    return NamespaceSpec.of(NQN, nsid, block, new BackendSpec.Memory(size)).withPolicy(policy);
  }

  private static TargetSpec with(TargetSpec spec, List<NamespaceSpec> namespaces) {
    SubsystemSpec was = spec.subsystems().get(0);
    List<SubsystemSpec> subsystems = new ArrayList<>(spec.subsystems());
    subsystems.set(
        0, new SubsystemSpec(was.nqn(), was.serial(), was.model(), true, List.of(), namespaces));
    return spec.withSubsystems(subsystems);
  }

  /** A change of which one thing cannot be. */
  private static TargetSpec spoil(Random random, TargetSpec spec) {
    TargetSpec changed = change(random, spec);
    List<NamespaceSpec> namespaces = new ArrayList<>(changed.subsystems().get(0).namespaces());
    switch (random.nextInt(4)) {
      case 0 -> namespaces.add(namespaces.get(0));
      case 1 ->
          namespaces.add(
              NamespaceSpec.of(
                  NQN,
                  20,
                  BLOCK,
                  new BackendSpec.File(
                      "/no/such/folder/file", 1 << 20, false, BackendSpec.DirectIo.AUTO, false)));
      case 2 -> namespaces.add(NamespaceSpec.of(NQN, 20, 1000, new BackendSpec.Memory(1 << 20)));
      default -> {
        List<ListenerSpec> listeners = new ArrayList<>(changed.listeners());
        // No interface has it.
        listeners.add(new ListenerSpec(new TransportAddress("192.0.2.77", 0), List.of()));
        return changed.withListeners(listeners);
      }
    }
    return with(changed, namespaces);
  }

  /** Reads and writes namespaces that may be there or not. */
  private static final class Hammer extends Thread {
    private final RawSession session;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private int commands;

    Hammer(InetSocketAddress address) {
      super("hammer");
      this.session = RawSession.open(address, NQN.value());
    }

    @Override
    public void run() {
      Random random = new Random(1);
      byte[] data = new byte[2 * BLOCK];
      try (session) {
        RawHost queue = session.queue(1);
        while (!stop.get()) {
          int nsid = 2 + random.nextInt(LAST_NSID - 1);
          long slba = random.nextInt(900);
          boolean write = random.nextBoolean();
          int cid = commands++ % 1000;
          // Its blocks may be of 512 bytes by now: then the length does not fit.
          int code =
              write
                  ? queue
                      .run(Capsules.blocks(Capsules.inCapsule(0x01, cid, nsid, data), slba, 2))
                      .code()
                  : queue
                      .run(
                          Capsules.blocks(Capsules.transfer(0x02, cid, nsid, data.length), slba, 2))
                      .code();
          if (!EXPECTED.contains(code) && code != 0x00F) {
            throw new AssertionError("status " + Integer.toHexString(code));
          }
        }
      } catch (RuntimeException | AssertionError e) {
        failure.set(e);
      }
    }

    void end() throws InterruptedException {
      stop.set(true);
      join();
    }
  }
}
