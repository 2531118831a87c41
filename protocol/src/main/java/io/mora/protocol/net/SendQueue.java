package io.mora.protocol.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one connection has to say in a turn: pieces of memory, in order, that leave together.
 *
 * <p>On epoll they go to the socket in one system call and nothing is allocated. What it does not
 * take at once, and everything on other transports, goes the channel's way, which waits for room;
 * until that is through, what comes later goes behind it. The thread of the loop the channel is on.
 */
public final class SendQueue implements ChannelFutureListener {
  /*
   * Memory of a piece must stay as it is until its flush is done: an owner is retained for that
   * where the channel takes over, lent memory is copied to its stand-in and given back at once. So
   * nothing is on loan between two flushes, however slow the peer.
   */
  private static final int FIRST_PIECES = 8;

  private final Channel channel;
  private final Listener listener;
  private final @Nullable FileDescriptor socket;

  private @Nullable ByteBuf[] owners = new @Nullable ByteBuf[FIRST_PIECES];
  private int[] ats = new int[FIRST_PIECES];
  private int[] lengths = new int[FIRST_PIECES];
  private long[] addresses = new long[FIRST_PIECES];

  /** Parallel to the others from the first loan on. */
  private @Nullable LentMemory[] lenders = {};

  private int[] lentAts = {};
  private int pieces;
  private boolean lent;
  private boolean unaddressed;
  private long bytes;
  private int flushesWithChannel;
  private int markedPieces;
  private int markedLength;
  private long markedBytes;

  /** Told when a flush is over. */
  public interface Listener {
    /**
     * The socket has taken all of the oldest {@link SendQueue#flush} not yet told of, or never
     * will; perhaps from within that call.
     */
    void sent();
  }

  public SendQueue(Channel channel, Listener listener) {
    this(channel, listener, channel instanceof UnixChannel unix ? unix.fd() : null);
  }

  private SendQueue(Channel channel, Listener listener, @Nullable FileDescriptor socket) {
    this.channel = channel;
    this.listener = listener;
    this.socket = socket;
  }

  /** One whose channel changes what is sent, so that all of it has to go that way. */
  public static SendQueue byChannel(Channel channel, Listener listener) {
    return new SendQueue(channel, listener, null);
  }

  /** Whether what is flushed now goes to the socket now, so that memory may be lent to it. */
  public boolean sendsNow(LoopMemory memory) {
    return socket != null && memory.isDirect() && flushesWithChannel == 0;
  }

  public boolean isEmpty() {
    return pieces == 0;
  }

  /** Bytes added since the last flush. */
  public long bytes() {
    return bytes;
  }

  /**
   * Adds memory; a piece that goes on where the last one ended becomes part of it.
   *
   * @param owner retained if the channel has to wait with it
   * @param address native address of the owner's byte 0, or 0 if it is not known
   */
  public void add(ByteBuf owner, long address, int at, int lengthBytes) {
    bytes += lengthBytes;
    int last = pieces - 1;
    if (last >= 0
        && owners[last] == owner
        && ats[last] + lengths[last] == at
        && (!lent || lenders[last] == null)) {
      lengths[last] += lengthBytes;
      return;
    }
    unaddressed |= address == 0;
    piece(owner, at, address + at, lengthBytes);
    if (lent) {
      lenders[last + 1] = null;
    }
  }

  /**
   * Adds memory that is on loan from now until it is given back, which {@link #flush} does.
   *
   * @param address native address of its first byte
   * @param standIn memory of the caller's that takes its place if it has to wait, from {@code at}
   */
  public void lend(
      LentMemory lender, int lentAt, long address, int lengthBytes, ByteBuf standIn, int at) {
    bytes += lengthBytes;
    int index = pieces;
    piece(standIn, at, address, lengthBytes);
    if (!lent) {
      lent = true;
      if (lenders.length < owners.length) {
        lenders = new @Nullable LentMemory[owners.length];
        lentAts = new int[owners.length];
      }
      Arrays.fill(lenders, 0, index, null);
    }
    lenders[index] = lender;
    lentAts[index] = lentAt;
  }

  private void piece(ByteBuf owner, int at, long address, int lengthBytes) {
    int index = pieces;
    if (index == owners.length) {
      grow();
    }
    owners[index] = owner;
    ats[index] = at;
    addresses[index] = address;
    lengths[index] = lengthBytes;
    pieces = index + 1;
  }

