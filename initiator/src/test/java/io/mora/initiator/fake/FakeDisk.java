package io.mora.initiator.fake;

import io.mora.protocol.command.DatasetManagement;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.command.ReadWrite;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Arrays;

/** A namespace in memory. */
public final class FakeDisk {
  public static final int BLOCK = 512;
  public static final int BLOCKS = 8192;

  /** Data in one C2HData. */
  public volatile int c2hBytes = 8192;

  private final byte[] bytes = new byte[BLOCK * BLOCKS];

  /** A copy of blocks. */
  public synchronized byte[] copy(long slba, int blocks) {
    return Arrays.copyOfRange(bytes, (int) slba * BLOCK, (int) (slba + blocks) * BLOCK);
  }

  public synchronized void put(long slba, byte[] data) {
    System.arraycopy(data, 0, bytes, (int) slba * BLOCK, data.length);
  }

  boolean needsData(Command command) {
    int opcode = command.opcode();
    boolean out =
        opcode == NvmOpcode.WRITE
            || opcode == NvmOpcode.COMPARE
            || opcode == NvmOpcode.DATASET_MANAGEMENT;
    return out && !command.inCapsule();
  }

  synchronized void handle(Wire wire, Command command, boolean successFlag) throws IOException {
    int cid = command.cid();
    long slba = ReadWrite.slba(command.sqe(), 0);
    int blocks = ReadWrite.nlb0(command.sqe(), 0) + 1;
    int status = Status.SUCCESS;
    switch (command.opcode()) {
      case NvmOpcode.READ -> {
        read(wire, cid, copy(slba, blocks), successFlag);
        return;
      }
      case NvmOpcode.WRITE -> put(slba, bytes(command.data()));
      case NvmOpcode.COMPARE -> {
        boolean same = Arrays.equals(copy(slba, blocks), bytes(command.data()));
        status = same ? 0 : Status.COMPARE_FAILURE | Status.DNR;
      }
      case NvmOpcode.WRITE_ZEROES -> put(slba, new byte[blocks * BLOCK]);
      case NvmOpcode.DATASET_MANAGEMENT -> deallocate(command);
      case NvmOpcode.FLUSH -> {}
      default -> status = Status.INVALID_OPCODE | Status.DNR;
    }
    wire.respond(cid, status, 0);
  }

  private void deallocate(Command command) {
    for (int i = 0; i <= DatasetManagement.nr0(command.sqe(), 0); i++) {
      int at = i * DatasetManagement.RANGE_LENGTH;
      long slba = DatasetManagement.rangeSlba(command.data(), at);
      put(slba, new byte[(int) DatasetManagement.rangeBlocks(command.data(), at) * BLOCK]);
    }
  }

  private void read(Wire wire, int cid, byte[] data, boolean successFlag) throws IOException {
    int at = 0;
    while (at < data.length) {
      int n = Math.min(c2hBytes, data.length - at);
      boolean last = at + n == data.length;
      int flags = last ? CommonHeader.LAST_PDU | (successFlag ? CommonHeader.SUCCESS : 0) : 0;
      wire.bytes(wire.c2hData(cid, at, Unpooled.wrappedBuffer(data, at, n), flags));
      at += n;
    }
    if (!successFlag) {
      wire.respond(cid, 0, 0);
    }
  }

  private static byte[] bytes(ByteBuf data) {
    byte[] copy = new byte[data.readableBytes()];
    data.getBytes(data.readerIndex(), copy);
    return copy;
  }
}
