package io.mora.target.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.status.Status;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.IoRequest;
import io.mora.target.backend.Keeper;
import io.mora.target.cache.FakeDisk.Io;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is kept, for whom, how long; one step at a time. */
class HotTierTest {
  private static final int PAGE = HotTier.PAGE_BYTES;
  private static final int PAGES = 1024;

  private final FakeDisk disk = new FakeDisk(PAGES);
  private final FakeDisk.Queue device = disk.queue();
  private HotTier tier = HotTier.of(64L * PAGE, 50);
  private HotSpace space = tier.space();
  private BackendQueue queue = space.through(device);
  private HotShare share = tier.share("one");

  private void tier(int pages, int hostPercent) {
    tier = HotTier.of((long) pages * PAGE, hostPercent);
    space = tier.space();
    queue = space.through(device);
    share = tier.share("one");
  }

  /** Reads through the device and lets it end. */
  private void load(long page, int pages, @Nullable Keeper keeper) {
    queue.submit(Io.read(page, pages, keeper));
    device.finish();
  }

  private boolean serves(long page, int pages, long value) {
    Io read = Io.read(page, pages, null);
    int before = device.arrived;
    boolean served = space.serve(read);
    assertThat(device.arrived).as("it never asks the device").isEqualTo(before);
    for (int i = 0; served && i < pages; i++) {
      assertThat(read.value(i)).isEqualTo(value);
    }
    return served;
  }

  private void write(long page, int pages, long value) {
    queue.submit(Io.write(page, pages, value));
    device.finish();
  }

  @Test
  void hotMetadataIsKeptAndServedWholeAndInParts() {
    write(10, 4, 7);
    assertThat(serves(10, 4, 7)).isFalse();
    load(10, 4, share.metadata());
    assertThat(serves(10, 4, 7)).isTrue();
    assertThat(serves(11, 2, 7)).isTrue();
    assertThat(serves(11, 4, 7)).as("partly unknown").isFalse();
    Io part = Io.of(IoRequest.READ, 11L * PAGE + 512, PAGE, null);
    assertThat(space.serve(part)).as("across pages, off their start").isTrue();
    assertThat(part.value(0)).isEqualTo(7);
    assertThat(share.pages()).isEqualTo(4);
  }

  @Test
  void ordinaryReadsAndLongOnesAreNotKept() {
    load(0, 1, null);
    load(100, HotTier.READ_BYTES_MAX / PAGE + 1, share.metadata());
    Io ragged = Io.of(IoRequest.READ, 20L * PAGE + 512, PAGE, share.metadata());
    queue.submit(ragged);
    device.finish();
    assertThat(share.pages()).as("no whole page came").isZero();
  }

  @Test
  void everyKindOfChangeDropsWhatItTouchesBeforeItIsAcknowledged() {
    for (int op : new int[] {IoRequest.WRITE, IoRequest.WRITE_ZEROES, IoRequest.DEALLOCATE}) {
      load(0, 1, share.metadata());
      long before = disk.pages.get(0);
      assertThat(serves(0, 1, before)).isTrue();
      Io change = Io.of(op, 0, PAGE, null);
      queue.submit(change);
      assertThat(serves(0, 1, 0)).as("while it is at the device").isFalse();
      device.finish();
      assertThat(serves(0, 1, 0)).isFalse();
      load(0, 1, share.metadata());
      assertThat(serves(0, 1, 0)).isTrue();
    }
  }

  @Test
  void aFailedChangeMayHaveHappened() {
    load(0, 1, share.metadata());
    queue.submit(Io.write(0, 1, 5));
    device.fail(Status.WRITE_FAULT);
    assertThat(serves(0, 1, 0)).isFalse();
    load(0, 1, share.metadata());
    assertThat(serves(0, 1, 0)).isTrue();
  }

  @Test
  void aReadThatMeetsAChangeIsNotKept() {
    Io overtaken = Io.read(0, 1, share.metadata());
    queue.submit(overtaken);
    device.happen();
    queue.submit(Io.write(0, 1, 9));
    device.finish();
    assertThat(overtaken.value(0)).isZero();
    assertThat(serves(0, 1, 9)).as("a change came after it").isFalse();

    queue.submit(Io.write(0, 1, 10));
    queue.submit(Io.read(0, 1, share.metadata()));
    device.finish();
    assertThat(serves(0, 1, 10)).as("a change was under way").isFalse();
  }

  @Test
  void aFailedReadIsNotKept() {
    queue.submit(Io.read(0, 1, share.metadata()));
    device.fail(Status.UNRECOVERED_READ_ERROR);
    assertThat(serves(0, 1, 0)).isFalse();
  }

  @Test
  void aChangeOfVeryMuchDropsAll() {
    load(0, 1, share.metadata());
    queue.submit(Io.of(IoRequest.DEALLOCATE, 0, 1 << 30, null));
    assertThat(serves(0, 1, 0)).isFalse();
    assertThat(space.stamp(0, PAGE)).isEqualTo(HotSpace.CHANGING);
  }

  @Test
  void spacesAreApart() {
    HotSpace other = tier.space();
    load(3, 1, share.metadata());
    assertThat(serves(3, 1, 0)).isTrue();
    assertThat(other.serve(Io.read(3, 1, null))).isFalse();
    other.drop();
    assertThat(serves(3, 1, 0)).isTrue();
    space.drop();
    assertThat(serves(3, 1, 0)).isFalse();
  }

