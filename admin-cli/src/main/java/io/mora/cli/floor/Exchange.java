package io.mora.cli.floor;

/**
 * The bytes of one I/O on the wire, without their meaning.
 *
 * @param depth exchanges under way
 * @param requestBytes a command capsule with its header, and a write's data in it
 * @param responseBytes a read's data with its header; for a write a response capsule
 */
public record Exchange(int depth, int requestBytes, int responseBytes) {
  private static final int CAPSULE_BYTES = 72;
  private static final int RESPONSE_BYTES = 24;
  private static final int DATA_HEADER_BYTES = 24;
  private static final int ASK_BYTES = 24;

  /**
   * A read: 72 out, one data PDU of 24 and the data back.
   *
   * @param withResponse a response capsule of 24 follows, as it does where the target tells times
   */
  public static Exchange read(int depth, int bytes, boolean withResponse) {
    int response = withResponse ? RESPONSE_BYTES : 0;
    return new Exchange(depth, CAPSULE_BYTES, DATA_HEADER_BYTES + bytes + response);
  }

  /** A write whose data travels in its capsule: 72 and the data out, 24 back. */
  public static Exchange write(int depth, int bytes) {
    return new Exchange(depth, CAPSULE_BYTES + bytes, RESPONSE_BYTES);
  }

  /**
   * A write whose data is asked for: 72, and 24 with the data, out; 24 to ask and 24 back. In one
   * round trip where the command needs two, so it is a floor all the more.
   */
  public static Exchange askedWrite(int depth, int bytes) {
    return new Exchange(
        depth, CAPSULE_BYTES + DATA_HEADER_BYTES + bytes, ASK_BYTES + RESPONSE_BYTES);
  }
}
