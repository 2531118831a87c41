package io.mora.target.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.BackendSpec.DirectIo;
import io.mora.protocol.admin.DiscoverySpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.ShardSpec;
import io.mora.protocol.admin.ShardSpec.TransportChoice;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.TransferSpec;
import io.mora.protocol.admin.policy.AnaGroupState;
import io.mora.protocol.admin.policy.AnaState;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.GrantSpec.TimingGrant;
import io.mora.protocol.admin.policy.LatencyModeSpec;
import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.admin.policy.NamespaceReach;
import io.mora.protocol.admin.policy.QosSpec;
import io.mora.protocol.admin.policy.RateSpec;
import io.mora.protocol.admin.policy.SubsystemPolicy;
import io.mora.protocol.admin.policy.TlsPolicy;
import io.mora.protocol.admin.policy.Trust;
import io.mora.protocol.admin.storage.FaultSpec;
import io.mora.protocol.admin.storage.PoolSpec;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.protocol.intent.LatencyClass;
import io.mora.protocol.status.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What is written reads back as the same spec, whatever texts are in it. */
class ConfigRoundTripTest {
  private static final List<String> AWKWARD =
      List.of(
          "true",
          "null",
          "~",
          "1",
          "0x10",
          "1e3",
          "yes",
          "-",
          "#",
          ": ",
          "a: b",
          "'",
          "\"",
          "[a]",
          "{a}",
          "&a",
          "*a",
          "!x",
          "|",
          ">",
          "%",
          "@",
          "`",
          "- a",
          "a #b",
          "\\n",
          "2026-11-21");

  @Property(tries = 300)
  void whatIsWrittenReadsBack(@ForAll long seed, @ForAll("texts") List<String> texts)
      throws ConfigException {
    TargetSpec spec = spec(new Random(seed), texts);
    assertThat(spec.validate()).isEmpty();
    String yaml = ConfigFile.toYaml(spec);
    assertThat(ConfigFile.parse("x", Path.of("/"), yaml).spec()).as(yaml).isEqualTo(spec);
  }

  /** Serials, models and host names that YAML could take for something else. */
  @Provide
  Arbitrary<List<String>> texts() {
    Arbitrary<String> random =
        Arbitraries.strings()
            .withCharRange(' ', '~')
            .ofMinLength(1)
            .ofMaxLength(SubsystemSpec.SERIAL_MAX)
            .filter(text -> !text.isBlank() && text.equals(text.strip()));
    return Arbitraries.oneOf(random, Arbitraries.of(AWKWARD).map(String::strip))
        .list()
        .uniqueElements()
        .ofMinSize(4)
        .ofMaxSize(8);
  }

  private static @Nullable DhchapSpec dhchap(Random random) {
    if (random.nextBoolean()) {
      return null;
    }
    DhchapSpec some = DhchapSpec.of(secret(random));
    some = random.nextBoolean() ? some : some.withControllerKey(secret(random));
    some = random.nextBoolean() ? some : some.withHashes(pick(random, DhchapHash.class));
    return random.nextBoolean() ? some : some.withGroups(pick(random, DhchapGroup.class));
  }

  /** Of whom a claim is not granted more than it is worth. */
  private static HostSpec host(Random random, Nqn nqn) {
    HostSpec some = new HostSpec(nqn, grants(random), dhchap(random));
    some = some.with(pick(random, Trust.class));
    return some.dhchap() != null || some.trust() == Trust.CLAIMED
        ? some
        : new HostSpec(nqn, some.grants().ofClaim(), null);
  }

  /** Of the first listener: some of the hosts could make no key for TLS. */
  private static TlsPolicy open(Random random) {
    return random.nextBoolean() ? TlsPolicy.NONE : TlsPolicy.ALLOWED;
  }

  private static DhchapSecret secret(Random random) {
    byte[] key = new byte[32 + 16 * random.nextInt(2)];
    random.nextBytes(key);
    return DhchapSecret.of(key, DhchapHash.of(random.nextInt(4)));
  }

