package io.mora.target.backend.fault;

import io.mora.protocol.admin.storage.FaultSpec;
import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.Lender;
import io.mora.target.shard.Shard;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A storage that fails on purpose, by rules: for tests of hosts and of what runs on them. */
public final class FaultBackend implements Backend {
  /*
   * It changes no byte but by tearing a write, and answers for the storage only with the status of a
   * rule. An operation that the storage's geometry rules out meets no rule.
   */
  private final Backend inner;
  private final FaultRule[] rules;

  public FaultBackend(Backend inner, FaultSpec spec) {
    this.inner = inner;
    rules = new FaultRule[spec.rules().size()];
    int blockBytes = inner.geometry().blockSizeBytes();
    for (int i = 0; i < rules.length; i++) {
      rules[i] = new FaultRule(spec.rules().get(i), blockBytes, ((long) spec.seed() << 8) + i);
    }
  }

  @Override
  public String description() {
    return "faulty " + inner.description();
  }

  @Override
  public BackendGeometry geometry() {
    return inner.geometry();
  }

  @Override
  public BackendGeometry resize(long sizeBytes) throws IOException {
    return inner.resize(sizeBytes);
  }

  /** The storage's: what is sent in place has been read, by a command that met no fault. */
  @Override
  public @Nullable Lender lender() {
    return inner.lender();
  }

  @Override
  public void snapshot(String path) throws IOException {
    inner.snapshot(path);
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

  @Override
  public void close() {
    inner.close();
  }
}
