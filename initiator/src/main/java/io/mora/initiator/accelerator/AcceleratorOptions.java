package io.mora.initiator.accelerator;

/**
 * How much of this host's memory and of a driver's time an accelerator may take.
 *
 * @param bufferBytes of each staging buffer, and so the most that {@link Accelerator#read} reads at
 *     once
 * @param buffers of these, pinned when it is made
 * @param copiesMax copies waiting or under way; one more is refused
 */
public record AcceleratorOptions(int bufferBytes, int buffers, int copiesMax) {
  /** 64 MiB: what a link of 25 GB/s fetches in 3 ms. */
  public static final AcceleratorOptions DEFAULT = new AcceleratorOptions(2 << 20, 32, 256);

  public static final int BUFFERS_MAX = 65_536;

  public AcceleratorOptions {
    range("bufferBytes", bufferBytes, 512, 1 << 30);
    range("buffers", buffers, 1, BUFFERS_MAX);
    range("copiesMax", copiesMax, 1, AcceleratorDriver.MARKS);
  }

  private static void range(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(name + " " + value + ": " + least + " to " + most);
    }
  }
}
