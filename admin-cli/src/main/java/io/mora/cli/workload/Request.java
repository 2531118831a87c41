package io.mora.cli.workload;

import io.mora.cli.workload.Tally.Count;
import io.mora.cli.workload.plan.Page;
import io.mora.cli.workload.plan.Plan;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoOutcome;
import io.mora.initiator.step.Prefetch;
import io.mora.initiator.step.Step;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way to its first token. Its layers follow one another: one begins when the one
 * before was computed, waits for its pages, and is computed in its turn; meanwhile the pages of the
 * next ones are read ahead. What begins without its pages stalls.
 *
 * <p>Its time runs from its intended start until its last layer is computed.
 */
final class Request {
  private static final long NS_PER_US = 1_000;

  private final RequestLoad load;
  private final WorkloadSpec spec;
  private final RemoteNamespace namespace;
  private final Plan plan;
  private final long intendedNs;
  private final Tally tally;
  private final int flow;

  // Guarded by this.
  private final @Nullable Prefetch[][] ahead;
  private @Nullable Step step;
  private int layersAhead;
  private int layer;
  private int pending;
  private long layerFromNs;
  private boolean beginning;
  private long stalledNs;
  private boolean over;

  Request(RequestLoad load, Plan plan, long intendedNs, Tally tally, int flow) {
    this.load = load;
    this.spec = load.spec();
    this.namespace = load.namespace();
    this.plan = plan;
    this.intendedNs = intendedNs;
    this.tally = tally;
    this.flow = flow;
    ahead = new Prefetch[plan.layers().size()][];
  }

  long deadlineNs() {
    return intendedNs + spec.budgetNs();
  }

  /** It could not begin in time. */
  void turnAway() {
    tally.never(intendedNs, Count.TURNED_AWAY);
  }

  synchronized void begin(long nowNs) {
    if (!plan.writes()) {
      long leftNs = Math.max(NS_PER_US, deadlineNs() - nowNs);
      step = namespace.step(flow, Duration.ofNanos(leftNs));
    }
    beginLayer();
  }

  private synchronized void beginLayer() {
    if (over) {
      return;
    }
    layerFromNs = System.nanoTime();
    beginning = true;
    List<Page> pages = plan.layers().get(layer);
    pending = 1; // until all are asked for
    for (int i = 0; i < pages.size() && !over; i++) {
      Page page = pages.get(i);
      if (page.wanted()) {
        pending++;
        take(page, ahead[layer] == null ? null : ahead[layer][i]);
      }
    }
    readAhead();
    arrived();
    beginning = false;
  }

  private void take(Page page, @Nullable Prefetch prefetch) {
    if (plan.writes()) {
      Intent intent = Intent.bulk().flow(flow);
      namespace
          .write(slba(page), blocks(page), load.buffers().next(page.bytes()), intent)
          .whenComplete((done, failure) -> written(page, failure));
    } else if (prefetch == null) {
      demand(page);
    } else {
      arrived(prefetch.stage().toCompletableFuture());
      // What is not there is a prefetch no longer: where intent counts, this says so.
      prefetch.consume().whenComplete((done, failure) -> prefetched(page, failure));
    }
  }

  /** One that expired or failed is neither there nor waited for; it is counted as that. */
  private void arrived(CompletableFuture<?> read) {
    if (!read.isDone()) {
      tally.count(Count.PREFETCHES_AWAITED);
    } else if (!read.isCompletedExceptionally()) {
      tally.count(Count.PREFETCHES_READY);
    }
  }

  private void demand(Page page) {
    Step open = step;
    if (over || open == null) {
      return;
    }
    long fromNs = System.nanoTime();
    read(open, page).whenComplete((done, failure) -> demanded(page, fromNs, done, failure));
  }

  private CompletionStage<Completion> read(Step open, Page page) {
    ByteBuffer into = load.buffers().next(page.bytes());
    return spec.refusable() && layer == 0
        ? open.tryRead(slba(page), blocks(page), into)
        : open.read(slba(page), blocks(page), into);
  }

