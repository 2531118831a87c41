package io.mora.target.transport;

import io.mora.target.metrics.StageRecorder;

/**
 * When to give up a host that owes something and does nothing about it: the rest of a PDU, data an
 * R2T asked for, or taking its replies. Such a host holds buffers others need; keep-alive does not
 * find it, as its other queues may be busy. Or one whose data comes spoilt, nearly always.
 */
final class HostPatience {
  /*
   * Progress counts, not time per command: over a slow link the last of many large writes may wait
   * for minutes, and bytes flow all the while. A host that sends one byte a minute is not found.
   */
  /** Between two looks. */
  static final long LOOK_MS = 15_000;

  /** Looks in a row without progress before the connection is closed: a minute or more. */
  static final int LOOKS = 4;

  /** So many more data digests wrong than right, and the connection is closed. */
  static final int WRONG_DIGESTS = 64;

  private int wrongDigests;
  private long read;
  private long untaken;
  private long data;
  private int looks;

  /*
   * A wrong data digest is not fatal: its command fails and is tried again. So a host behind a link
   * that spoils some of its data is served, however long; one behind a link that spoils more than
   * half is better off on another path, and does not know that before this one ends.
   */
  /** Data has come with its digest; true when the host is given up. */
  boolean isAtEnd(boolean digestValid, StageRecorder recorder) {
    if (digestValid) {
      wrongDigests = Math.max(0, wrongDigests - 1);
      return false;
    }
    recorder.wrongDigest();
    return ++wrongDigests >= WRONG_DIGESTS;
  }

  /**
   * Looks at a connection.
   *
   * @param owesPdu a PDU has begun and its rest has not come
   * @param bytesRead received since the connection was made
   * @param bytesUntaken replies the socket has not taken
   * @param owesData an R2T is unanswered
   * @param dataBytes of H2CData received since the connection was made
   * @return true when the host is given up
   */
  boolean isAtEnd(
      boolean owesPdu, long bytesRead, long bytesUntaken, boolean owesData, long dataBytes) {
    boolean idle =
        owesPdu && bytesRead == read
            || bytesUntaken > 0 && bytesUntaken == untaken
            || owesData && dataBytes == data;
    read = bytesRead;
    untaken = bytesUntaken;
    data = dataBytes;
    looks = idle ? looks + 1 : 0;
    return looks >= LOOKS;
  }
}
