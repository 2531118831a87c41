package io.mora.target.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.shard.BufferPool.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One host's share of a pool: bounded, in order, and nobody waits for ever. */
class HostBuffersTest {
  private static final int PAGE = 4096;

  private boolean awake;

  private final AlignedBufferPool pool = new AlignedBufferPool(4L << 20, () -> awake = true, 8);

  private void turns() {
    for (int turn = 0; awake && turn < 10_000; turn++) {
      awake = false;
      pool.endOfTurn();
    }
    assertThat(awake).as("turns without end").isFalse();
  }

  private static final class Line extends Waiter {
    private final HostBuffers of;
    private final Deque<Integer> wanted = new ArrayDeque<>();
    private final Deque<IoBuffer> held = new ArrayDeque<>();
    private boolean waits;

    Line(HostBuffers of, boolean first) {
      super(first);
      this.of = of;
    }

    Line(HostBuffers of) {
      this(of, false);
    }

    /** Of less than nothing: it may exceed the bound. */
    Line want(int bytes) {
      wanted.add(bytes);
      if (!waits) {
        drain();
      }
      return this;
    }

    private void drain() {
      Integer next = wanted.peek();
      while (next != null) {
        IoBuffer buffer =
            next < 0 ? of.takeBeyond(this, -next) : of.take(this, next, !held.isEmpty());
        if (buffer == null) {
          waits = true;
          of.await(this);
          return;
        }
        held.add(buffer);
        wanted.remove();
        next = wanted.peek();
      }
      if (waits) {
        waits = false;
        of.cancel(this);
      }
    }

    @Override
    public void buffersAvailable() {
      waits = false;
      drain();
      if (!waits) {
        of.served(this);
      }
    }

    void giveOne() {
      IoBuffer oldest = held.poll();
      if (oldest != null) {
        of.give(oldest);
      }
      if (waits) {
        drain();
      }
    }

    void takeSecond(int bytes) {
      IoBuffer second = of.takeSecond(this, bytes);
      if (second != null) {
        held.add(second);
      }
    }

    /** The command that waits is aborted. */
    void withdraw() {
      if (waits) {
        wanted.remove();
      }
      Integer next = wanted.peek();
      if (next == null) {
        waits = false;
        of.cancel(this);
      } else if (waits) {
        of.renew(this, next < 0 ? HostBuffers.BEYOND : next, !held.isEmpty());
      }
    }

    void close() {
      waits = false;
      wanted.clear();
      of.cancel(this);
      while (!held.isEmpty()) {
        giveOne();
      }
    }
  }

  private static int held(List<Line> lines) {
    return lines.stream().mapToInt(line -> line.held.size()).sum();
  }

