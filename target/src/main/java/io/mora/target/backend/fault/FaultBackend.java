package io.mora.target.backend.fault;

import io.mora.protocol.admin.storage.FaultSpec;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.ForwardingBackend;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.Lender;
import io.mora.target.shard.Shard;
import org.jspecify.annotations.Nullable;

/** A storage that fails on purpose, by rules: for tests of hosts and of what runs on them. */
public final class FaultBackend extends ForwardingBackend {
  /*
   * It changes no byte but by tearing a write, and answers for the storage only with the status of a
   * rule. An operation that the storage's geometry rules out meets no rule.
   */
  private final FaultRule[] rules;

  public FaultBackend(Backend inner, FaultSpec spec) {
    super("faulty", inner);
    rules = new FaultRule[spec.rules().size()];
    int blockBytes = inner.geometry().blockSizeBytes();
    for (int i = 0; i < rules.length; i++) {
      rules[i] = new FaultRule(spec.rules().get(i), blockBytes, ((long) spec.seed() << 8) + i);
    }
  }

  /** The storage's: what is sent in place has been read, by a command that met no fault. */
  @Override
  public @Nullable Lender lender() {
    return inner.lender();
  }

  @Override
  public BackendQueue queue(Shard shard) {
    return new FaultQueue(this, inner.queue(shard), shard.loop());
  }

  /** The rule that hits an operation; null for none. */
  @Nullable FaultRule hit(IoRequest request) {
    for (FaultRule rule : rules) {
      if (rule.hits(request)) {
        return rule;
      }
    }
    return null;
  }
}
