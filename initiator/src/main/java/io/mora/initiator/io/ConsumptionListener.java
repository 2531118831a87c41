package io.mora.initiator.io;

/** Told that the data of a completion was put to use. Any thread; does not block. */
@FunctionalInterface
public interface ConsumptionListener {
  /**
   * @param latencyClass 0 to 7, as asked for
   * @param gapNs from when the consumer was ready until now
   */
  void consumed(int latencyClass, long gapNs);
}
