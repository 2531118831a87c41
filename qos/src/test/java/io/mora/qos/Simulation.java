package io.mora.qos;

import io.mora.qos.host.HostShare;
import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A device and its clients on a clock of their own: the same seed gives the same run. The device
 * works on a few I/Os at a time, first come first served, and is slow now and then.
 */
final class Simulation {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final Random random;
  private final IoScheduler scheduler;
  private final Device device;
  private long order;
  private long nowNs;

  Simulation(long seed, IoScheduler scheduler, Device device) {
    random = new Random(seed);
    this.scheduler = scheduler;
    this.device = device;
  }

  /** Something that happens at a time; equal times in the order they were planned. */
  private record Event(long ns, long order, Runnable body) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return ns != other.ns ? Long.compare(ns, other.ns) : Long.compare(order, other.order);
    }
  }

  private void at(long ns, Runnable body) {
    events.add(new Event(ns, order++, body));
  }

  long nowNs() {
    return nowNs;
  }

  /** Runs until the time. */
  void until(long ns) {
    while (!events.isEmpty() && events.peek().ns <= ns) {
      Event event = events.poll();
      nowNs = event.ns;
      event.body.run();
      startDevice();
    }
    nowNs = ns;
  }

  private void startDevice() {
    for (ScheduledIo io = scheduler.poll(nowNs); io != null; io = scheduler.poll(nowNs)) {
      Io started = (Io) io;
      started.startedAtNs = nowNs;
      long doneNs = io.expired ? nowNs : device.serve(io, nowNs, random);
      at(
          doneNs,
          () -> {
            scheduler.complete(started, nowNs);
            started.client.done(started);
          });
    }
  }

  /** Places that each serve one I/O at a time. */
  static final class Device {
    private final long[] freeNs;
    private final long readBaseNs;
    private final long writeBaseNs;
    private final long mibNs;
    private final int slowPerTenThousand;

    Device(int places, long readBaseNs, long writeBaseNs, long mibNs, int slowPerTenThousand) {
      freeNs = new long[places];
      this.readBaseNs = readBaseNs;
      this.writeBaseNs = writeBaseNs;
      this.mibNs = mibNs;
      this.slowPerTenThousand = slowPerTenThousand;
    }

    CostModel model() {
      return CostModel.given(readBaseNs, mibNs, writeBaseNs, mibNs, freeNs.length);
    }

    long serve(ScheduledIo io, long nowNs, Random random) {
      int place = 0;
      for (int i = 1; i < freeNs.length; i++) {
        place = freeNs[i] < freeNs[place] ? i : place;
      }
      long base = io.writes ? writeBaseNs : readBaseNs;
      // Flash is not a metronome: the base varies by a fifth.
      base += base * (random.nextInt(401) - 200) / 1000;
      if (random.nextInt(10_000) < slowPerTenThousand) {
        base *= 10;
      }
      long start = Math.max(nowNs, freeNs[place]);
      freeNs[place] = start + base + io.costBytes * mibNs / (1 << 20);
      return freeNs[place];
    }
  }

  /** One I/O of a client, reused. */
  static final class Io extends ScheduledIo {
    final Client client;
    long submittedAtNs;
    long startedAtNs;

    Io(Client client) {
      this.client = client;
    }
  }

  /**
   * Somebody with so many I/Os at a time and a pause between them; remembers how long they took.
   */
  final class Client {
    private final int ioClass;
    private final int bytes;
    private final boolean writes;
    private final long pauseNs;
    private final long budgetNs;
    private @Nullable HostShare host;
    private @Nullable HostShare bucket;
    private long[] takenNs = new long[1024];
    private int samples;
    private long movedBytes;
    private long fromNs;
    int downgraded;
    int expired;
    int missed;
    boolean expires;

    Client(int ioClass, int bytes, boolean writes, long pauseNs, long budgetNs) {
      this.ioClass = ioClass;
      this.bytes = bytes;
      this.writes = writes;
      this.pauseNs = pauseNs;
      this.budgetNs = budgetNs;
    }

    Client of(HostShare share) {
      host = share;
      return this;
    }

    /** Above its rate the client is of class normal. */
    Client limited(HostShare share) {
      host = share;
      bucket = share;
      return this;
    }

    Client depth(int depth) {
      for (int i = 0; i < depth; i++) {
        Io io = new Io(this);
        at(nowNs + random.nextInt(100_000), () -> submit(io));
      }
      return this;
    }

    private void submit(Io io) {
      io.submittedAtNs = nowNs;
      io.costBytes = bytes;
      io.writes = writes;
      io.ioClass = ioClass;
      HostShare rate = bucket;
      if (rate != null && IoClass.isLatency(ioClass) && !rate.take(1, bytes, nowNs)) {
        io.ioClass = IoClass.NORMAL;
        downgraded++;
      }
      io.host = host;
      io.expires = expires;
      io.confidence = 8;
      io.deadlineNs = nowNs + budgetNs;
      scheduler.submit(io, nowNs);
    }

    private void done(Io io) {
      if (io.expired) {
        expired++;
      } else if (nowNs >= fromNs) {
        if (samples == takenNs.length) {
          takenNs = Arrays.copyOf(takenNs, samples * 2);
        }
        takenNs[samples++] = nowNs - io.submittedAtNs;
        missed += nowNs - io.deadlineNs > 0 ? 1 : 0;
        movedBytes += bytes;
      }
      at(nowNs + pauseNs + (pauseNs == 0 ? 0 : random.nextInt((int) pauseNs)), () -> submit(io));
    }

    /** Forgets what came before now. */
    void reset() {
      samples = 0;
      movedBytes = 0;
      missed = 0;
      fromNs = nowNs;
    }

    int samples() {
      return samples;
    }

    long percentileNs(double share) {
      long[] sorted = Arrays.copyOf(takenNs, samples);
      Arrays.sort(sorted);
      return sorted[Math.min(samples - 1, (int) (samples * share))];
    }

    /** MiB a second since the last {@link #reset}. */
    double mibPerSecond() {
      return movedBytes * 1e9 / (1 << 20) / (nowNs - fromNs);
    }

    double missedShare() {
      return missed / (double) samples;
    }
  }
}
