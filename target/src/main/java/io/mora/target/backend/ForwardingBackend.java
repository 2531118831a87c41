package io.mora.target.backend;

import java.io.IOException;

/**
 * Storage laid around storage: all but its queues is the inner one's. It lends nothing: what passes
 * by the queues passes by whoever is laid around.
 */
public abstract class ForwardingBackend implements Backend {
  protected final Backend inner;
  private final String prefix;

  /**
   * @param prefix what {@link #description} puts before the inner one's
   * @param inner closed with this
   */
  protected ForwardingBackend(String prefix, Backend inner) {
    this.prefix = prefix;
    this.inner = inner;
  }

  @Override
  public String description() {
    return prefix + " " + inner.description();
  }

  @Override
  public BackendGeometry geometry() {
    return inner.geometry();
  }

  @Override
  public BackendGeometry resize(long sizeBytes) throws IOException {
    return inner.resize(sizeBytes);
  }

  @Override
  public void snapshot(String path) throws IOException {
    inner.snapshot(path);
  }

  @Override
  public void close() {
    inner.close();
  }
}
