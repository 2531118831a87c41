package io.mora.initiator.accelerator;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A device whose copies arrive when a test says so; strict about what it is asked. Any thread. */
final class FakeDriver implements AcceleratorDriver {
  private record Begun(ByteBuffer from, long to, int mark) {}

  private final Map<Long, byte[]> memory = new HashMap<>();
  private final List<ByteBuffer> pinned = new ArrayList<>();
  private final ArrayDeque<Begun> begun = new ArrayDeque<>();
  private final Set<Integer> marks = new HashSet<>();
  private final Set<Integer> failed = new HashSet<>();
  private long nextAddress = 1 << 20;
  private boolean holds;
  private boolean refusesPins;
  private int begins;
  private int failingBegin = -1;
  private int failingCopy = -1;
  private boolean closed;
  private boolean breaksPins;
  private int pinsAsked;
  private int failingFrees;
  private final CountDownLatch hang = new CountDownLatch(1);
  private volatile boolean hangs;

  synchronized FakeDriver holding() {
    holds = true;
    return this;
  }

  synchronized FakeDriver refusingPins() {
    refusesPins = true;
    return this;
  }

  /** The third buffer to be pinned breaks it. */
  synchronized void breakingPins() {
    breaksPins = true;
  }

  synchronized int pinsAsked() {
    return pinsAsked;
  }

  /** So many times memory cannot be given back. */
  synchronized void failingFrees(int count) {
    failingFrees = count;
  }

  /** Beginning a copy does not come back until {@link #letGo}. */
  void hanging() {
    hangs = true;
  }

  void letGo() {
    hang.countDown();
  }

  /** The n-th copy cannot be begun, or fails on its way; from 0, -1 for none. */
  synchronized FakeDriver failing(int begin, int copy) {
    failingBegin = begin;
    failingCopy = copy;
    return this;
  }

  /** Lets so many copies arrive. */
  synchronized void arrive(int count) {
    for (int i = 0; i < count; i++) {
      arrive(begun.remove());
    }
  }

  private void arrive(Begun copy) {
    byte[] at = memory.get(copy.to & -4096);
    if (at == null) {
      throw new AssertionError("a copy to memory that was given back");
    }
    copy.from.duplicate().get(at, (int) (copy.to & 4095), copy.from.remaining());
    marks.remove(copy.mark);
  }

  synchronized int begun() {
    return begins;
  }

  synchronized int pinned() {
    return pinned.size();
  }

  synchronized int allocated() {
    return memory.size();
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized byte[] bytes(DeviceMemory of, int at, int length) {
    return Arrays.copyOfRange(memory.get(of.address()), at, at + length);
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public synchronized void pin(ByteBuffer buffer) {
    pinsAsked++;
    if (breaksPins && pinsAsked == 3) {
      throw new IllegalStateException("broken");
    }
    if (refusesPins || !buffer.isDirect()) {
      throw new AcceleratorException("no more can be pinned");
    }
    pinned.add(buffer);
  }

  @Override
  public synchronized void unpin(ByteBuffer buffer) {
    if (!pinned.removeIf(each -> each == buffer)) {
      throw new AssertionError("not pinned");
    }
  }

  @Override
  public synchronized long allocate(long bytes) {
    if (bytes > 1 << 20) {
      throw new AcceleratorException("out of memory");
    }
    long address = nextAddress;
    nextAddress += 1 << 20;
    memory.put(address, new byte[(int) bytes]);
    return address;
  }

  @Override
  public synchronized void free(long address) {
    if (failingFrees-- > 0) {
      throw new AcceleratorException("the device is gone");
    }
    if (memory.remove(address) == null) {
      throw new AssertionError("given back twice");
    }
  }

  @Override
  public void begin(ByteBuffer from, long to, int mark) {
    launch(from, to, mark);
    while (hangs && hang.getCount() > 0) {
      LockSupport.parkNanos(1_000_000); // Deaf to interrupts, as calls of a driver are.
    }
  }

  private synchronized void launch(ByteBuffer from, long to, int mark) {
    if (begins++ == failingBegin) {
      throw new AcceleratorException("launch failed");
    }
    if (mark < 0 || mark >= MARKS || !marks.add(mark)) {
      throw new AssertionError("mark " + mark);
    }
    Begun copy = new Begun(from, to, mark);
    if (begins - 1 == failingCopy) {
      failed.add(mark);
    }
    if (holds) {
      begun.add(copy);
    } else {
      arrive(copy);
    }
  }

  @Override
  public synchronized boolean isDone(int mark) {
    if (!marks.contains(mark) && failed.remove(mark)) {
      throw new AcceleratorException("the copy was lost");
    }
    return !marks.contains(mark);
  }

  @Override
  public synchronized void close() {
    if (closed || !pinned.isEmpty()) {
      throw new AssertionError("closed twice, or before all was unpinned");
    }
    closed = true;
  }
}