  private static List<Line> lines(int count, HostBuffers of, boolean first) {
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(new Line(of, first).want(PAGE));
    }
    return lines;
  }

  @Example
  void aHostIsHeldBackAndOthersAreNot() {
    HostBuffers greedy = new HostBuffers(pool, 8 * PAGE, PAGE);
    List<Line> lines = lines(10, greedy, false);
    assertThat(greedy.lentBytes()).as("all but an eighth").isEqualTo(7 * PAGE);
    HostBuffers modest = new HostBuffers(pool, 8 * PAGE, PAGE);
    assertThat(new Line(modest).want(2 * PAGE).held).as("not behind them").hasSize(1);
    lines.get(0).giveOne();
    turns();
    assertThat(greedy.lentBytes()).as("and no more").isEqualTo(7 * PAGE);
    assertThat(lines.get(7).held).as("in order").hasSize(1);
  }

  @Example
  void whoHoldsSomethingLeavesHalfToThoseThatDoNot() {
    HostBuffers host = new HostBuffers(pool, 16 * PAGE, PAGE);
    Line hoarder = new Line(host);
    for (int i = 0; i < 16; i++) {
      hoarder.want(PAGE);
    }
    assertThat(hoarder.held).as("half of all but an eighth").hasSize(7);
    List<Line> others = lines(8, host, false);
    assertThat(held(others)).isEqualTo(7);
    for (int i = 0; i < 20; i++) {
      Line next = others.get(i % 8).want(PAGE);
      next.giveOne();
      turns();
      assertThat(held(others)).as("of those that go on").isEqualTo(7);
    }
    assertThat(hoarder.held).hasSize(7);
  }

  @Example
  void whatGoesFirstHasMoreButLeavesTheOthersOne() {
    HostBuffers host = new HostBuffers(pool, 8 * PAGE, PAGE);
    List<Line> bulk = lines(10, host, false);
    List<Line> hurried = lines(20, host, true);
    assertThat(held(bulk)).isEqualTo(7);
    assertThat(held(hurried)).as("of the eighth").isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      bulk.forEach(
          line -> {
            line.want(PAGE).giveOne();
            turns();
          });
    }
    assertThat(held(bulk)).as("one at a time").isEqualTo(1);
    assertThat(host.lentBytes()).as("the bound, passed by that one").isEqualTo(9 * PAGE);
  }

  @Example
  void whatGoesFirstHasMoreThanOneBesideTheOthers() {
    HostBuffers host = new HostBuffers(pool, 64 * PAGE, PAGE);
    assertThat(held(lines(60, host, false))).isEqualTo(56);
    Line hurried = new Line(host, true);
    for (int i = 0; i < 8; i++) {
      hurried.want(PAGE);
    }
    assertThat(hurried.held).as("a sixteenth is left").hasSize(4);
    assertThat(held(lines(8, host, true))).as("to those that hold nothing").isEqualTo(4);
  }

  @Example
  void whoHoldsSomethingHasTwoOfTheLargest() {
    HostBuffers host = new HostBuffers(pool, 64 * PAGE, 24 * PAGE);
    Line line = new Line(host).want(16 * PAGE).want(16 * PAGE).want(16 * PAGE).want(16 * PAGE);
    assertThat(line.held).as("of 56 pages 48, where half were 28").hasSize(3);
  }

  @Example
  void whatWantsLessThanWhatIsWithdrawnIsServedAtOnce() {
    HostBuffers host = new HostBuffers(pool, 64 * PAGE, PAGE);
    lines(44, host, false);
    Line line = new Line(host).want(16 * PAGE).want(PAGE);
    Line next = new Line(host).want(PAGE);
    turns();
    assertThat(line.held).isEmpty();
    line.withdraw();
    turns();
    assertThat(line.held).hasSize(1);
    assertThat(next.held).hasSize(1);
  }

  @Example
  void allThatFitAreServedInOneTurn() {
    for (boolean first : new boolean[] {false, true}) {
      HostBuffers host = new HostBuffers(pool, 16 * PAGE, PAGE);
      Line large = new Line(host, first).want(16 * PAGE);
      List<Line> small = lines(10, host, first);
      large.giveOne();
      pool.endOfTurn();
      assertThat(held(small)).isEqualTo(10);
      small.forEach(Line::close);
    }
  }

  @Example
  void whoComesBackFromThePoolKeepsItsPlace() {
    HostBuffers host = new HostBuffers(pool, 16 * PAGE, PAGE);
    Line filler = new Line(host).want(8 * PAGE);
    List<IoBuffer> outside = new ArrayList<>();
    for (IoBuffer b = pool.take(4 * PAGE); b != null; b = pool.take(4 * PAGE)) {
      outside.add(b);
    }
    Line sent = new Line(host).want(4 * PAGE);
    Line called = new Line(host).want(8 * PAGE);
    Line later = new Line(host).want(4 * PAGE);
    filler.giveOne();
    turns();
    assertThat(called.held).as("first of those held back").hasSize(1);
    pool.give(outside.remove(0));
    turns();
    assertThat(sent.held).hasSize(1);
    assertThat(later.held).isEmpty();
    outside.forEach(pool::give);
    List.of(sent, called, later).forEach(Line::close);
    turns();
    assertThat(pool.lentBytes()).isZero();
  }

  @Example
  void aCommandLargerThanTheBoundGoesAlone() {
    HostBuffers host = new HostBuffers(pool, PAGE, PAGE);
    Line line = new Line(host).want(16 * PAGE).want(PAGE);
    assertThat(line.held).hasSize(1);
    line.giveOne();
    turns();
    assertThat(line.held).hasSize(1);
    assertThat(host.lentBytes()).isEqualTo(PAGE);
  }

  @Example
  void aLargeCommandIsNotPassedBySmallOnes() {
    HostBuffers host = new HostBuffers(pool, 32 * PAGE, PAGE);
    List<Line> small = lines(28, host, false);
    Line large = new Line(host).want(16 * PAGE);
    for (int i = 0; i < 16; i++) {
      small.get(i).giveOne();
      turns();
      small.get(i).want(PAGE);
      turns();
    }
    assertThat(large.held).as("after as much was given back").hasSize(1);
  }

  @Example
  void whoIsCalledAndClosesMakesRoomForTheNext() {
    HostBuffers host = new HostBuffers(pool, PAGE, PAGE);
    for (boolean first : new boolean[] {false, true}) {
      List<Line> lines = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        lines.add(new Line(host, first).want(PAGE));
      }
      lines.get(0).giveOne();
      lines.get(1).close();
      lines.get(2).withdraw();
      turns();
      assertThat(lines.get(3).held).hasSize(1);
      lines.get(3).close();
    }
  }

  @Example
  void whoIsToldAndWantsNothingTellsTheNext() {
    HostBuffers host = new HostBuffers(pool, PAGE, PAGE);
    for (boolean first : new boolean[] {false, true}) {
      Line holder = new Line(host, first).want(PAGE);
      Line gone = new Line(host, first).want(PAGE);
      Line next = new Line(host, first).want(PAGE);
      gone.wanted.clear();
      holder.giveOne();
      turns();
      assertThat(next.held).hasSize(1);
      next.close();
    }
  }

  @Example
  void aSecondBufferIsRefusedBeyondALittleMoreThanTheBound() {
    HostBuffers host = new HostBuffers(pool, 8 * PAGE, PAGE);
    Line line = new Line(host);
    line.want(16 * PAGE).takeSecond(16 * PAGE);
    assertThat(line.held).as("the only command's").hasSize(2);
    line.takeSecond(PAGE);
    assertThat(line.held).hasSize(2);
    line.close();
    List<Line> lines = lines(7, host, false);
    lines.forEach(each -> each.takeSecond(PAGE));
    assertThat(held(lines)).as("an eighth more").isEqualTo(9);
  }

  @Example
  void aPairsSecondHalfIsNotHeldBack() {
    HostBuffers host = new HostBuffers(pool, 4 * PAGE, PAGE);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      lines.add(new Line(host).want(PAGE));
    }
    Line another = new Line(host).want(PAGE);
    lines.forEach(line -> line.want(-PAGE));
    assertThat(lines).allMatch(line -> line.held.size() == 2);
    lines.forEach(Line::close);
    turns();
    assertThat(another.held).hasSize(1);
  }

  private static int bytes(Random random) {
    return PAGE << random.nextInt(9);
  }

  private static void step(Random random, List<Line> lines, int at) {
    Line line = lines.get(at);
    switch (random.nextInt(11)) {
      case 0, 1, 2, 3 -> line.want(bytes(random));
      case 4, 5, 6 -> line.giveOne();
      case 7 -> line.takeSecond(bytes(random));
      case 8 -> line.withdraw();
      case 9 -> line.want(line.held.isEmpty() ? PAGE : -PAGE);
      default -> {
        line.close();
        lines.set(at, new Line(line.of, random.nextBoolean()));
      }
    }
  }

  @Property(tries = 500)
  void everybodyIsServedInTheEnd(@ForAll long seed) {
    Random random = new Random(seed);
    List<Line> lines = new ArrayList<>();
    List<HostBuffers> hosts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      HostBuffers host = new HostBuffers(pool, (long) PAGE << random.nextInt(11), PAGE);
      hosts.add(host);
      for (int queue = 0; queue < 3; queue++) {
        lines.add(new Line(host, random.nextBoolean()));
      }
    }
    for (int i = 0; i < 300; i++) {
      step(random, lines, random.nextInt(lines.size()));
      if (random.nextInt(4) == 0) {
        turns();
      }
    }
    for (int i = 0; i < 1_000 && lines.stream().anyMatch(each -> each.waits); i++) {
      lines.get(random.nextInt(lines.size())).giveOne();
      turns();
    }
    lines.forEach(
        line -> {
          for (int left = line.held.size(); left > 0; left--) {
            line.giveOne();
          }
        });
    turns();
    for (int i = 0; i < 1_000 && lines.stream().anyMatch(each -> each.waits); i++) {
      lines.forEach(Line::giveOne);
      turns();
    }
    assertThat(lines).as("seed %s", seed).noneMatch(each -> each.waits);
    lines.forEach(Line::close);
    assertThat(pool.lentBytes()).isZero();
    assertThat(hosts).allMatch(each -> each.lentBytes() == 0);
  }
}
