package io.mora.target.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.target.shard.BufferPool.Waiter;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;

/** One host's share of a pool: how much who may have of it. */
class HostBuffersTest extends HostLines {
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

  /** As a queue pair's large writes: promised while they wait for leave, and while they run. */
  private static final class Asker extends Waiter {
    private final HostBuffers of;
    private boolean waits;
    private int promised;

    Asker(HostBuffers of) {
      this.of = of;
      ask();
    }

    private void ask() {
      waits = !of.promise(this, PAGE, promised > 0);
      promised += waits ? 0 : 1;
      if (waits) {
        of.await(this);
      } else {
        of.served(this);
      }
    }

    @Override
    public void buffersAvailable() {
      ask();
    }
  }

  @Example
  void whatIsPromisedCountsAsIfItWereLent() {
    HostBuffers host = new HostBuffers(pool, 8 * PAGE, PAGE);
    List<Asker> askers = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      askers.add(new Asker(host));
    }
    assertThat(host.lentBytes()).isEqualTo(7 * PAGE);
    assertThat(pool.lentBytes()).as("a promise takes nothing").isZero();
    turns();
    assertThat(askers.get(7).waits).isTrue();
    host.promiseBeyond(PAGE);
    host.release(PAGE);
    turns();
    assertThat(askers.get(7).waits).as("what was beyond leaves no room").isTrue();
    host.release(PAGE);
    turns();
    assertThat(askers.get(7).waits).isFalse();
    assertThat(askers.get(8).waits).as("in order of arrival").isTrue();
    assertThat(host.lentBytes()).isEqualTo(7 * PAGE);
  }

  @Example
  void aPromiseIsOfWholeBuffers() {
    HostBuffers host = new HostBuffers(pool, 64 * PAGE, PAGE);
    Waiter waiter = new Line(host);
    assertThat(host.promise(waiter, 1, false)).isTrue();
    assertThat(host.lentBytes()).isEqualTo(PAGE);
    assertThat(host.promise(waiter, 3 * PAGE, true)).isTrue();
    assertThat(host.lentBytes()).isEqualTo(5 * PAGE);
    host.release(3 * PAGE);
    host.release(1);
    assertThat(host.lentBytes()).isZero();
  }
}
