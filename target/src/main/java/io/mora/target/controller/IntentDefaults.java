package io.mora.target.controller;

import io.mora.protocol.intent.IntentFeature;
import java.util.Arrays;

/**
 * What a host set by feature E1h for commands that name no class: by queue, namespace, controller.
 * Immutable; replaced whole, so that shards read it without waiting.
 */
public final class IntentDefaults {
  /** Namespaces a host may set a default for. */
  static final int NAMESPACES_MAX = 64;

  /** A default that says nothing. */
  public static final int NONE = 0;

  static final IntentDefaults EMPTY = new IntentDefaults(new long[1], new long[0], new int[0]);

  /*
   * A default is a long: bits 2:0 class, bit 3 HOTMETA, 63:32 budget in us.
   */
  private static final int HOTMETA = 1 << 3;

  private final long[] byQueue;
  private final long[] byNamespace;
  private final int[] nsids;

  /** Index 0 of queues is the controller. */
  private IntentDefaults(long[] byQueue, long[] byNamespace, int[] nsids) {
    this.byQueue = byQueue;
    this.byNamespace = byNamespace;
    this.nsids = nsids;
  }

  private static long pack(int latencyClass, boolean hotMeta, long budgetUs) {
    return budgetUs << 32 | (hotMeta ? HOTMETA : 0) | latencyClass;
  }

  /** The default of the controller (QID 0) or an I/O queue. */
  IntentDefaults withQueue(int qid, int latencyClass, boolean hotMeta, long budgetUs) {
    long[] queues = Arrays.copyOf(byQueue, Math.max(byQueue.length, qid + 1));
    queues[qid] = pack(latencyClass, hotMeta, budgetUs);
    return new IntentDefaults(queues, byNamespace, nsids);
  }

  /** The default of a namespace; this object when there is no room for another. */
  IntentDefaults withNamespace(int nsid, int latencyClass, boolean hotMeta, long budgetUs) {
    int at = indexOf(nsid);
    boolean known = at < nsids.length;
    if (!known && nsids.length == NAMESPACES_MAX) {
      return this;
    }
    int length = known ? nsids.length : nsids.length + 1;
    long[] values = Arrays.copyOf(byNamespace, length);
    int[] names = Arrays.copyOf(nsids, length);
    values[at] = pack(latencyClass, hotMeta, budgetUs);
    names[at] = nsid;
    return new IntentDefaults(byQueue, values, names);
  }

  private int indexOf(int nsid) {
    int at = 0;
    while (at < nsids.length && nsids[at] != nsid) {
      at++;
    }
    return at;
  }

  /** The default of the controller (QID 0) or a queue alone. */
  long ofQueue(int qid) {
    return qid < byQueue.length ? byQueue[qid] : NONE;
  }

  /** The default of a namespace alone. */
  long ofNamespace(int nsid) {
    int at = indexOf(nsid);
    return at < nsids.length ? byNamespace[at] : NONE;
  }

  /** What holds for a command: its queue's default, else its namespace's, else the controller's. */
  public long find(int qid, int nsid) {
    long found = ofQueue(qid);
    if (found == NONE && nsids.length > 0) {
      found = ofNamespace(nsid);
    }
    return found == NONE ? byQueue[0] : found;
  }

  public static int latencyClass(long found) {
    return (int) found & 7;
  }

  public static boolean hotMeta(long found) {
    return (found & HOTMETA) != 0;
  }

  /** Microseconds; 0 is the class's own. */
  public static long budgetUs(long found) {
    return found >>> 32;
  }

  /** DW0 of Get Features E1h. */
  static int reply(int scope, long found) {
    return IntentFeature.defaultsReply(scope, latencyClass(found), hotMeta(found), budgetUs(found));
  }
}
