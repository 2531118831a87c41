package io.mora.tests.kit.wire;

/** How a command ended. */
public final class Outcome {
  private final int code;
  private final boolean doNotRetry;
  private final long result;
  private final byte[] data;

  Outcome(int code, boolean doNotRetry, long result, byte[] data) {
    this.code = code;
    this.doNotRetry = doNotRetry;
    this.result = result;
    this.data = data;
  }

  /** SCT in bits 10:8, SC below. */
  public int code() {
    return code;
  }

  public boolean doNotRetry() {
    return doNotRetry;
  }

  /** DW0 in the low half, DW1 in the high. */
  public long result() {
    return result;
  }

  public int dw0() {
    return (int) result;
  }

  /** What came to the host. */
  public byte[] data() {
    return data;
  }

  @Override
  public String toString() {
    return "status "
        + Integer.toHexString(code)
        + (doNotRetry ? "+DNR" : "")
        + " result "
        + Long.toHexString(result)
        + ", "
        + data.length
        + " bytes";
  }
}
