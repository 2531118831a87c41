package io.mora.tests.system.loopback;

import io.mora.target.backend.Backend;
import io.mora.target.backend.BackendQueue;
import io.mora.target.backend.ForwardingBackend;
import io.mora.target.backend.IoRequest;
import io.mora.target.shard.Shard;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A storage that notes what is started, in order, and can be told to hold it. */
final class NotingBackend extends ForwardingBackend {
  private final Queue<Started> log;
  private final Queue<Gate> gates = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /**
   * An operation that was handed to the storage.
   *
   * @param op of {@link IoRequest}
   */
  record Started(String name, int op, long offsetBytes, long lengthBytes) {}

  private final String name;

  /**
   * @param name tells storages apart in a common log
   * @param log where starts are noted, of any number of storages
   */
  NotingBackend(String name, Backend inner, Queue<Started> log) {
    super("noted", inner);
    this.name = name;
    this.log = log;
  }

  /** Operations that are started from now on do not end. */
  void shut() {
    closed = true;
  }

  /** Lets go of what was held, in order. */
  void open() {
    closed = false;
    gates.forEach(gate -> gate.shard.execute(gate::drain));
  }

  @Override
  public BackendQueue queue(Shard shard) {
    Gate gate = new Gate(inner.queue(shard), shard);
    gates.add(gate);
    return gate;
  }

  private final class Gate implements BackendQueue {
    private final BackendQueue storage;
    private final Shard shard;
    private final ArrayDeque<IoRequest> held = new ArrayDeque<>();

    Gate(BackendQueue storage, Shard shard) {
      this.storage = storage;
      this.shard = shard;
    }

    @Override
    public void submit(IoRequest request) {
      log.add(new Started(name, request.op, request.offsetBytes, request.lengthBytes));
      if (closed) {
        held.add(request);
      } else {
        storage.submit(request);
      }
    }

    private void drain() {
      while (!held.isEmpty()) {
        storage.submit(held.remove());
      }
    }

    @Override
    public int inFlight() {
      return held.size() + storage.inFlight();
    }

    @Override
    public void close() {
      storage.close();
    }
  }
}
