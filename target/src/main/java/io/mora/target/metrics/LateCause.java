package io.mora.target.metrics;

import java.util.Locale;

/** What a command that was late lost most of its time to, as far as the target can see. */
public enum LateCause {
  /** Its host was over its rate: it ran as class 4. */
  TOKEN_BUCKET,
  /** A large write that waited until its data was asked for. */
  R2T_WAIT,
  /** No buffer was free for it, or its queue pair had its share. */
  BUFFER_WAIT,
  /** It waited in the scheduler for its device. */
  ADMISSION,
  DEVICE,
  /** Its reply waited for others, or the host did not take it. */
  SEND;

  private static final LateCause[] ALL = values();

  /** Number of causes. */
  public static final int COUNT = ALL.length;

  /** The word for it in output: {@code token_bucket}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Place in tables of counts. */
  public int index() {
    for (int i = 0; i < ALL.length; i++) {
      if (ALL[i] == this) {
        return i;
      }
    }
    throw new IllegalStateException(name());
  }

  /** The cause at a place. */
  public static LateCause of(int index) {
    return ALL[index];
  }
}
