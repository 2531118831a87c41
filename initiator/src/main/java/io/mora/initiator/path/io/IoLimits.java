package io.mora.initiator.path.io;

import io.mora.initiator.path.hedge.HedgeOptions;
import io.mora.initiator.path.select.PathPolicy;

/**
 * What I/O over several paths may use.
 *
 * @param inFlightMax I/Os at a time; one more is refused
 * @param waitingMax I/Os submitted while there is no path that wait for one; one more is refused
 * @param noPathTimeoutNs how long an I/O may go without a path
 */
public record IoLimits(
    PathPolicy policy, HedgeOptions hedge, int inFlightMax, int waitingMax, long noPathTimeoutNs) {}