  private synchronized void readAhead() {
    Step open = step;
    if (over || open == null) {
      return;
    }
    layersAhead = Math.max(layersAhead, layer + 1);
    for (; layersAhead <= layer + plan.ahead() && layersAhead < ahead.length; layersAhead++) {
      List<Page> pages = plan.layers().get(layersAhead);
      Prefetch[] some = new Prefetch[pages.size()];
      for (int i = 0; i < some.length; i++) {
        Page page = pages.get(i);
        int sure = page.confidencePercent() - load.doubtPercent(layersAhead - layer);
        some[i] =
            open.prefetch(
                slba(page), blocks(page), load.buffers().next(page.bytes()), Math.max(1, sure));
        tally.count(Count.PREFETCHES);
      }
      ahead[layersAhead] = some;
    }
  }

  private synchronized void written(Page page, @Nullable Throwable failure) {
    if (failure != null) {
      fail(failure);
    } else if (!over) {
      tally.page(page.bytes(), System.nanoTime());
      arrived();
    }
  }

  private synchronized void prefetched(Page page, @Nullable Throwable failure) {
    if (over) {
      return;
    }
    if (failure == null) {
      tally.page(page.bytes(), System.nanoTime());
      arrived();
    } else if (IoOutcome.of(failure) == IoOutcome.EXPIRED) {
      tally.count(Count.PREFETCHES_EXPIRED);
      demand(page); // late, and still needed
    } else {
      fail(failure);
    }
  }

  private synchronized void demanded(
      Page page, long fromNs, @Nullable Completion done, @Nullable Throwable failure) {
    if (over) {
      return;
    }
    if (done == null) {
      fail(failure == null ? new IllegalStateException("neither done nor failed") : failure);
      return;
    }
    long endNs = done.timing().completedNs();
    tally.demand(endNs - fromNs, endNs - deadlineNs() <= 0);
    tally.page(page.bytes(), endNs);
    arrived();
  }

  private void arrived() {
    if (--pending > 0 || over) {
      return;
    }
    long nowNs = System.nanoTime();
    if (layer > 0 && !beginning && !plan.writes()) {
      stalledNs += nowNs - layerFromNs;
      tally.count(Count.STALLS);
    }
    if (layer == plan.layers().size() - 1) {
      last(nowNs);
      return;
    }
    layer++;
    if (spec.computeNs() == 0) {
      beginLayer();
    } else {
      load.at(nowNs + spec.computeNs(), this::beginLayer);
    }
  }

  private void last(long nowNs) {
    if (plan.writes()) {
      namespace.flush().whenComplete((done, failure) -> flushed(failure));
    } else {
      done(nowNs + spec.computeNs());
    }
  }

  private synchronized void flushed(@Nullable Throwable failure) {
    if (failure != null) {
      fail(failure);
    } else if (!over) {
      done(System.nanoTime());
    }
  }

  private void done(long nowNs) {
    tally.done(intendedNs, nowNs - intendedNs, nowNs - deadlineNs() <= 0, stalledNs);
    end();
  }

  private void fail(Throwable failure) {
    if (over) {
      return;
    }
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (IoOutcome.of(failure) == IoOutcome.REFUSED) {
      tally.count(Count.DEMANDS_REFUSED);
      tally.never(intendedNs, Count.REFUSED);
    } else if (cause instanceof RejectedExecutionException) {
      tally.never(intendedNs, Count.TURNED_AWAY);
    } else {
      load.failed(failure);
    }
    end();
  }

  private void end() {
    over = true;
    if (step != null) {
      step.close();
    }
    load.ended();
  }

  private long slba(Page page) {
    return (load.region().offsetBytes() + page.offsetBytes()) / namespace.blockBytes();
  }

  private int blocks(Page page) {
    return page.bytes() / namespace.blockBytes();
  }
}
