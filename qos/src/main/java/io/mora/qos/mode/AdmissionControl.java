package io.mora.qos.mode;

import io.mora.qos.CostModel;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a device can keep what hosts are promised: the sum of rate * cost over all promises may
 * be a part of its places, no more. For configuration, not for the data path.
 */
public final class AdmissionControl {
  private static final int PERCENT = 100;
  private static final long PERMILLE_NS = 1_000_000;
  private static final long MIB = 1 << 20;

  private final CostModel model;
  private final int percent;
  private final List<Answer> answers = new ArrayList<>();
  private long promised;

  /**
   * @param percent of the device that may be promised, 1 to 100
   */
  public AdmissionControl(CostModel model, int percent) {
    if (percent < 1 || percent > PERCENT) {
      throw new IllegalArgumentException("percent " + percent + ": 1 to 100");
    }
    this.model = model;
    this.percent = percent;
  }

  /**
   * A host's share of the device.
   *
   * @param host as it is called in the answer
   * @param load thousandths of a place that its rate keeps busy
   * @param before promised to the hosts before it, likewise
   * @param capacity that may be promised, likewise
   */
  public record Answer(String host, long load, long before, long capacity) {
    /** Whether it fits beside what was promised before it. */
    public boolean fits() {
      return before + load <= capacity;
    }

    @Override
    public String toString() {
      return host
          + ": "
          + places(load)
          + " of "
          + places(capacity)
          + " places, "
          + places(Math.max(0, capacity - before))
          + " left for it"
          + (fits() ? "" : ": too much");
    }

    private static String places(long permille) {
      long tenths = (permille + 99) / 100;
      return tenths / 10 + "." + tenths % 10;
    }
  }

  /**
   * Asks for a promise; one that does not fit is answered and not kept.
   *
   * @param operations a second
   * @param bytes a second
   * @param writes whether they may be writes: then the dearer direction counts
   */
  public Answer promise(String host, long operations, long bytes, boolean writes) {
    long load = load(operations, bytes, false);
    if (writes) {
      load = Math.max(load, load(operations, bytes, true));
    }
    Answer answer =
        new Answer(host, load, promised, (long) model.parallelism() * 1000 * percent / PERCENT);
    answers.add(answer);
    if (answer.fits()) {
      promised += load;
    }
    return answer;
  }

  /** Every answer so far. */
  public List<Answer> answers() {
    return List.copyOf(answers);
  }

  private long load(long operations, long bytes, boolean writes) {
    long baseNs = model.costNs(writes, 0);
    long mibNs = model.costNs(writes, MIB) - baseNs;
    // The product of a rate and a price may not fit in 63 bits; a promise that large fits nowhere.
    double ns = (double) operations * baseNs + (double) bytes / MIB * mibNs;
    return (long) Math.ceil(Math.min(ns / PERMILLE_NS, Integer.MAX_VALUE));
  }
}
