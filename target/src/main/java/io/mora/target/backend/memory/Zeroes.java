package io.mora.target.backend.memory;

import io.mora.protocol.net.LentMemory;
import io.mora.target.backend.os.ZeroPages;
import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Buffer;

/** What is not there. */
final class Zeroes implements LentMemory {
  static final Zeroes INSTANCE = new Zeroes();
  static final long ADDRESS = Buffer.memoryAddress(ZeroPages.buffer());

  @Override
  public void copyTo(int at, ByteBuf target, int targetAt, int lengthBytes) {
    ZeroPages.fill(target, targetAt, lengthBytes);
  }

  @Override
  public void giveBack(int at, int lengthBytes) {}
}
