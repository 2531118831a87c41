package io.mora.qos.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Rates are exact: to the token, over any time, over any number of shards. */
class HostBudgetTest {
  private static final BigInteger SECOND = BigInteger.valueOf(1_000_000_000);

  /** Tokens that may be given until a time: rate * time, in whole microseconds, and the burst. */
  private static BigInteger bound(long rate, long burst, long elapsedNs) {
    return BigInteger.valueOf(elapsedNs / 1000 * 1000)
        .multiply(BigInteger.valueOf(rate))
        .divide(SECOND)
        .add(BigInteger.valueOf(burst));
  }

  @Property(tries = 300)
  void aGreedyTakerGetsExactlyTheRate(
      @ForAll @LongRange(min = 1, max = TokenBucket.RATE_MAX) long rate,
      @ForAll @LongRange(min = 1, max = 1 << 20) long burst,
      @ForAll long startNs,
      @ForAll long seed) {
    Random random = new Random(seed);
    TokenBucket bucket = new TokenBucket(rate, burst, startNs);
    long elapsedNs = 0;
    // What accrues to a full bucket is nobody's: empty it first.
    BigInteger taken = BigInteger.valueOf(bucket.takeUpTo(1, burst, startNs));
    for (int i = 0; i < 500; i++) {
      // Never so long that the bucket runs over: nothing may be lost.
      long fillNs = Math.max(1000, (long) (burst * 1e9 / rate / 2));
      elapsedNs += 1 + (long) (random.nextDouble() * Math.min(fillNs, 1_000_000_000L));
      long part = bucket.takeUpTo(1, Long.MAX_VALUE, startNs + elapsedNs);
      taken = taken.add(BigInteger.valueOf(part));
      assertThat(taken).isLessThanOrEqualTo(bound(rate, burst, elapsedNs));
      if (fillNs > 4000) {
        assertThat(taken).isEqualTo(bound(rate, burst, elapsedNs));
      }
    }
  }

  @Property(tries = 200)
  void theBucketIsNeverFullerThanItsBurst(
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long rate,
      @ForAll @LongRange(min = 1, max = 1_000_000_000) long burst,
      @ForAll @LongRange(min = 0, max = 1L << 50) long idleNs) {
    TokenBucket bucket = new TokenBucket(rate, burst, 0);
    assertThat(bucket.available(idleNs)).isEqualTo(burst);
    assertThat(bucket.take(burst + 1, idleNs)).isFalse();
    assertThat(bucket.take(burst, idleNs)).isTrue();
    assertThat(bucket.available(idleNs)).isZero();
  }

  @Property(tries = 200)
  void sharesTogetherNeverExceedTheRate(
      @ForAll @LongRange(min = 1, max = 1_000_000) long operations,
      @ForAll @LongRange(min = 1, max = 1L << 32) long bytes,
      @ForAll @IntRange(min = 1, max = 8) int shards,
      @ForAll long seed) {
    Random random = new Random(seed);
    long operationBurst = 1L + random.nextInt(1000);
    long byteBurst = 65_536L + random.nextInt(1 << 24);
    HostBudget budget =
        new HostBudget(
            1,
            100,
            new TokenBucket(operations, operationBurst, 0),
            new TokenBucket(bytes, byteBurst, 0));
    List<HostShare> shares = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      shares.add(budget.share());
    }
    long nowNs = 0;
    long took = 0;
    long tookBytes = 0;
    for (int i = 0; i < 3000; i++) {
      nowNs += random.nextInt(200_000);
      int length = 512 << random.nextInt(8);
      if (shares.get(random.nextInt(shards)).take(1, length, nowNs)) {
        took++;
        tookBytes += length;
      }
      assertThat(BigInteger.valueOf(took))
          .isLessThanOrEqualTo(bound(operations, operationBurst, nowNs));
      assertThat(BigInteger.valueOf(tookBytes)).isLessThanOrEqualTo(bound(bytes, byteBurst, nowNs));
    }
  }

  @Test
  void whoAsksOnOneShardGetsNearlyAllOfIt() {
    HostBudget budget = new HostBudget(1, 100, new TokenBucket(10_000, 100, 0), null);
    HostShare idle = budget.share();
    HostShare busy = budget.share();
    assertThat(idle.take(1, 4096, 0)).isTrue();
    long took = 0;
    for (long nowNs = 0; nowNs < 1_000_000_000; nowNs += 20_000) {
      took += busy.take(1, 4096, nowNs) ? 1 : 0;
    }
    assertThat(took).isBetween(10_090L, 10_100L);
  }

  @Test
  void leasesThatLieAreForfeited() {
    HostBudget budget = new HostBudget(1, 100, new TokenBucket(1000, 160, 0), null);
    HostShare share = budget.share();
    assertThat(share.take(1, 0, 0)).isTrue();
    // Nine of a slice of ten are left; later a full burst is there, and no more than that.
    long laterNs = 10_000_000_000L;
    int took = 0;
    while (share.take(1, 0, laterNs)) {
      took++;
    }
    assertThat(took).isEqualTo(160);
  }

  @Test
  void threadsShareExactly() throws InterruptedException {
    int threads = 4;
    TokenBucket bucket = new TokenBucket(1, 100_000, 0);
    HostBudget budget = new HostBudget(1, 100, bucket, null);
    AtomicLong total = new AtomicLong();
    CountDownLatch done = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      new Thread(
              () -> {
                HostShare share = budget.share();
                long took = 0;
                while (share.take(1, 0, 999)) {
                  took++;
                }
                total.addAndGet(took);
                done.countDown();
              })
          .start();
    }
    done.await();
    assertThat(total.get()).isEqualTo(100_000);
  }

  @Test
  void noLimitIsNoLimit() {
    HostShare share = HostBudget.unlimited(7, 250).share();
    assertThat(share.take(Long.MAX_VALUE, Long.MAX_VALUE, 0)).isTrue();
    assertThat(share.weight()).isEqualTo(250);
    assertThat(share.index()).isEqualTo(7);
  }

  @Test
  void refusesNonsense() {
    assertThatThrownBy(() -> new TokenBucket(0, 1, 0)).hasMessageContaining("ratePerSecond 0");
    assertThatThrownBy(() -> new TokenBucket(1, 0, 0)).hasMessageContaining("burst 0");
    assertThatThrownBy(() -> HostBudget.unlimited(1, 0)).hasMessageContaining("weight 0");
  }
}
