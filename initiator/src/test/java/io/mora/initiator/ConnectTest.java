package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.initiator.io.RawCommand;
import io.mora.protocol.CommandException;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.HostId;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.Connect;
import io.mora.protocol.command.Identify;
import io.mora.protocol.command.PropertyAccess;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.data.ConnectData;
import io.mora.protocol.data.IdentifyController;
import io.mora.protocol.data.IdentifyController.Field;
import io.mora.protocol.data.Structure;
import io.mora.protocol.pdu.PduType;
import io.mora.protocol.status.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the socket to a live association, every way it can be refused, and back. */
class ConnectTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  @Test
  void anAssociationSaysWhatItConnectedTo() {
    Association association = rig.connect();
    assertThat(association.state()).isEqualTo(AssociationState.LIVE);
    assertThat(association.controllerId()).isEqualTo(1);
    assertThat(association.version()).isEqualTo(0x00020000);
    assertThat(association.queues()).isEqualTo(2);
    assertThat(association.identify().maxDataTransferBytes()).isEqualTo(128 * 1024);
    assertThat(association.namespaces()).hasSize(1);
    RemoteNamespace namespace = association.namespace(1);
    assertThat(namespace.blockBytes()).isEqualTo(512);
    assertThat(namespace.blocks()).isEqualTo(8192);
    assertThat(namespace.transferBlocksMax()).isEqualTo(256);
    assertThat(namespace.identifiers().uuid()).isEqualTo(rig.controller.admin.namespaceUuid);
    assertThatThrownBy(() -> association.namespace(2))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("namespace 2; there are [1]");
    assertThat(rig.initiator.associations()).containsExactly(association);
    assertThat(rig.controller.connections()).isEqualTo(3);
  }

  @Test
  void connectCarriesTheHostsIdentity() {
    List<ConnectData> data = new CopyOnWriteArrayList<>();
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    rig.controller.script(
        (wire, command) -> {
          if (command.opcode() == AdminOpcode.FABRICS && command.data().isReadable()) {
            data.add(ConnectData.decode(command.data(), 0));
            sizes.add(Connect.sqsize0(command.sqe(), 0));
            assertThat(Connect.cattr(command.sqe(), 0)).isEqualTo(Connect.CATTR_DISABLE_SQ_FLOW);
          }
          return false;
        });
    rig.connect(rig.options().queueDepth(64).build());
    HostId host = rig.initiator.hostId();
    assertThat(data).allMatch(one -> one.hostId().equals(host));
    assertThat(data).allMatch(one -> host.hostNqn().equals(one.host()));
    assertThat(data.stream().map(ConnectData::controllerId)).containsExactly(0xFFFF, 1, 1);
    assertThat(sizes).containsExactly(31, 63, 63);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Status.CONNECT_INVALID_PARAMETERS | Status.DNR,
        Status.CONNECT_INVALID_HOST | Status.DNR,
        Status.CONNECT_CONTROLLER_BUSY,
        Status.CONNECT_INCOMPATIBLE_FORMAT
      })
  void aRefusedConnectTellsItsStatus(int status) {
    rig.controller.script(
        (wire, command) -> {
          wire.respond(command.cid(), status, 0x10100);
          return true;
        });
    CommandException failure =
        Rig.failure(rig.initiator.connect(rig.options().build()), CommandException.class);
    assertThat(failure.status()).isEqualTo(status);
    assertThat(failure.opcode()).isEqualTo(AdminOpcode.FABRICS);
    assertThat(failure.retryable()).isEqualTo(!Status.doNotRetry(status));
    assertThat(rig.initiator.associations()).isEmpty();
  }

  @Test
  void aRefusedIoQueueRefusesAll() {
    rig.controller.script(
        (wire, command) -> {
          boolean second =
              command.opcode() == AdminOpcode.FABRICS
                  && command.data().isReadable()
                  && Connect.qid(command.sqe(), 0) == 2;
          if (second) {
            wire.respond(command.cid(), Status.COMMAND_SEQUENCE_ERROR, 0);
          }
          return second;
        });
    CommandException failure =
        Rig.failure(rig.initiator.connect(rig.options().build()), CommandException.class);
    assertThat(failure.status()).isEqualTo(Status.COMMAND_SEQUENCE_ERROR);
  }

  @Test
  void authenticationIsDeclinedByName() {
    rig.controller.script(
        (wire, command) -> {
          wire.respond(command.cid(), 0, Connect.ATR | 1);
          return true;
        });
    assertReason(Reason.UNAUTHENTICATED, "demands authentication");
  }

  @Test
  void identifyIsChecked() {
    List<UnaryOperator<Structure.Builder<Field, IdentifyController>>> bad = new ArrayList<>();
    bad.add(builder -> builder.set(Field.CNTLID, 2));
    bad.add(builder -> builder.set(Field.SUBNQN, ""));
    bad.add(builder -> builder.set(Field.KAS, 0));
    bad.add(builder -> builder.set(Field.IOCCSZ, 3));
    bad.add(builder -> builder.set(Field.IORCSZ, 0));
    bad.add(builder -> builder.set(Field.ICDOFF, 1));
    bad.add(builder -> builder.set(Field.SGLS, 0));
    String[] named = {"CNTLID 2", "SUBNQN", "KAS 0", "IOCCSZ 3", "IORCSZ 0", "ICDOFF 1", "SGLS 0"};
    for (int i = 0; i < named.length; i++) {
      rig.controller.admin.identify = bad.get(i);
      assertReason(Reason.INCOMPATIBLE, named[i]);
    }
  }

  @Test
  void aFatalControllerStatusFails() {
    rig.controller.script(
        (wire, command) -> {
          boolean csts =
              command.opcode() == AdminOpcode.FABRICS
                  && Sqe.fctype(command.sqe(), 0) == 4
                  && PropertyAccess.offset(command.sqe(), 0) == PropertyAccess.CSTS;
          if (csts) {
            wire.respond(command.cid(), 0, PropertyAccess.CSTS_CFS);
          }
          return csts;
        });
    assertReason(Reason.CONTROLLER_FAILED, "CSTS.CFS");
  }

  @Test
  void nobodyThereIsUnreachable() throws IOException {
    int port;
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = nobody.getLocalPort();
    }
    ConnectOptions options =
        ConnectOptions.to("127.0.0.1:" + port, "nqn.2026-01.io.mora:x").build();
    ConnectionException failure =
        Rig.failure(rig.initiator.connect(options), ConnectionException.class);
    assertThat(failure).hasMessageContaining("refused");
    assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
  }

  @Test
  void aNameThatDoesNotResolveIsUnreachable() {
    ConnectOptions options =
        ConnectOptions.to("no-such-host.invalid", "nqn.2026-01.io.mora:x").build();
    ConnectionException failure =
        Rig.failure(rig.initiator.connect(options), ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
  }

  @Test
  void silenceAfterIcReqIsATimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      ConnectOptions options =
          ConnectOptions.to("127.0.0.1:" + silent.getLocalPort(), "nqn.2026-01.io.mora:x")
              .connectTimeoutMs(50)
              .build();
      ConnectionException failure =
          Rig.failure(rig.initiator.connect(options), ConnectionException.class);
      assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(failure).hasMessageContaining("no ICResp");
    }
  }

  @Test
  void adminCommandsOfAnyKindGoThrough() {
    Association association = rig.connect();
    ByteBuffer data = ByteBuffer.allocate(Identify.DATA_LENGTH);
    RawCommand identify =
        new RawCommand(AdminOpcode.IDENTIFY, 0).dword(Sqe.CDW10, Identify.CONTROLLER).receive(data);
    Rig.get(association.admin(identify));
    assertThat(data.getShort(78)).isEqualTo((short) 0x0100);
    CommandException failure =
        Rig.failure(
            association.admin(new RawCommand(AdminOpcode.FORMAT_NVM, 1)), CommandException.class);
    assertThat(Status.code(failure.status())).isEqualTo(Status.INVALID_OPCODE);
    assertThat(Rig.get(association.io(1, new RawCommand(0, 1))).status()).isZero();
  }

  @Test
  void disconnectShutsTheControllerDown() {
    List<AssociationState> states = new CopyOnWriteArrayList<>();
    Association association = rig.connect();
    association.addListener(
        new AssociationListener() {
          @Override
          public void stateChanged(Association of, AssociationState state) {
            states.add(state);
          }
        });
    Rig.get(association.disconnect());
    Rig.get(association.disconnect());
    assertThat(PropertyAccess.shn(rig.controller.admin.cc)).isEqualTo(1);
    assertThat(states).containsExactly(AssociationState.CLOSING, AssociationState.CLOSED);
    assertThat(rig.initiator.associations()).isEmpty();
    ByteBuffer block = ByteBuffer.allocate(512);
    ConnectionException failure =
        Rig.failure(association.namespace(1).read(0, 1, block), ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(Reason.CLOSED);
    Rig.failure(association.admin(new RawCommand(0, 0)), ConnectionException.class);
  }

  @Test
  void theControllersLimitsAreKept() {
    rig.controller.admin.grantedQueues = 1;
    rig.controller.admin.identify = builder -> builder.set(Field.MAXCMD, 20);
    Association association = rig.connect(rig.options().queues(8).queueDepth(1024).build());
    assertThat(association.queues()).isEqualTo(1);
    boolean sized =
        rig.controller.wire(1).received().stream()
            .filter(pdu -> pdu.type() == PduType.CAPSULE_CMD)
            .anyMatch(pdu -> Connect.sqsize0(pdu.header(), 8) == 19);
    assertThat(sized).isTrue();
  }

  private void assertReason(Reason reason, String text) {
    ConnectionException failure =
        Rig.failure(rig.initiator.connect(rig.options().build()), ConnectionException.class);
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure).hasMessageContaining(text);
  }
}
