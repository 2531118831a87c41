package io.mora.initiator.path.hedge;

/**
 * What hedging did and cost.
 *
 * @param eligible reads that might have been sent twice
 * @param sent that were
 * @param won of those, that the second one answered
 * @param lost of those, that the first one answered after all
 * @param refused not sent when due: no right to it left, no buffer, no other path
 * @param wastedBytes read for nothing, as far as it was asked for
 */
public record HedgeSignals(
    long eligible, long sent, long won, long lost, long refused, long wastedBytes) {
  /** Hedges for each eligible read; never above {@link HedgeOptions#ratio}. */
  public double ratio() {
    return eligible == 0 ? 0 : (double) sent / eligible;
  }
}
