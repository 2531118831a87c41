package io.mora.target.backend;

import io.mora.target.backend.os.LibC;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request with memory of its own whose end can be waited for. */
public class TestRequest extends IoRequest {
  private static final int PAGE_BYTES = 4096;
  private static final int WAIT_SECONDS = 20;

  public final ByteBuffer memory;
  public CompletableFuture<Integer> status = new CompletableFuture<>();

  public TestRequest(int capacityBytes) {
    memory =
        ByteBuffer.allocateDirect((capacityBytes & -PAGE_BYTES) + 2 * PAGE_BYTES)
            .alignedSlice(PAGE_BYTES)
            .slice(0, capacityBytes);
    data = Unpooled.wrappedBuffer(memory);
    address = LibC.address(memory);
  }

  public static TestRequest of(int op, long offsetBytes, long lengthBytes) {
    boolean moves = op == READ || op == WRITE;
    TestRequest request = new TestRequest(moves ? (int) lengthBytes : 0);
    request.op = op;
    request.offsetBytes = offsetBytes;
    request.lengthBytes = lengthBytes;
    return request;
  }

  public static TestRequest write(long offsetBytes, byte[] bytes) {
    TestRequest request = of(WRITE, offsetBytes, bytes.length);
    request.memory.put(0, bytes);
    return request;
  }

  public TestRequest fua() {
    forceUnitAccess = true;
    return this;
  }

  public byte[] bytes() {
    byte[] bytes = new byte[(int) lengthBytes];
    memory.get(0, bytes);
    return bytes;
  }

  public int await() throws InterruptedException, ExecutionException, TimeoutException {
    return status.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void complete(int outcome) {
    if (!status.complete(outcome)) {
      throw new AssertionError("completed twice: " + this);
    }
  }
}
