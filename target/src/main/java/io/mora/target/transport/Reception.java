package io.mora.target.transport;

import io.mora.protocol.net.Landing;
import io.mora.protocol.net.LoopMemory;
import io.mora.protocol.net.ReceiveSizes;
import io.mora.target.shard.ShardTurn;
import io.netty.buffer.ByteBuf;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a socket is read whose connection is made only once its first bytes are there: Netty asks for
 * that once and for all at the first read. The thread of the loop it is on.
 */
final class Reception implements Landing {
  private IntSupplier most;
  private Supplier<LoopMemory> memory;
  private @Nullable Landing landing;

  /** On the shard that accepted it. */
  Reception(ShardTurn turn) {
    most = turn.budget()::readMaxBytes;
    memory = turn.shard().loop()::memory;
  }

  ReceiveSizes sizes() {
    return new ReceiveSizes(() -> most.getAsInt(), () -> memory.get(), this);
  }

  /**
   * A connection takes over.
   *
   * @param where its data belongs; null: nowhere, as it comes sealed
   */
  void become(IntSupplier connectionMost, Supplier<LoopMemory> of, @Nullable Landing where) {
    most = connectionMost;
    memory = of;
    landing = where;
  }

  @Override
  public int awaitedBytes() {
    Landing known = landing;
    return known == null ? 0 : known.awaitedBytes();
  }

  @Override
  public @Nullable ByteBuf place(int lengthBytes) {
    Landing known = landing;
    return known == null ? null : known.place(lengthBytes);
  }
}
