package io.mora.cli.floor;

import io.mora.protocol.net.DirectFile;
import io.netty.channel.unix.Buffer;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.HdrHistogram.Histogram;

/**
 * Measures the file's floor: how fast one thread reads it through a ring of its own, past the page
 * cache. What a target's storage takes beyond it is the target's doing, and no disk's.
 */
public final class FileFloor implements DirectFile.Done {
  private static final int PAGE = 4096;
  private static final int ENTRIES_MIN = 64;

  private final FileReads reads;
  private final SplittableRandom dice;
  private final Histogram latencies = new Histogram(64, Floor.HIGHEST_NS, 3);
  private final long[] begunNs;
  private final int[] again;
  private int ended;
  private int problem;
  private long next;

  private FileFloor(FileReads reads) {
    this.reads = reads;
    this.dice = new SplittableRandom(reads.seed());
    this.begunNs = new long[reads.depth()];
    this.again = new int[reads.depth()];
  }

  /**
   * Checks that there is a floor to be measured.
   *
   * @throws IOException if the file cannot be read so, or there is no io_uring; with the reason
   */
  public static void check(Path path, FileReads reads) throws IOException {
    reads.requireFits(path);
    DirectFile.open(path, ENTRIES_MIN, (tag, result) -> {}).close();
  }

  /**
   * Runs it.
   *
   * @param spin polls instead of sleeping
   * @param cpu of the thread, or -1 for any
   * @throws IOException if the file cannot be read so, with the reason
   */
  public static Floor.Result measure(Path path, FileReads reads, boolean spin, Span span, int cpu)
      throws IOException, InterruptedException {
    reads.requireFits(path);
    FutureTask<Floor.Result> task =
        new FutureTask<>(() -> new FileFloor(reads).run(path, spin, span));
    Floor.thread("file-floor", cpu, task).start();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      throw new IOException("the file's floor could not be measured: " + e.getCause(), e);
    }
  }

  private Floor.Result run(Path path, boolean spin, Span span) throws IOException {
    int entries = Integer.highestOneBit(Math.max(ENTRIES_MIN, reads.depth()) * 2 - 1);
    ByteBuffer memory =
        ByteBuffer.allocateDirect(reads.depth() * stride() + PAGE).alignedSlice(PAGE);
    long address = Buffer.memoryAddress(memory);
    try (DirectFile file = DirectFile.open(path, entries, this)) {
      long startNs = System.nanoTime();
      long fromNs = startNs + span.warmupNs();
      long endNs = fromNs + span.countedNs();
      for (int tag = 0; tag < reads.depth(); tag++) {
        begin(file, address, tag, startNs);
      }
      long nowNs = startNs;
      while (nowNs - endNs < 0 && problem == 0) {
        nowNs = turn(file, spin, fromNs);
        for (int i = 0; i < ended; i++) {
          begin(file, address, again[i], nowNs);
        }
        ended = 0;
      }
      long lengthNs = nowNs - fromNs;
      settle(file);
      if (problem != 0) {
        throw new IOException(path + ": " + words(problem));
      }
      return new Floor.Result(spin, latencies, lengthNs);
    } finally {
      // Only its address is used above: without this it could be freed under the kernel.
      Reference.reachabilityFence(memory);
    }
  }

  /** Waits for some reads to end and counts them; when that was. */
  private long turn(DirectFile file, boolean spin, long fromNs) {
    if (spin) {
      file.poll();
    } else {
      file.await();
    }
    long nowNs = System.nanoTime();
    if (nowNs - fromNs >= 0) {
      for (int i = 0; i < ended; i++) {
        latencies.recordValue(Math.min(nowNs - begunNs[again[i]], Floor.HIGHEST_NS));
      }
    }
    return nowNs;
  }

  /** Waits for what is under way: the kernel writes into memory until then. */
  private void settle(DirectFile file) {
    int left = reads.depth();
    while (left > ended) {
      file.await();
    }
  }

  private void begin(DirectFile file, long address, int tag, long nowNs) {
    begunNs[tag] = nowNs;
    long block = reads.sequential() ? next++ % reads.count() : dice.nextLong(reads.count());
    long offset = reads.firstByte() + block * reads.blockBytes();
    file.read(offset, address + (long) tag * stride(), reads.blockBytes(), tag);
  }

  /** From one read's memory to the next one's. */
  private int stride() {
    return Math.multiplyExact((reads.blockBytes() + PAGE - 1) / PAGE, PAGE);
  }

  @Override
  public void done(int tag, int result) {
    if (result != reads.blockBytes() && problem == 0) {
      problem = result == 0 ? Integer.MAX_VALUE : result;
    }
    again[ended++] = tag;
  }

  private String words(int result) {
    return result < 0
        ? "a read of " + reads.blockBytes() + " bytes failed, errno " + -result
        : "a read of " + reads.blockBytes() + " bytes brought less";
  }
}
