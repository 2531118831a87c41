package io.mora.protocol.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.data.Bytes;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** The rules themselves are tested through the configuration file, with their messages. */
class TargetSpecTest {
  private static final Nqn NQN = new Nqn("nqn.2026-11.io.example:disk");
  private static final BackendSpec MEMORY = new BackendSpec.Memory(1 << 20);

  @Test
  void defaultsAreSound() {
    TargetSpec spec =
        TargetSpec.of(
            List.of(ListenerSpec.of("127.0.0.1", 0), ListenerSpec.of("127.0.0.1", 0)),
            List.of(SubsystemSpec.openToAll(NQN, List.of(NamespaceSpec.of(NQN, 1, 512, MEMORY)))));
    assertThat(spec.validate()).isEmpty();
    assertThat(spec.withDiscovery(new DiscoverySpec(List.of(new TransportAddress("::1", 8009)))))
        .extracting(TargetSpec::validate)
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .isEmpty();
  }

  /**
   * The values of Python's uuid.uuid5(NAMESPACE_URL, ...): hosts would lose disks if they moved.
   */
  @Test
  void derivedIdentifiersNeverChange() {
    UUID uuid = NamespaceSpec.defaultUuid(NQN, 1);
    assertThat(uuid).hasToString("a76e9779-2d6e-5640-88f1-9f49e953bb43");
    assertThat(NamespaceSpec.defaultNguid(uuid))
        .isEqualTo(Bytes.parseHex("a76e97792d6e564088f19f49e953bb43"));
    assertThat(SubsystemSpec.defaultSerial(NQN)).isEqualTo("MORAC9F29CC5DA4558A3");
    assertThat(NamespaceSpec.defaultUuid(NQN, 2)).isNotEqualTo(uuid);
    assertThat(NamespaceSpec.defaultUuid(new Nqn("nqn.2026-11.io.example:disk2"), 1))
        .isNotEqualTo(uuid);
  }

  @Test
  void hostsAndListenersDecideWhoSeesWhat() {
    Nqn host = new Nqn("host");
    SubsystemSpec closed = new SubsystemSpec(NQN, "S", "M", false, List.of(host), List.of());
    assertThat(closed.allows(host)).isTrue();
    assertThat(closed.allows(new Nqn("Host"))).as("bytewise").isFalse();
    assertThat(SubsystemSpec.openToAll(NQN, List.of()).allows(new Nqn("any"))).isTrue();
    assertThat(ListenerSpec.of("::1", 0).serves(NQN)).isTrue();
    ListenerSpec one = new ListenerSpec(new TransportAddress("::1", 0), List.of(NQN));
    assertThat(one.serves(NQN)).isTrue();
    assertThat(one.serves(new Nqn("other"))).isFalse();
  }

  /** As many as a shard's scheduler has lines: it must not be found out when the target starts. */
  @Test
  void namespacesOfAllSubsystemsAreBounded() {
    Nqn other = new Nqn("nqn.2026-11.io.example:other");
    int max = (int) TargetSpec.NAMESPACES.max();
    SubsystemSpec first = SubsystemSpec.openToAll(NQN, namespaces(NQN, max));
    List<ListenerSpec> listeners = List.of(ListenerSpec.of("127.0.0.1", 0));
    assertThat(TargetSpec.of(listeners, List.of(first)).validate()).isEmpty();
    SubsystemSpec second = SubsystemSpec.openToAll(other, namespaces(other, 1));
    assertThat(TargetSpec.of(listeners, List.of(first, second)).validate())
        .containsExactly(
            new Problem(
                "",
                0,
                "subsystems[].namespaces",
                "4097 entries",
                "at most 4096 entries",
                "too many entries"));
  }

  private static List<NamespaceSpec> namespaces(Nqn nqn, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(nsid -> NamespaceSpec.of(nqn, nsid, 512, MEMORY))
        .toList();
  }

  @Test
  void aSpecOfNothingSaysSo() {
    assertThat(TargetSpec.of(List.of(), List.of()).validate())
        .containsExactly(
            new Problem("", 0, "listeners", "", "at least one address", "nothing to listen on"));
  }
}
