package io.mora.initiator.path;

import io.mora.initiator.auth.HostAuthenticator;
import io.mora.initiator.auth.NoSecretException;
import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.NvmeException;
import java.util.concurrent.CompletionException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When to try to reconnect, and when not to any more; arithmetic only, told the time.
 *
 * <p>Names and meanings are Linux's: reconnect_delay before each attempt, ctrl_loss_tmo until the
 * controller is given up, fast_io_fail_tmo until waiting commands fail.
 */
public final class Reconnector {
  /** The delay is not doubled beyond this: as long as a target makes such hosts wait. */
  static final long REFUSED_MS_MAX = 60_000;

  private static final int DOUBLED_MAX = 16;

  /*
   * The delay varies by a quarter either way: a target that comes back should not meet all of its
   * hosts in the same instant.
   */
  private final long delayMs;
  private final long lossTimeoutMs;
  private final RandomGenerator random;
  private long lostAtMs;
  private int attempts;

  /** Attempts since the loss that were refused for a proof; each doubles the delay. */
  private int refusals;

  /** Why the last attempt since the loss failed. */
  private @Nullable Throwable last;

  /**
   * @param lossTimeoutMs from the loss until giving up; 0 never tries, negative always
   */
  public Reconnector(long delayMs, long lossTimeoutMs, RandomGenerator random) {
    this.delayMs = delayMs;
    this.lossTimeoutMs = lossTimeoutMs;
    this.random = random;
  }

  /** The connection was lost now. */
  public void lost(long nowMs) {
    lostAtMs = nowMs;
    attempts = 0;
    refusals = 0;
    last = null;
  }

  /** Attempts since the loss. */
  public int attempts() {
    return attempts;
  }

  public boolean mayTry(long nowMs) {
    return lossTimeoutMs < 0 || nowMs - lostAtMs < lossTimeoutMs;
  }

  /**
   * How long to wait before the next attempt.
   *
   * @param atLeastMs what the controller needs to be rid of old commands (CQT)
   */
  public long nextDelayMs(long nowMs, long atLeastMs) {
    attempts++;
    long baseMs = delayMs;
    if (refusals > 0 && delayMs < REFUSED_MS_MAX) {
      baseMs = Math.min(REFUSED_MS_MAX, delayMs << Math.min(refusals, DOUBLED_MAX));
    }
    long quarter = baseMs / 4;
    long varied = baseMs - quarter + random.nextLong(2 * quarter + 1);
    return Math.max(varied, atLeastMs - (nowMs - lostAtMs));
  }

  /**
   * An attempt failed; whether another may follow. Who was let in before and is refused for its
   * proof may come again, later each time: its key may just be changed at the controller. Who has
   * none to give may not, for that is this side's to mend.
   */
  public boolean failed(Throwable failure) {
    last = failure;
    if (failure instanceof ConnectionException why
        && why.reason() == Reason.UNAUTHENTICATED
        && !(why.getCause() instanceof NoSecretException)) {
      refusals++;
      return true;
    }
    return !(failure instanceof NvmeException nvme) || nvme.retryable();
  }

  /**
   * Why there is no connection, for who gives up waiting for one.
   *
   * @param text how long was waited; what the last attempt came to is added
   * @param loss the cause if none was made since
   */
  public ConnectionException because(Reason reason, String text, Throwable loss) {
    Throwable latest = last;
    if (latest == null) {
      return new ConnectionException(reason, text, loss);
    }
    String why = latest instanceof NvmeException ? latest.getMessage() : latest.toString();
    return new ConnectionException(reason, text + "; the last attempt: " + why, latest);
  }

  /** Why an attempt failed, without what the futures wrapped around it. */
  public static Throwable causeOf(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null ? new ConnectionException(Reason.LOST, "connecting failed") : cause;
  }

  /**
   * Why an attempt failed in which the connection was lost, too: the loss, unless the failure is a
   * refused proof, a final refusal of a command, the end of a connection that has made a key for
   * TLS, or knows the loss and more.
   */
  public static Throwable causeOf(@Nullable Throwable failure, @Nullable ConnectionException lost) {
    Throwable cause = causeOf(failure);
    boolean saysMore =
        HostAuthenticator.isSecured(cause)
            || cause instanceof CommandException answer && !answer.retryable()
            || cause instanceof ConnectionException told
                && (told.reason() == Reason.UNAUTHENTICATED || told.getCause() == lost);
    return lost == null || saysMore ? cause : lost;
  }
}
