package io.mora.target.backend;

/** A shard's own way into a namespace's storage. Every method runs on that shard's thread. */
public interface BackendQueue extends AutoCloseable {
  /**
   * Starts an operation. Never blocks, never throws for what the storage does: every failure comes
   * as the status of {@link IoRequest#complete}, which may be called before this returns.
   */
  void submit(IoRequest request);

  /** Operations submitted and not yet completed. */
  int inFlight();

  /** Releases what this shard holds; the caller has waited until {@link #inFlight} is 0. */
  @Override
  void close();
}
