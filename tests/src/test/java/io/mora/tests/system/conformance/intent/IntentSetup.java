package io.mora.tests.system.conformance.intent;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.HostSpec;
import io.mora.protocol.admin.IntentSpec;
import io.mora.protocol.admin.ListenerSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.SubsystemSpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.protocol.admin.policy.GrantSpec;
import io.mora.protocol.admin.policy.GrantSpec.TimingGrant;
import io.mora.protocol.admin.policy.LatencyModeSpec;
import io.mora.protocol.admin.policy.NamespacePolicy;
import io.mora.protocol.admin.policy.RateSpec;
import io.mora.protocol.admin.policy.SubsystemPolicy;
import io.mora.protocol.admin.policy.SubsystemPolicy.QueueClass;
import io.mora.protocol.intent.LatencyClass;
import io.mora.tests.system.conformance.Setup;
import java.util.List;

/** A target with every kind of policy and grant there is: who connects, where, decides. */
final class IntentSetup {
  static final Nqn NQN = Setup.NQN;

  /** Hosts. A stranger has no entry in the configuration: the default grant. */
  static final String STRANGER = "nqn.2026-11.io.mora:host-stranger";

  static final String TRUSTED = "nqn.2026-11.io.mora:host-trusted";

  /** Up to class 5, coarse timing, everything else. */
  static final String COARSE = "nqn.2026-11.io.mora:host-coarse";

  /** Everything, with shortest budgets. */
  static final String FLOORED = "nqn.2026-11.io.mora:host-floored";

  /** Everything, with a rate; its bucket is for one test only. */
  static final String RATED = "nqn.2026-11.io.mora:host-rated";

  /** Nothing granted, class 2 given. */
  static final String BULK = "nqn.2026-11.io.mora:host-bulk";

  /** Nothing granted, class 7 given: policy is itself a grant of that class. */
  static final String URGENT = "nqn.2026-11.io.mora:host-urgent";

  static final int FLOOR_5_US = 2_000;
  static final int FLOOR_6_US = 1_000;
  static final int FLOOR_7_US = 500;
  static final int RATED_BURST = 4;

  /** NSIDs: no policy; class 2 by policy; intent excluded; intent excluded and class 1. */
  static final int PLAIN = 1;

  static final int BULK_NAMESPACE = 2;
  static final int EXCLUDED = 3;
  static final int EXCLUDED_BACKGROUND = 4;

  static final int BLOCKS = 256;

  /** Listeners: no class; class 3. */
  static final int LISTENER_PLAIN = 0;

  static final int LISTENER_PREFETCH = 1;

  /** Class 1 by configuration. */
  static final int QID_BACKGROUND = 3;

  private IntentSetup() {}

  static TargetSpec spec(Setup setup) {
    GrantSpec all = GrantSpec.everything();
    GrantSpec none = GrantSpec.DEFAULT;
    GrantSpec coarse = all.withMaxClass(LatencyClass.INTERACTIVE).withTiming(TimingGrant.COARSE);
    List<Integer> floors = List.of(0, 0, 0, 0, 0, FLOOR_5_US, FLOOR_6_US, FLOOR_7_US);
    List<HostSpec> hosts =
        List.of(
            new HostSpec(new Nqn(TRUSTED), all),
            new HostSpec(new Nqn(COARSE), coarse),
            new HostSpec(new Nqn(FLOORED), all.withMinBudgetUs(floors)),
            new HostSpec(new Nqn(RATED), all.withRate(new RateSpec(1, 0, RATED_BURST))),
            new HostSpec(new Nqn(BULK), none.withBaseClass(LatencyClass.BULK)),
            new HostSpec(new Nqn(URGENT), none.withBaseClass(LatencyClass.CRITICAL)));
    List<NamespaceSpec> namespaces =
        List.of(
            namespace(PLAIN, LatencyClass.DEFAULT, true),
            namespace(BULK_NAMESPACE, LatencyClass.BULK, true),
            namespace(EXCLUDED, LatencyClass.DEFAULT, false),
            namespace(EXCLUDED_BACKGROUND, LatencyClass.BACKGROUND, false));
    SubsystemPolicy policy =
        new SubsystemPolicy(
            LatencyModeSpec.AUTO,
            List.of(new QueueClass(QID_BACKGROUND, QID_BACKGROUND, LatencyClass.BACKGROUND)));
    ListenerSpec plain = ListenerSpec.of("127.0.0.1", 0);
    return TargetSpec.of(
            List.of(plain, plain.withLatencyClass(LatencyClass.PREFETCH)),
            List.of(SubsystemSpec.openToAll(NQN, namespaces).withPolicy(policy)))
        .withShards(setup.spec().shards())
        .withLimits(setup.spec().limits())
        .withHosts(hosts)
        .withLatencyIntent(new IntentSpec(true));
  }

  private static NamespaceSpec namespace(int nsid, LatencyClass base, boolean intent) {
    return NamespaceSpec.of(NQN, nsid, 4096, new BackendSpec.Memory(BLOCKS * 4096L))
        .withPolicy(new NamespacePolicy(base, LatencyModeSpec.INHERIT, intent));
  }
}
