package io.mora.target.subsystem;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.policy.SubsystemPolicy;

/** A subsystem: its identity, who may use it, and a snapshot of its namespaces. */
public final class Subsystem {
  private final Nqn nqn;
  private final Identity identity;
  private final boolean discovery;
  private volatile SubsystemPolicy policy;
  private volatile HostAccess access;
  private volatile NamespaceTable namespaces;

  /**
   * @param discovery it is the discovery subsystem and has no namespaces
   */
  public Subsystem(
      Nqn nqn,
      Identity identity,
      boolean discovery,
      SubsystemPolicy policy,
      HostAccess access,
      NamespaceTable namespaces) {
    this.nqn = nqn;
    this.identity = identity;
    this.discovery = discovery;
    this.policy = policy;
    this.access = access;
    this.namespaces = namespaces;
  }

  public Nqn nqn() {
    return nqn;
  }

  public Identity identity() {
    return identity;
  }

  public boolean isDiscovery() {
    return discovery;
  }

  /** How its commands are served; queues take theirs when they connect. */
  public SubsystemPolicy policy() {
    return policy;
  }

  public void policy(SubsystemPolicy replacement) {
    policy = replacement;
  }

  /** Current snapshot; any thread. */
  public HostAccess access() {
    return access;
  }

  public void access(HostAccess replacement) {
    access = replacement;
  }

  /** Current snapshot; any thread. */
  public NamespaceTable namespaces() {
    return namespaces;
  }

  public void namespaces(NamespaceTable replacement) {
    namespaces = replacement;
  }

  @Override
  public String toString() {
    return nqn.value();
  }

  /**
   * What Identify says about the subsystem; the same on all its controllers and after restarts.
   *
   * @param serial at most 20 ASCII characters
   * @param model at most 40 ASCII characters
   * @param firmware at most 8 ASCII characters
   */
  public record Identity(String serial, String model, String firmware) {}
}
