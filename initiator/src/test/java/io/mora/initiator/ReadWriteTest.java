package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.initiator.fake.Command;
import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.fake.Wire;
import io.mora.initiator.io.Completion;
import io.mora.initiator.io.IoOptions;
import io.mora.protocol.CommandException;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.data.IdentifyController.Field;
import io.mora.protocol.net.TransportKind;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads and writes of every shape over every transport, with digests and without. */
class ReadWriteTest {
  @ParameterizedTest
  @CsvSource({
    "NIO,false,false",
    "NIO,true,true",
    "EPOLL,true,false",
    "EPOLL,false,true",
    "IO_URING,false,false",
    "IO_URING,true,true"
  })
  void whatIsWrittenIsRead(TransportKind transport, boolean headerDigest, boolean dataDigest)
      throws Exception {
    assumeTrue(transport.available(), () -> String.valueOf(transport.unavailableReason()));
    try (Rig rig = new Rig(transport)) {
      ConnectOptions options =
          rig.options().headerDigest(headerDigest).dataDigest(dataDigest).build();
      RemoteNamespace namespace = rig.connect(options).namespace(1);
      // In the capsule; by one R2T; by several R2Ts of several H2CData each; cut in pieces.
      for (int blocks : new int[] {1, 8, 9, 32, 200, 256, 257, 1000}) {
        rig.controller.successFlag = blocks % 2 == 0;
        ByteBuffer written = Rig.random(blocks, blocks);
        Rig.get(namespace.write(16, blocks, written));
        assertThat(rig.controller.disk.copy(16, blocks)).isEqualTo(Rig.bytes(written));
        ByteBuffer read = ByteBuffer.allocateDirect(blocks * FakeDisk.BLOCK);
        Rig.get(namespace.read(16, blocks, read));
        assertThat(Rig.bytes(read)).isEqualTo(Rig.bytes(written));
      }
      assertThat(rig.controller.failures()).isEmpty();
    }
  }

