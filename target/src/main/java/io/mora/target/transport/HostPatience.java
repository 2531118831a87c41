package io.mora.target.transport;

/**
 * When to give up a host that owes something and does nothing about it: the rest of a PDU, data an
 * R2T asked for, or taking its replies. Such a host holds buffers others need; keep-alive does not
 * find it, as its other queues may be busy.
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

  private long read;
  private long untaken;
  private long data;
  private int looks;

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