  private static TargetSpec spec(Random random, List<String> texts) {
    List<HostSpec> hosts = new ArrayList<>();
    texts.forEach(text -> hosts.add(host(random, new Nqn(text))));
    hosts.set(0, hosts.get(0).with(Trust.CLAIMED)); // Else nobody could have a class of a place.
    List<SubsystemSpec> subsystems = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      Nqn nqn = new Nqn("nqn.2026-11.io.example:" + texts.get(i) + i);
      List<Nqn> allowed =
          hosts.subList(0, random.nextInt(hosts.size())).stream().map(HostSpec::nqn).toList();
      subsystems.add(
          new SubsystemSpec(
              nqn,
              texts.get(random.nextInt(texts.size())),
              texts.get(random.nextInt(texts.size())),
              random.nextBoolean(),
              allowed,
              seenBy(allowed, namespaces(random, nqn, texts.get(0))),
              policy(random)));
    }
    List<ListenerSpec> listeners = new ArrayList<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      List<Nqn> served = random.nextBoolean() ? List.of() : List.of(subsystems.get(0).nqn());
      listeners.add(
          new ListenerSpec(
              address(random, 5000 + i),
              i % 2 == 0 ? "" : "192.0.2." + i,
              served,
              pick(random, LatencyClass.class),
              i == 0 ? List.of() : List.of(new AnaGroupState(i, pick(random, AnaState.class))),
              i == 0 ? open(random) : pick(random, TlsPolicy.class),
              pick(random, Trust.class)));
    }
    return new TargetSpec(
        shards(random),
        limits(random),
        new DiscoverySpec(
            List.of(address(random, 8009), address(random, 0)),
            random.nextBoolean() ? "" : "2001:db8::1",
            random.nextBoolean() ? List.of() : List.of(new TransportAddress("192.0.2.9", 8010)),
            random.nextBoolean()),
        listeners,
        hosts,
        subsystems,
        new IntentSpec(
            random.nextBoolean(),
            pick(random, IntentSpec.Readahead.class),
            Duration.ofMillis(1 + random.nextInt(1000)),
            random.nextInt(1 << 30),
            1 + random.nextInt(100)),
        new QosSpec(
            pick(random, QosSpec.Policy.class),
            0,
            0,
            1 + random.nextInt(100),
            1 + random.nextInt(90),
            Duration.ofMillis(100 + random.nextInt(1000))));
  }

  private static GrantSpec grants(Random random) {
    List<Integer> floors = new ArrayList<>(GrantSpec.noFloors());
    floors.set(5 + random.nextInt(3), random.nextInt(1_000_000));
    return new GrantSpec(
        pick(random, LatencyClass.class),
        LatencyClass.of(1 + random.nextInt(7)),
        random.nextBoolean(),
        random.nextBoolean(),
        pick(random, TimingGrant.class),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextInt(256),
        floors,
        new RateSpec(random.nextInt(1000), random.nextInt(1000), 1 + random.nextInt(1000)),
        1 + random.nextInt(1_000));
  }

  private static SubsystemPolicy policy(Random random) {
    return new SubsystemPolicy(
        LatencyModeSpec.BOUNDED,
        random.nextBoolean()
            ? List.of()
            : List.of(
                new SubsystemPolicy.QueueClass(1, 1, LatencyClass.LOW_LATENCY),
                new SubsystemPolicy.QueueClass(2, 4, LatencyClass.BULK)),
        random.nextBoolean()
            ? PoolSpec.NONE
            : new PoolSpec(
                "/srv/pool-" + random.nextInt(), 1L << 30, 1 + random.nextInt(4096), List.of()));
  }

  private static TransportAddress address(Random random, int port) {
    String[] hosts = {"127.0.0.1", "::1", "0.0.0.0", "::", "fe80::1"};
    return new TransportAddress(hosts[random.nextInt(hosts.length)], port);
  }

  private static ShardSpec shards(Random random) {
    List<Integer> cpus = random.nextBoolean() ? List.of() : List.of(random.nextInt(8), 8, 9, 10);
    return new ShardSpec(
        random.nextInt(5),
        pick(random, TransportChoice.class),
        cpus,
        random.nextBoolean(),
        (16L << 20) + random.nextInt(1 << 30));
  }

  private static <E extends Enum<E>> E pick(Random random, Class<E> type) {
    List<E> constants = List.copyOf(EnumSet.allOf(type));
    return constants.get(random.nextInt(constants.size()));
  }

  private static LimitsSpec limits(Random random) {
    return new LimitsSpec(
        2 + random.nextInt(1000),
        1 + random.nextInt(100),
        32 + random.nextInt(900),
        Duration.ofMillis(100 + random.nextInt(100_000)),
        Duration.ofMillis(random.nextInt(100_000)),
        new TransferSpec(
            16 * random.nextInt(4096),
            64 << 10 << random.nextInt(6),
            4096 * (1 + random.nextInt(64))),
        random.nextInt(1000),
        new LimitsSpec.PerAddress(
            random.nextInt(1000), random.nextInt(1000), 32 + random.nextInt(97)),
        random.nextBoolean() ? LimitsSpec.OFF : (4L << 20) + random.nextInt(1 << 30));
  }

  private static List<NamespaceSpec> namespaces(Random random, Nqn nqn, String text) {
    List<NamespaceSpec> namespaces = new ArrayList<>();
    for (int nsid = 1; nsid <= random.nextInt(5); nsid++) {
      long size = (1L << 20) + 4096L * random.nextInt(1 << 20);
      String path = "/srv/" + nqn.value().hashCode() + "-" + nsid + text.replace('/', '_');
      DirectIo direct = pick(random, DirectIo.class);
      BackendSpec backend =
          switch (random.nextInt(5)) {
            case 0 -> new BackendSpec.Memory(size);
            case 1 -> new BackendSpec.Null(size);
            case 3 ->
                new BackendSpec.Stripe(
                    List.of(path, path + "b"),
                    random.nextBoolean() ? 0 : 2 * size / 8192 * 8192,
                    4096,
                    random.nextBoolean(),
                    direct,
                    false);
            case 2 -> new BackendSpec.Block(path, direct, random.nextBoolean());
            default ->
                new BackendSpec.File(
                    path, random.nextBoolean() ? 0 : size, random.nextBoolean(), direct, false);
          };
      int blockSize = random.nextBoolean() ? 512 : 4096;
      if (random.nextBoolean()) {
        backend = new BackendSpec.Faulty(backend, faults(random));
      }
      BackendSpec around =
          random.nextBoolean() ? backend : new BackendSpec.Delayed(backend, device(random));
      NamespacePolicy policy =
          new NamespacePolicy(
              pick(random, LatencyClass.class),
              pick(random, LatencyModeSpec.class),
              random.nextBoolean(),
              new NamespaceReach(1 + random.nextInt(128), List.of(), random.nextBoolean()));
      namespaces.add(NamespaceSpec.of(nqn, nsid, blockSize, around).withPolicy(policy));
    }
    return namespaces;
  }

  /** The first of them by some hosts only. */
  private static List<NamespaceSpec> seenBy(List<Nqn> hosts, List<NamespaceSpec> namespaces) {
    List<NamespaceSpec> seen = new ArrayList<>(namespaces);
    if (!seen.isEmpty()) {
      NamespacePolicy policy = seen.get(0).policy();
      int group = policy.reach().anaGroup();
      seen.set(0, seen.get(0).withPolicy(policy.withReach(new NamespaceReach(group, hosts))));
    }
    return seen;
  }

  private static FaultSpec faults(Random random) {
    List<FaultSpec.Rule> rules = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      boolean torn = random.nextBoolean();
      Set<FaultSpec.Operation> some =
          random.nextBoolean() ? Set.of() : Set.of(pick(random, FaultSpec.Operation.class));
      int status = Status.of(1 + random.nextInt(7), random.nextInt(256));
      rules.add(
          new FaultSpec.Rule(
              new FaultSpec.Where(
                  torn ? Set.of(FaultSpec.Operation.WRITE) : some,
                  random.nextInt(1000) * (1L << 32),
                  random.nextInt(1000)),
              new FaultSpec.When(
                  random.nextInt(1000),
                  1 + random.nextInt(1000),
                  random.nextBoolean(),
                  random.nextInt(10)),
              new FaultSpec.What(
                  random.nextBoolean() ? status : status | Status.DNR, micros(random), torn)));
    }
    return new FaultSpec(random.nextInt(1000), rules);
  }

  private static BackendSpec.Device device(Random random) {
    return new BackendSpec.Device(
        1 + random.nextInt(1024),
        1 + random.nextInt(1000),
        direction(random),
        direction(random),
        random.nextInt(5000),
        micros(random));
  }

  private static BackendSpec.Direction direction(Random random) {
    return new BackendSpec.Direction(
        micros(random), micros(random), micros(random), random.nextInt(1 << 30));
  }

  private static Duration micros(Random random) {
    return Duration.ofNanos(1000L * random.nextInt(10_000_000));
  }
}