  @Test
  void manyAtOnceEndOnceEach() throws Exception {
    try (Rig rig = new Rig()) {
      Association association = rig.connect(rig.options().queueDepth(16).build());
      RemoteNamespace namespace = association.namespace(1);
      ByteBuffer written = Rig.random(1024, 7);
      Rig.get(namespace.write(0, 1024, written));
      ByteBuffer read = ByteBuffer.allocateDirect(written.capacity());
      List<CompletableFuture<Completion>> all = new ArrayList<>();
      for (int i = 0; i < 1024; i++) {
        RemoteNamespace on = namespace.onQueue(i % association.queues());
        ByteBuffer block = read.slice(i * FakeDisk.BLOCK, FakeDisk.BLOCK);
        all.add(on.read(i, 1, block).toCompletableFuture());
      }
      Rig.get(CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)));
      assertThat(Rig.bytes(read)).isEqualTo(Rig.bytes(written));
      assertThat(association.outstanding()).isZero();
    }
  }

  @Test
  void otherCommandsDoWhatTheySay() throws Exception {
    try (Rig rig = new Rig()) {
      RemoteNamespace namespace = rig.connect().namespace(1);
      ByteBuffer data = Rig.random(64, 3);
      Rig.get(namespace.write(0, 64, data, new IoOptions().fua(true)));
      Rig.get(namespace.flush());
      Rig.get(namespace.compare(0, 64, data));
      CommandException differs = Rig.failure(namespace.compare(1, 8, data), CommandException.class);
      assertThat(Status.code(differs.status())).isEqualTo(Status.COMPARE_FAILURE);
      assertThat(differs.retryable()).isFalse();
      Rig.get(namespace.writeZeroes(0, 4000));
      Rig.get(namespace.deallocate(List.of(new BlockRange(10, 2), new BlockRange(4100, 64))));
      assertThat(rig.controller.disk.copy(0, 64)).containsOnly(0);
    }
  }

  @Test
  void timesAndPositionsAreTold() throws Exception {
    try (Rig rig = new Rig()) {
      RemoteNamespace namespace = rig.connect().namespace(1);
      ByteBuffer data = ByteBuffer.allocate(4 * FakeDisk.BLOCK);
      data.position(FakeDisk.BLOCK);
      rig.controller.disk.put(5, Rig.bytes(Rig.random(2, 5)));
      long intended = System.nanoTime() - 1000;
      IoOptions options = new IoOptions().intendedStartNs(intended);
      Completion done = Rig.get(namespace.read(5, 2, data, options));
      assertThat(data.position()).isEqualTo(FakeDisk.BLOCK);
      assertThat(data.limit()).isEqualTo(data.capacity());
      assertThat(Rig.bytes(data.slice(FakeDisk.BLOCK, 2 * FakeDisk.BLOCK)))
          .isEqualTo(rig.controller.disk.copy(5, 2));
      Completion.Timing timing = done.timing();
      assertThat(timing.intendedStartNs()).isEqualTo(intended);
      assertThat(timing.submittedNs()).isGreaterThan(intended);
      assertThat(timing.completedNs()).isGreaterThanOrEqualTo(timing.sentNs());
    }
  }

  @Test
  void mistakesOfTheCallerThrowAtOnce() throws Exception {
    try (Rig rig = new Rig()) {
      RemoteNamespace namespace = rig.connect().namespace(1);
      ByteBuffer block = ByteBuffer.allocate(FakeDisk.BLOCK);
      assertThatThrownBy(() -> namespace.read(FakeDisk.BLOCKS, 1, block))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("with 8192 blocks");
      assertThatThrownBy(() -> namespace.read(Long.MAX_VALUE, 1, block))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> namespace.read(0, 2, block))
          .hasMessageContaining("512 bytes remaining: 1024 needed");
      assertThatThrownBy(() -> namespace.read(0, 1, block.asReadOnlyBuffer()))
          .hasMessageContaining("read-only");
      assertThatThrownBy(() -> namespace.write(0, 0, block))
          .isInstanceOf(IndexOutOfBoundsException.class);
      Rig.get(namespace.write(0, 1, block.asReadOnlyBuffer()));
    }
  }

  @Test
  void withoutRoomInTheCapsuleEveryWriteIsAskedFor() throws Exception {
    try (Rig rig = new Rig()) {
      rig.controller.admin.identify = builder -> builder.set(Field.IOCCSZ, 4);
      RemoteNamespace namespace = rig.connect().namespace(1);
      ByteBuffer data = Rig.random(1, 1);
      Rig.get(namespace.write(3, 1, data));
      assertThat(rig.controller.disk.copy(3, 1)).isEqualTo(Rig.bytes(data));
      assertThat(rig.controller.r2ts()).isEqualTo(1);
    }
  }

  @Test
  void answersMayComeInAnyOrderAndDataInterleaved() throws Exception {
    try (Rig rig = new Rig()) {
      RemoteNamespace namespace = rig.connect().namespace(1).onQueue(0);
      byte[] content = Rig.bytes(Rig.random(8, 4));
      List<Command> held = new ArrayList<>();
      rig.controller.script(
          (wire, command) -> {
            if (wire.qid != 1 || command.opcode() != NvmOpcode.READ) {
              return false;
            }
            held.add(command);
            if (held.size() == 2) {
              ByteBuf first = Unpooled.wrappedBuffer(content, 0, 2048);
              ByteBuf second = Unpooled.wrappedBuffer(content, 2048, 2048);
              int a = held.get(0).cid();
              int b = held.get(1).cid();
              wire.bytes(
                  Wire.join(
                      wire.c2hData(b, 0, first, 0),
                      wire.c2hData(a, 0, first, 0),
                      wire.c2hData(b, 2048, second, CommonHeader.LAST_PDU),
                      wire.response(b, 0, 0, 0),
                      wire.c2hData(a, 2048, second, CommonHeader.LAST_PDU | CommonHeader.SUCCESS)));
            }
            return true;
          });
      ByteBuffer one = ByteBuffer.allocate(4096);
      ByteBuffer two = ByteBuffer.allocateDirect(4096);
      List<String> order = new CopyOnWriteArrayList<>();
      CompletableFuture<?> first =
          namespace.read(0, 8, one).thenRun(() -> order.add("first")).toCompletableFuture();
      CompletableFuture<?> second =
          namespace.read(0, 8, two).thenRun(() -> order.add("second")).toCompletableFuture();
      Rig.get(CompletableFuture.allOf(first, second));
      assertThat(order).containsExactly("second", "first");
      assertThat(Rig.bytes(one)).isEqualTo(content);
      assertThat(Rig.bytes(two)).isEqualTo(content);
    }
  }

  @Test
  void readOnlyAndHeapBuffersAreWritten() throws Exception {
    try (Rig rig = new Rig(TransportKind.best())) {
      ConnectOptions options = rig.options().headerDigest(true).dataDigest(true).build();
      RemoteNamespace namespace = rig.connect(options).namespace(1);
      for (int blocks : new int[] {3, 300}) {
        ByteBuffer direct = Rig.random(blocks, blocks).asReadOnlyBuffer();
        Rig.get(namespace.write(0, blocks, direct));
        assertThat(rig.controller.disk.copy(0, blocks)).isEqualTo(Rig.bytes(direct));
        ByteBuffer heap = ByteBuffer.wrap(Rig.bytes(Rig.random(blocks, 77)));
        Rig.get(namespace.write(0, blocks, heap));
        assertThat(rig.controller.disk.copy(0, blocks)).isEqualTo(heap.array());
        Rig.get(namespace.writeZeroes(0, blocks));
        Rig.get(namespace.write(0, blocks, heap.asReadOnlyBuffer()));
        assertThat(rig.controller.disk.copy(0, blocks)).isEqualTo(heap.array());
      }
      assertThat(rig.controller.failures()).isEmpty();
    }
  }
}
