package io.mora.initiator.queue;

import io.mora.initiator.io.IoCallback;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.status.Status;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a command costs the initiator beside its capsule and its callback: an identifier, being
 * filled in, sent, found again and answered, with so many under way that end in order.
 * tests/bench/parts runs it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class CommandBench {
  private static final int BLOCK_BYTES = 4096;
  private static final int RESERVED = 2;
  private static final long TIMEOUT_NS = 30_000_000_000L;
  private static final IoCallback NOBODY = (context, status, result) -> {};

  @Param({"1", "128"})
  public int depth = 128;

  private final ByteBuffer memory = ByteBuffer.allocateDirect(BLOCK_BYTES);
  private CommandTable table = new CommandTable(RESERVED + 1, RESERVED);
  private int[] underWay = new int[0];
  private int next;
  private long nowNs = 1;

  @Setup
  public void setup() {
    table = new CommandTable(depth + RESERVED + 1, RESERVED);
    underWay = new int[depth];
    for (int i = 0; i < depth; i++) {
      underWay[i] = begin();
    }
  }

  private int begin() {
    PendingCommand command = Objects.requireNonNull(table.take(), "one is free");
    command
        .start(NvmOpcode.READ, 1)
        .receive(memory, 0, BLOCK_BYTES)
        .callback(NOBODY, nowNs)
        .resend(true);
    ReadWrite.write(command.sqe(), 0, nowNs, 1, 0);
    command.submitted(nowNs, TIMEOUT_NS);
    command.carry(true, false, null);
    command.sending(nowNs, nowNs++);
    return command.cid;
  }

  @Benchmark
  public PendingCommand command() {
    PendingCommand command = Objects.requireNonNull(table.sent(underWay[next]), "it was sent");
    command.answer(Status.SUCCESS, 0, 0);
    command.data.received = BLOCK_BYTES;
    if (command.weigh()) {
      throw new IllegalStateException("it is complete: " + command);
    }
    table.release(command);
    underWay[next] = begin();
    next = next + 1 == depth ? 0 : next + 1;
    return command;
  }
}
