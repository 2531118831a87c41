package io.mora.tests.kit;

import io.mora.initiator.ConnectOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** Waits that end: limits are there to fail a test that hangs, not to measure. */
public final class Waiting {
  /** More than anything here may take on a machine that does two other things. */
  public static final long LIMIT_SECONDS = 60;

  /** How late a host may see that a command is late. */
  private static final long SWEEP_MS = 1000;

  private Waiting() {}

  /**
   * The longest silence that a host may keep when its connections die unseen: until it notices by
   * keep-alive, then an attempt that dies unseen too, then one that succeeds. At least {@link
   * #LIMIT_SECONDS}.
   */
  public static long recoverySeconds(ConnectOptions options) {
    long noticeMs = options.keepAliveTimeoutMs() * 3 / 2 + SWEEP_MS;
    if (options.keepAliveTimeoutMs() == 0) {
      noticeMs = options.ioTimeoutMs() + SWEEP_MS;
    }
    long attemptMs = options.reconnectDelayMs() * 5 / 4 + options.attemptTimeoutMs() + SWEEP_MS;
    return Math.max(LIMIT_SECONDS, (noticeMs + 2 * attemptMs) / 1000);
  }

  /** Waits for a condition that another thread brings about. */
  public static void until(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(LIMIT_SECONDS))
        .until(condition);
  }

  /**
   * The stage's value.
   *
   * @throws RuntimeException or Error that it failed with, itself
   */
  public static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw Waiting.<RuntimeException>sneaky(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("no end within " + LIMIT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** What the stage failed with. */
  public static Throwable failure(CompletionStage<?> stage) {
    try {
      Object value = stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("did not fail: " + value);
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    } catch (TimeoutException e) {
      throw new AssertionError("no end within " + LIMIT_SECONDS + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E sneaky(Throwable cause) throws E {
    throw (E) cause;
  }
}
