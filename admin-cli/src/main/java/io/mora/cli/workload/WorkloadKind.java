package io.mora.cli.workload;

import io.mora.cli.workload.plan.KvCachePlanner;
import io.mora.cli.workload.plan.PagePlaces;
import io.mora.cli.workload.plan.Planner;
import io.mora.cli.workload.plan.RagPlanner;
import io.mora.cli.workload.plan.SweepPlanner;
import java.util.Locale;

/** A kind of service, and what is taken where nothing is said. */
public enum WorkloadKind {
  /** Turns of chats whose key-value cache is read back, layer by layer. */
  KV_CACHE,
  /** Look-ups in an index of embeddings, each telling what to read next. */
  RAG,
  /** A model's weights, in order. */
  MODEL_LOAD,
  /** A checkpoint, written in order and made durable. */
  CHECKPOINT;

  /**
   * Where nothing is said.
   *
   * @param budgetNs of a request
   * @param computeNs of each layer, once its pages are there
   * @param ahead layers read ahead
   * @param beside the checkpoint beside it
   */
  public record Defaults(
      double perSecond,
      long budgetNs,
      long computeNs,
      int layers,
      int ahead,
      int smallestPage,
      int largestPage,
      Beside beside) {}

  /** The name on a command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public Defaults defaults() {
    return switch (this) {
      case KV_CACHE ->
          new Defaults(100, 20_000_000, 200_000, 8, 2, 16 << 10, 2 << 20, Beside.USUAL);
      case RAG -> new Defaults(300, 5_000_000, 0, 2, 0, 4 << 10, 64 << 10, Beside.USUAL);
      case MODEL_LOAD ->
          new Defaults(1, 10_000_000_000L, 500_000, 16, 4, 1 << 20, 1 << 20, Beside.NONE);
      case CHECKPOINT -> new Defaults(1, 60_000_000_000L, 0, 16, 0, 1 << 20, 1 << 20, Beside.NONE);
    };
  }

  /** Its requests write. */
  public boolean writes() {
    return this == CHECKPOINT;
  }

  /** What a request's time is called. */
  public String wholeText() {
    return this == CHECKPOINT ? "durable after" : "first token";
  }

  Planner planner(WorkloadSpec spec, long regionBytes) {
    PagePlaces places =
        new PagePlaces(spec.seed(), regionBytes, spec.smallestPage(), spec.largestPage());
    return switch (this) {
      case KV_CACHE -> new KvCachePlanner(places, spec.sessions(), spec.layers(), spec.ahead());
      case RAG -> new RagPlanner(places, spec.lookups(), spec.layers());
      case MODEL_LOAD, CHECKPOINT ->
          new SweepPlanner(regionBytes, spec.largestPage(), spec.layers(), spec.ahead(), writes());
    };
  }
}
