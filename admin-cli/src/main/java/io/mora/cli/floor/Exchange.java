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

  /** A read of this many bytes: 72 out, 24 and the data back. */
  public static Exchange read(int depth, int bytes) {
    return new Exchange(depth, CAPSULE_BYTES, RESPONSE_BYTES + bytes);
  }

  /** A write whose data travels in its capsule: 72 and the data out, 24 back. */
  public static Exchange write(int depth, int bytes) {
    return new Exchange(depth, CAPSULE_BYTES + bytes, RESPONSE_BYTES);
  }
}
