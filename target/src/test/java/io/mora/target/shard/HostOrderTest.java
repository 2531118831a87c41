package io.mora.target.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** One host's share of a pool: in order, and nobody waits for ever. */
class HostOrderTest extends HostLines {
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
