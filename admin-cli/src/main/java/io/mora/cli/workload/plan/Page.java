package io.mora.cli.workload.plan;

/**
 * A piece of the region that is read or written at once.
 *
 * @param offsetBytes from the region's begin
 * @param wanted whether it turns out to be needed; one that is not is only ever read ahead
 * @param confidencePercent how sure of it the service is while it reads ahead
 */
public record Page(long offsetBytes, int bytes, boolean wanted, int confidencePercent) {
  /** One that is needed for certain. */
  static Page certain(long offsetBytes, int bytes) {
    return new Page(offsetBytes, bytes, true, 100);
  }
}
