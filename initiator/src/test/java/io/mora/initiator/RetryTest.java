package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.fake.Wire;
import io.mora.protocol.CommandException;
import io.mora.protocol.command.NvmOpcode;
import io.mora.protocol.pdu.CommonHeader;
import io.mora.protocol.status.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What goes wrong with one command and leaves its connection alone. */
class RetryTest {
  private static final int LAST = CommonHeader.LAST_PDU;

  private final Rig rig = new Rig();

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @Test
  void damagedDataIsReadAgain() throws IOException {
    Association association = rig.connect(rig.options().dataDigest(true).build());
    AtomicInteger tries = new AtomicInteger();
    byte[] content = Rig.bytes(Rig.random(2, 9));
    rig.controller.disk.put(0, content);
    rig.controller.script(
        (wire, command) -> {
          if (command.opcode() != NvmOpcode.READ || wire.qid == 0 || tries.incrementAndGet() > 3) {
            return false;
          }
          ByteBuf data = wire.c2hData(command.cid(), 0, Unpooled.wrappedBuffer(content), LAST);
          data.setByte(30, data.getByte(30) ^ 1);
          wire.bytes(Wire.join(data, wire.response(command.cid(), 0, 0, 0)));
          return true;
        });
    ByteBuffer read = ByteBuffer.allocate(1024);
    assertThat(Rig.get(association.namespace(1).read(0, 2, read)).retries()).isEqualTo(3);
    assertThat(Rig.bytes(read)).isEqualTo(content);
    assertThat(rig.controller.connections()).isEqualTo(3);
  }

  @Test
  void dataThatIsAlwaysDamagedFailsTheRead() {
    Association association = rig.connect(rig.options().dataDigest(true).build());
    AtomicInteger tries = new AtomicInteger();
    rig.controller.script(
        (wire, command) -> {
          if (command.opcode() != NvmOpcode.READ || wire.qid == 0) {
            return false;
          }
          tries.incrementAndGet();
          ByteBuf data = wire.c2hData(command.cid(), 0, block(2), LAST | CommonHeader.SUCCESS);
          wire.bytes(data.setIntLE(data.writerIndex() - 4, 0));
          return true;
        });
    CommandException failure =
        Rig.failure(
            association.namespace(1).read(0, 2, ByteBuffer.allocate(1024)), CommandException.class);
    assertThat(failure.status()).isEqualTo(Status.DATA_TRANSFER_ERROR);
    assertThat(tries).hasValue(6);
    assertThat(association.state()).isEqualTo(AssociationState.LIVE);
  }

  @Test
  void successWithoutAllDataIsNone() {
    Association association = rig.connect();
    rig.controller.script(
        (wire, command) -> {
          if (command.opcode() != NvmOpcode.READ || wire.qid == 0) {
            return false;
          }
          wire.bytes(
              Wire.join(
                  wire.c2hData(command.cid(), 0, block(1), LAST),
                  wire.response(command.cid(), 0, 0, 0)));
          return true;
        });
    CommandException failure =
        Rig.failure(
            association.namespace(1).read(0, 2, ByteBuffer.allocate(1024)), CommandException.class);
    assertThat(failure.status()).isEqualTo(Status.DATA_TRANSFER_ERROR);
  }

  @Test
  void transientTransportErrorsAreTriedAgain() {
    Association association = rig.connect();
    AtomicInteger tries = new AtomicInteger();
    rig.controller.script(
        (wire, command) -> {
          if (wire.qid == 0 || tries.incrementAndGet() > 2) {
            return false;
          }
          wire.respond(command.cid(), Status.TRANSIENT_TRANSPORT_ERROR, 0);
          return true;
        });
    ByteBuffer data = Rig.random(8, 1);
    assertThat(Rig.get(association.namespace(1).write(0, 8, data)).retries()).isEqualTo(2);
    assertThat(rig.controller.disk.copy(0, 8)).isEqualTo(Rig.bytes(data));
  }

  @Test
  void anEarlyErrorOfAWriteEndsIt() {
    Association association = rig.connect();
    rig.controller.script(
        (wire, command) -> {
          if (command.opcode() != NvmOpcode.WRITE || command.inCapsule()) {
            return false;
          }
          wire.bytes(
              Wire.join(
                  wire.r2t(command.cid(), 1, 0, 65536),
                  wire.response(command.cid(), Status.CAPACITY_EXCEEDED, 0, 0)));
          return true;
        });
    RemoteNamespace namespace = association.namespace(1);
    for (int i = 0; i < 20; i++) {
      CommandException failure =
          Rig.failure(namespace.write(0, 200, Rig.random(200, i)), CommandException.class);
      assertThat(failure.status()).isEqualTo(Status.CAPACITY_EXCEEDED);
    }
    Rig.get(namespace.flush());
    assertThat(rig.controller.connections()).isEqualTo(3);
  }

  private static ByteBuf block(int blocks) {
    return Unpooled.wrappedBuffer(new byte[blocks * FakeDisk.BLOCK]);
  }
}