  private void grow() {
    int larger = owners.length * 2;
    owners = Arrays.copyOf(owners, larger);
    ats = Arrays.copyOf(ats, larger);
    lengths = Arrays.copyOf(lengths, larger);
    addresses = Arrays.copyOf(addresses, larger);
    if (lent) {
      lenders = Arrays.copyOf(lenders, larger);
      lentAts = Arrays.copyOf(lentAts, larger);
    }
  }

  /** Remembers what was added so far, for {@link #rollBack}. */
  public void mark() {
    markedPieces = pieces;
    markedBytes = bytes;
    markedLength = pieces == 0 ? 0 : lengths[pieces - 1];
  }

  /** Takes back what was added since {@link #mark}; loans end. */
  public void rollBack() {
    giveBack(markedPieces);
    Arrays.fill(owners, markedPieces, pieces, null);
    pieces = markedPieces;
    bytes = markedBytes;
    if (pieces > 0) {
      lengths[pieces - 1] = markedLength;
    }
  }

  /** Sends what was added. {@link Listener#sent} follows once, unless there was nothing. */
  public void flush(LoopMemory memory) {
    if (pieces == 0) {
      return;
    }
    FileDescriptor fd = socket;
    long taken = 0;
    if (fd != null && sendsNow(memory) && !unaddressed) {
      taken = write(fd, memory);
    }
    boolean over = taken < 0 || taken == bytes;
    if (over) {
      giveBack();
      clear();
      listener.sent();
    } else {
      boolean handed = false;
      try {
        handOver(taken);
        handed = true;
      } finally {
        if (!handed) { // No memory: what the host has got ends in the middle.
          giveBack();
          clear();
          channel.close();
          listener.sent();
        }
      }
    }
  }

  /** Bytes the socket took, or -1 when it is broken and the channel closes. */
  private long write(FileDescriptor fd, LoopMemory memory) {
    if (!fd.isOpen()) {
      return -1; // Its number may be another's by now.
    }
    long taken = 0;
    try {
      for (int from = 0; from < pieces; from += LoopMemory.PIECES_MAX) {
        int count = Math.min(pieces - from, LoopMemory.PIECES_MAX);
        long offered = 0;
        for (int i = 0; i < count; i++) {
          memory.vector(i, addresses[from + i], lengths[from + i]);
          offered += lengths[from + i];
        }
        long now = fd.writevAddresses(memory.vectorsAddress(), count);
        taken += now;
        if (now < offered) {
          break;
        }
      }
      return taken;
    } catch (IOException e) {
      channel.close();
      return -1;
    }
  }

  /** The channel sends what the socket has not taken. */
  private void handOver(long taken) {
    int first = 0;
    long skip = taken;
    while (skip >= lengths[first]) {
      skip -= lengths[first++];
    }
    int done = (int) skip;
    for (int i = first; i < pieces; i++) {
      LentMemory lender = lent ? lenders[i] : null;
      ByteBuf owner = owner(i);
      int length = lengths[i] - done;
      if (lender != null) {
        lender.copyTo(lentAts[i] + done, owner, ats[i] + done, length);
      }
      ByteBuf piece = owner.retainedSlice(ats[i] + done, length);
      done = 0;
      if (i < pieces - 1) {
        channel.write(piece, channel.voidPromise());
      } else {
        giveBack();
        clear();
        flushesWithChannel++;
        ChannelPromise promise = channel.newPromise();
        promise.addListener(this);
        channel.writeAndFlush(piece, promise);
        return;
      }
    }
  }

  private ByteBuf owner(int index) {
    ByteBuf owner = owners[index];
    if (owner == null) {
      throw new IllegalStateException("piece " + index + " of " + pieces + " has no owner");
    }
    return owner;
  }

  private void giveBack() {
    giveBack(0);
    lent = false;
  }

  private void giveBack(int from) {
    if (lent) {
      for (int i = from; i < pieces; i++) {
        LentMemory lender = lenders[i];
        if (lender != null) {
          lenders[i] = null;
          lender.giveBack(lentAts[i], lengths[i]);
        }
      }
    }
  }

  private void clear() {
    Arrays.fill(owners, 0, pieces, null);
    pieces = 0;
    bytes = 0;
    unaddressed = false;
  }

  @Override
  public void operationComplete(ChannelFuture future) {
    flushesWithChannel--;
    listener.sent();
  }

  /** Drops what was not flushed; {@link Listener#sent} is told of it if there was anything. */
  public void drop() {
    if (pieces > 0) {
      giveBack();
      clear();
      listener.sent();
    }
  }
}
