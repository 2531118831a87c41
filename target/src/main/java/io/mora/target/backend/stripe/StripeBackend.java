package io.mora.target.backend.stripe;

import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendGeometry;
import io.mora.target.backend.BackendOptions.Problem;
import io.mora.target.backend.BackendQueue;
import io.mora.target.shard.Shard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Several storages of one size as one, striped (RAID 0): for bandwidth, at the price that the loss
 * of one loses all. A block lies on one member, whole; more than a block is no unit.
 */
public final class StripeBackend implements Backend {
  /** Most members. */
  public static final int MEMBERS_MAX = 32;

  private final List<Backend> members;
  private final StripeLayout layout;
  private volatile BackendGeometry geometry;

  private StripeBackend(List<Backend> members, StripeLayout layout, BackendGeometry geometry) {
    this.members = List.copyOf(members);
    this.layout = layout;
    this.geometry = geometry;
  }

  /**
   * Puts opened members together; they are closed with it, not if this throws.
   *
   * @throws Problem if their sizes differ or are no multiple of the chunk, or the chunk is none
   */
  public static StripeBackend of(List<Backend> members, long chunkBytes) throws Problem {
    if (members.size() < 2 || members.size() > MEMBERS_MAX) {
      throw new Problem("paths", members.size() + " files", "2 to " + MEMBERS_MAX);
    }
    BackendGeometry first = members.get(0).geometry();
    if (chunkBytes <= 0 || chunkBytes % first.blockSizeBytes() != 0) {
      throw new Problem(
          "chunk", chunkBytes, "a positive multiple of blockSizeBytes " + first.blockSizeBytes());
    }
    boolean cached = false;
    boolean deallocates = true;
    boolean readOnly = false;
    int optimalBlocks = 1;
    for (int i = 0; i < members.size(); i++) {
      BackendGeometry each = members.get(i).geometry();
      if (each.sizeBytes() != first.sizeBytes() || each.sizeBytes() % chunkBytes != 0) {
        throw new Problem(
            "paths[" + i + "]",
            "of " + each.sizeBytes() + " bytes",
            "all of one size, a multiple of chunk "
                + chunkBytes
                + "; the first has "
                + first.sizeBytes());
      }
      cached |= each.volatileWriteCache();
      deallocates &= each.deallocates();
      readOnly |= each.readOnly();
      optimalBlocks = Math.max(optimalBlocks, each.optimalBlocks());
    }
    BackendGeometry geometry =
        new BackendGeometry(
            first.sizeBytes() * members.size(),
            first.blockSizeBytes(),
            cached,
            deallocates,
            readOnly,
            optimalBlocks);
    return new StripeBackend(members, new StripeLayout(members.size(), chunkBytes), geometry);
  }

  @Override
  public String description() {
    return members.size() + " stripes of " + members.get(0).description();
  }

  @Override
  public BackendGeometry geometry() {
    return geometry;
  }

  /**
   * Changes every member's. Growing, what is new can be reached when all have it; shrinking, each
   * waits for its own commands. If a member refuses, those before it go back.
   */
  @Override
  public BackendGeometry resize(long sizeBytes) throws IOException {
    BackendGeometry before = geometry;
    if (sizeBytes == SIZE_AS_FOUND) {
      throw new Problem("sizeBytes", sizeBytes, "a size, because several files are striped");
    }
    BackendGeometry after = before.resized(sizeBytes);
    if (sizeBytes % layout.stripeBytes() != 0) {
      throw new Problem(
          "sizeBytes",
          sizeBytes,
          "a multiple of " + layout.stripeBytes() + ", a chunk on each of " + members.size());
    }
    boolean shrinks = sizeBytes < before.sizeBytes();
    if (shrinks) {
      geometry = after;
    }
    List<Backend> done = new ArrayList<>();
    try {
      for (Backend member : members) {
        member.resize(sizeBytes / members.size());
        done.add(member);
      }
    } catch (IOException | RuntimeException e) {
      undo(done, before.sizeBytes() / members.size(), e);
      geometry = before;
      throw e;
    }
    geometry = after;
    return after;
  }

  private static void undo(List<Backend> done, long memberBytes, Exception cause) {
    for (Backend member : done) {
      try {
        member.resize(memberBytes);
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  @Override
  public BackendQueue queue(Shard shard) {
    BackendQueue[] queues = new BackendQueue[members.size()];
    for (int i = 0; i < queues.length; i++) {
      queues[i] = members.get(i).queue(shard);
    }
    return new StripeQueue(this, layout, queues);
  }

  @Override
  public void close() {
    members.forEach(Backend::close);
  }
}
