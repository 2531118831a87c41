package io.mora.cli.connect;

import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting on an initiator as a command does: in the calling thread, for so long. */
public final class Session {
  private Session() {}

  /** A small initiator for a command that does one thing. */
  public static Initiator start(HostOptions host) {
    return Initiator.create(options(host).loops(1).build());
  }

  /** Options that say who this host is; the rest is open. */
  public static InitiatorOptions.Builder options(HostOptions host) {
    return host.identity().options();
  }

  /**
   * The stage's value; its failure is thrown as it is.
   *
   * @throws TimeoutException if it takes longer
   */
  public static <T> T await(CompletionStage<T> stage, long timeoutMs, String what)
      throws TimeoutException, InterruptedException {
    try {
      return stage.toCompletableFuture().get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new CompletionException(e.getCause());
    } catch (TimeoutException e) {
      TimeoutException named =
          new TimeoutException(what + " took longer than " + timeoutMs + " ms; allow more time");
      named.initCause(e);
      throw named;
    }
  }
}
