package io.mora.cli.load;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.qos.pause.PauseSum;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a load came to.
 *
 * @param stages histograms of all that counts
 * @param lengthNs how long the counted part took
 * @param verified I/Os read whose content was known and right
 * @param missed I/Os of an open loop that were due and never started
 * @param latestNs the longest an I/O of an open loop was started after it was due
 * @param pauses of this program's collector in the counted part
 * @param failure why it ended early, or null
 */
public record LoadResult(
    Stages stages,
    long lengthNs,
    long verified,
    long missed,
    long latestNs,
    PauseSum pauses,
    QueueLoad.@Nullable Failure failure) {

  static LoadResult of(
      List<QueueLoad> queues, long lengthNs, PauseSum pauses, @Nullable Pacer pacer) {
    Set<Stages> all = Collections.newSetFromMap(new IdentityHashMap<>());
    long verified = 0;
    QueueLoad.Failure failure = null;
    for (QueueLoad queue : queues) {
      all.addAll(queue.stages());
      verified += queue.verified();
      failure = failure == null ? queue.failure() : failure;
    }
    Stages stages = new Stages(Stages.DIGITS);
    all.forEach(stages::add);
    return new LoadResult(
        stages,
        lengthNs,
        verified,
        pacer == null ? 0 : pacer.missed(),
        pacer == null ? 0 : pacer.latestNs(),
        pauses,
        failure);
  }

  /**
   * This result, if nothing went wrong.
   *
   * @param phase what the load was for, for the message
   * @throws CliException with what went wrong, or the initiator's exception
   */
  public LoadResult orThrow(String phase) {
    if (failure == null) {
      return this;
    }
    if (failure.wrongData()) {
      throw new CliException(ExitCodes.DATA, phase + ": wrong data: " + failure.message());
    }
    if (failure.cause() != null) {
      throw failure.cause();
    }
    throw new CliException(ExitCodes.FAILED, phase + ": " + failure.message());
  }

  /**
   * I/Os a second that ended while the load ran. Of an open loop this is what was done, not what
   * was meant: those that ended after its end are in the percentiles and not in here.
   */
  public double perSecond() {
    return perSecond(stages.readsDone() + stages.writesDone());
  }

  public double readsPerSecond() {
    return perSecond(stages.readsDone());
  }

  public double writesPerSecond() {
    return perSecond(stages.writesDone());
  }

  private double perSecond(long done) {
    return lengthNs == 0 ? 0 : done * 1e9 / lengthNs;
  }
}
