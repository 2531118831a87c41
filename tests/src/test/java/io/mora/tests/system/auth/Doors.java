package io.mora.tests.system.auth;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.LimitsSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.DhchapSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.auth.DhchapGroup;
import io.mora.protocol.auth.DhchapHash;
import io.mora.protocol.auth.DhchapSecret;
import io.mora.tests.system.conformance.Setup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Hosts of the tests, and what they have to prove. Each test has a host of its own: failures add
 * up.
 */
final class Doors {
  static final String SUBSYSTEM = Setup.NQN.value();

  private static final int HOSTS = 60;

  private Doors() {}

  static String host(int number) {
    return "nqn.2026-11.io.mora:host-" + number;
  }

  /** A host that has no key for the controller. */
  static final String ONE_WAY = "nqn.2026-11.io.mora:one-way";

  /** SHA-512 with ffdhe3072 only. */
  static final String STRICT = "nqn.2026-11.io.mora:strict";

  static final String KEYLESS = "nqn.2026-11.io.mora:keyless";

  static byte[] key(int number) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) (number + 1));
    return key;
  }

  static byte[] controllerKey(int number) {
    byte[] key = new byte[48];
    Arrays.fill(key, (byte) (number + 101));
    return key;
  }

  private static DhchapSpec keys(int number) {
    return DhchapSpec.of(DhchapSecret.of(key(number), null))
        .withControllerKey(DhchapSecret.of(controllerKey(number), null));
  }

  private static HostSpec named(String nqn, DhchapSpec keys) {
    return new HostSpec(new Nqn(nqn), GrantSpec.DEFAULT, keys);
  }

  static List<HostSpec> hosts() {
    List<HostSpec> hosts = new ArrayList<>();
    for (int i = 0; i < HOSTS; i++) {
      hosts.add(named(host(i), keys(i)));
    }
    hosts.add(named(ONE_WAY, DhchapSpec.of(DhchapSecret.of(key(0), null))));
    hosts.add(
        named(STRICT, keys(0).withHashes(DhchapHash.SHA512).withGroups(DhchapGroup.FFDHE3072)));
    hosts.add(new HostSpec(new Nqn(KEYLESS)));
    return hosts;
  }

  static TargetSpec spec(Setup setup) {
    return setup.spec().withHosts(hosts());
  }

  /** As {@link #spec} with little time for a proof. */
  static TargetSpec hasty(Setup setup, Duration time) {
    TargetSpec spec = spec(setup);
    LimitsSpec limits = spec.limits();
    return spec.withLimits(
        new LimitsSpec(
            512,
            limits.ioQueuesPerController(),
            limits.queueDepth(),
            time,
            limits.shutdownTimeout(),
            limits.transfer()));
  }
}
