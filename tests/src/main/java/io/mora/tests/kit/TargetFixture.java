package io.mora.tests.kit;

import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.MoraTarget;
import io.mora.target.backend.BackendOpener;
import io.mora.target.backend.Backends;
import io.mora.target.state.StateFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A target in this process, which must stop without anything left on loan. */
public final class TargetFixture implements AutoCloseable {
  private final TargetSpec spec;
  private final MoraTarget target;
  private boolean stopped;

  private TargetFixture(TargetSpec spec, MoraTarget target) {
    this.spec = spec;
    this.target = target;
  }

  public static TargetFixture start(Served served) {
    return start(served.listening(0));
  }

  public static TargetFixture start(TargetSpec spec) {
    return start(spec, Backends::open);
  }

  /** A target whose storage comes from the test. */
  public static TargetFixture start(TargetSpec spec, BackendOpener storage) {
    return start(spec, storage, null);
  }

  /**
   * A target whose storage comes from the test, and where it keeps reservations.
   *
   * @param state null to keep none
   */
  public static TargetFixture start(
      TargetSpec spec, BackendOpener storage, @Nullable StateFolder state) {
    try {
      return new TargetFixture(spec, MoraTarget.start(spec, storage, state));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public MoraTarget target() {
    return target;
  }

  /** Of the first I/O listener. */
  public int port() {
    return target.listeners().get(spec.discovery().listen().size()).address().getPort();
  }

  public TransportAddress address() {
    return new TransportAddress("127.0.0.1", port());
  }

  /** What to keep when a test fails. */
  public String state() {
    return target.transport()
        + ", "
        + target.connections()
        + " connections, "
        + (stopped ? "stopped, " : "")
        + target.lentBytes()
        + " bytes on loan"
        + "\n"
        + spec;
  }

  /**
   * Waits until no buffer is on loan.
   *
   * @throws AssertionError if one still is after ten seconds
   */
  public void awaitNothingLent() {
    Waiting.until("nothing on loan", () -> target.lentBytes() == 0);
  }

  /** Stops it; what is still on loan then is the test's to judge, by {@link #awaitNothingLent}. */
  @Override
  public void close() {
    stopped = true;
    target.close();
  }
}