  @Test
  void aHostAtItsShareReplacesItsOwn() {
    HotShare two = tier.share("two");
    load(0, 8, two.metadata());
    int others = two.pages();
    for (int page = 100; page < 100 + PAGES / 2; page++) {
      load(page, 1, share.metadata());
    }
    assertThat(share.pages()).isLessThanOrEqualTo(share.pagesMax()).isEqualTo(32);
    assertThat(two.pages()).isEqualTo(others);
    assertThat(tier.share("one")).as("the same on every controller").isSameAs(share);
  }

  /** Stale pages elsewhere must not cost a host its share for ever. */
  @Test
  void aHostFullOfStalePagesRecovers() {
    tier(512, 2);
    for (int round = 0; round < 50; round++) {
      load(round * 8L, 8, share.metadata());
      write(round * 8L, 8, round);
    }
    assertThat(share.pages()).isLessThanOrEqualTo(share.pagesMax());
    int kept = 0;
    for (int page = 500; page < 900; page++) {
      load(page, 1, share.metadata());
      kept += serves(page, 1, 0) ? 1 : 0;
    }
    assertThat(kept).isGreaterThan(100);
  }

  @Test
  void pinsStayAndMetadataOutlivesRegions() {
    tier(8, 100);
    HotRegions regions = new HotRegions();
    assertThat(regions.put(1, new HotRegion(space, share, 0, 4 * PAGE, true))).isTrue();
    assertThat(regions.put(2, new HotRegion(space, share, 0, 1 << 20, false))).isTrue();
    HotRegion pinned = Objects.requireNonNull(regions.at(1));
    HotRegion region = Objects.requireNonNull(regions.at(2));
    load(0, 4, pinned.claim());
    load(4, 2, share.metadata());
    for (int page = 6; page < 200; page++) {
      load(page, 1, region.claim());
    }
    assertThat(serves(0, 4, 0)).as("pinned").isTrue();
    assertThat(serves(4, 2, 0)).as("metadata").isTrue();
    for (int page = 200; page < 300; page++) {
      load(page, 1, share.metadata());
    }
    assertThat(serves(0, 4, 0)).as("pinned").isTrue();
    assertThat(serves(4, 2, 0)).isFalse();
    assertThat(regions.remove(1)).isTrue();
    assertThat(regions.remove(1)).isFalse();
    for (int page = 300; page < 400; page++) {
      load(page, 1, share.metadata());
    }
    assertThat(serves(0, 4, 0)).as("no longer pinned").isFalse();
    assertThat(share.pages()).isEqualTo(8);
  }

  @Test
  void pinnedBytesAreBoundedForAHostAndForAll() {
    tier(64, 50);
    HotRegions regions = new HotRegions();
    assertThat(regions.put(1, new HotRegion(space, share, 0, 16 * PAGE, true))).isTrue();
    assertThat(regions.put(2, new HotRegion(space, share, 0, PAGE, true))).isFalse();
    assertThat(regions.at(2)).isNull();
    assertThat(regions.put(1, new HotRegion(space, share, 0, 8 * PAGE, true)))
        .as("in place of its own")
        .isTrue();
    assertThat(regions.put(2, new HotRegion(space, share, 0, Long.MAX_VALUE / 2, true))).isFalse();
    assertThat(share.pinnedBytes()).isEqualTo(8L * PAGE);
    for (int host = 0; host < 8; host++) {
      new HotRegions().put(1, new HotRegion(space, tier.share("host" + host), 0, 8 * PAGE, true));
    }
    assertThat(regions.put(3, new HotRegion(space, tier.share("late"), 0, PAGE, true)))
        .as("half of the tier is pinned")
        .isFalse();
    regions.clear();
    assertThat(share.pinnedBytes()).isZero();
    assertThat(regions.put(3, new HotRegion(space, tier.share("late"), 0, PAGE, true))).isTrue();
  }

  @Test
  void regionsEndWithTheirNamespace() {
    HotRegions regions = new HotRegions();
    regions.put(7, new HotRegion(space, share, PAGE, 4 * PAGE, false));
    HotRegion region = Objects.requireNonNull(regions.at(7));
    assertThat(region.covers(space, PAGE, 4 * PAGE)).isTrue();
    assertThat(region.covers(space, 0, PAGE)).isFalse();
    assertThat(region.covers(space, 4 * PAGE, 2 * PAGE)).isFalse();
    assertThat(region.covers(tier.space(), PAGE, PAGE)).isFalse();
    assertThat(regions.at(0)).isNull();
    assertThat(regions.at(256)).isNull();
    space.drop();
    assertThat(regions.at(7)).isNull();
  }

  @Test
  void offItIsNotThere() {
    tier(0, 50);
    assertThat(tier.isPresent()).isFalse();
    assertThat(space.isPresent()).isFalse();
    assertThat(queue).isSameAs(device);
    load(0, 1, share.metadata());
    assertThat(serves(0, 1, 0)).isFalse();
    HotRegions regions = new HotRegions();
    assertThat(regions.put(1, new HotRegion(space, share, 0, PAGE, true))).isFalse();
    assertThat(regions.put(1, new HotRegion(space, share, 0, PAGE, false))).isTrue();
  }
}
