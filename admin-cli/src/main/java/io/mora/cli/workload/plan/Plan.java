package io.mora.cli.workload.plan;

import java.util.List;

/**
 * What one request reads, or writes, until its first token can be made.
 *
 * @param layers in their order; the pages of one may be had at once
 * @param ahead how many layers may be read ahead of the one that is needed: 0 where the pages of a
 *     layer are known only when those of the one before were read
 * @param writes it writes its pages, and they are to be durable in the end
 */
public record Plan(List<List<Page>> layers, int ahead, boolean writes) {
  /** Bytes of all pages. */
  public long bytes() {
    long sum = 0;
    for (List<Page> layer : layers) {
      for (Page page : layer) {
        sum += page.bytes();
      }
    }
    return sum;
  }
}
