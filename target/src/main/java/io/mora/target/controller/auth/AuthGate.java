package io.mora.target.controller.auth;

import io.mora.protocol.auth.AuthException;
import io.mora.protocol.auth.message.AuthCommand;
import io.mora.protocol.auth.message.AuthMessage;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.command.AdminOpcode;
import io.mora.protocol.command.FabricsType;
import io.mora.protocol.command.Sqe;
import io.mora.protocol.pdu.PduLimits;
import io.mora.protocol.status.Status;
import io.mora.target.controller.queue.CommandSet;
import io.mora.target.controller.queue.CommandSlot;
import io.mora.target.controller.queue.DataPointer;
import io.mora.target.controller.queue.Limits;
import io.mora.target.controller.queue.QueueOwner;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.controller.queue.ResponseSink;
import io.mora.target.shard.IoBuffer;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.HostMemory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before the commands of a queue whose host has a key: lets nothing but authentication
 * through until the host has proved itself, and lets it do so again on a queue that is in use.
 *
 * <p>The queue's shard only. Queues of hosts without a key have no gate.
 */
public final class AuthGate implements CommandSet, QueueOwner {
  private static final Logger LOG = LoggerFactory.getLogger(AuthGate.class);

  /** What a host is given to fetch and read why it failed. */
  private static final long LAST_WORD_MS = 500;

  private final QueueOwner owner;
  private final CommandSet commands;
  private final Handshake handshake;
  private final AuthTransaction transaction;
  private final ShardTurn turn;
  private final ResponseSink sink;
  private @Nullable ScheduledFuture<?> timer;
  private final Runnable whenProved;
  private boolean known;
  private boolean proved;
  private boolean failed;
  private boolean ending;

  /**
   * @param owner of the queue pair, told all the gate is told
   * @param commands of a host that has proved itself
   * @param whenProved run when it has, before any of its commands; not if its connection did
   */
  public AuthGate(
      QueueOwner owner,
      CommandSet commands,
      Handshake handshake,
      ShardTurn turn,
      ResponseSink sink,
      Runnable whenProved) {
    this.owner = owner;
    this.commands = commands;
    this.handshake = handshake;
    this.transaction = handshake.transaction();
    this.turn = turn;
    this.sink = sink;
    this.whenProved = whenProved;
    this.proved = handshake.isProved();
    this.known = proved;
    if (!proved) {
      startTimer(handshake.timeoutMs(), this::late);
    }
  }

  @Override
  public HostMemory memory(QueuePair queuePair) {
    return owner.memory(queuePair);
  }

  // --- init

  @Override
  public void arrived(CommandSlot slot) {
    if (transaction.isAuthenticated()) {
      commands.arrived(slot);
    }
  }

  @Override
  public void halfEnded(CommandSlot slot) {
    commands.halfEnded(slot);
  }

  @Override
  public int init(CommandSlot slot) {
    if (isAuthentication(slot)) {
      return initAuthentication(slot);
    }
    if (!transaction.isAuthenticated()) {
      slot.fail(Status.AUTHENTICATION_REQUIRED | Status.DNR, Sqe.OPC);
      return REFUSED;
    }
    return commands.init(slot);
  }

  private static boolean isAuthentication(CommandSlot slot) {
    if (slot.opcode() != AdminOpcode.FABRICS) {
      return false;
    }
    int type = Sqe.fctype(slot.sqe, 0);
    return type == FabricsType.AUTHENTICATION_SEND || type == FabricsType.AUTHENTICATION_RECEIVE;
  }

  private static boolean isSend(CommandSlot slot) {
    return Sqe.fctype(slot.sqe, 0) == FabricsType.AUTHENTICATION_SEND;
  }

  private static int initAuthentication(CommandSlot slot) {
    int bad =
        Sqe.flags(slot.sqe, 0) == Sqe.PSDT_SGL ? AuthCommand.firstBad(slot.sqe, 0) : Sqe.FLAGS;
    if (bad >= 0) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, bad);
      return REFUSED;
    }
    long length = AuthCommand.length(slot.sqe, 0);
    if (isSend(slot)) {
      return DataPointer.fromHost(slot, length, PduLimits.ADMIN_IN_CAPSULE)
          ? DATA_FROM_HOST
          : REFUSED;
    }
    return DataPointer.toHost(slot, length) ? DATA_TO_HOST : REFUSED;
  }

  // --- execute

  @Override
  public void execute(CommandSlot slot) {
    if (!isAuthentication(slot)) {
      commands.execute(slot);
    } else if (isSend(slot)) {
      send(slot, buffer(slot));
    } else {
      receive(slot, buffer(slot));
    }
  }

  private static IoBuffer buffer(CommandSlot slot) {
    IoBuffer buffer = slot.buffer;
    if (buffer == null) {
      throw new IllegalStateException("no buffer: " + slot);
    }
    return buffer;
  }

  private void send(CommandSlot slot, IoBuffer data) {
    if (failed) {
      slot.fail(Status.COMMAND_SEQUENCE_ERROR | Status.DNR, Sqe.FCTYPE);
      slot.queuePair.finish(slot);
      return;
    }
    ByteBuf message = Unpooled.buffer(slot.dataLength, slot.dataLength);
    message.writeBytes(data.buf, 0, slot.dataLength);
    AuthWork work = transaction.send(message);
    // Once more, on a queue in use.
    if (proved && timer == null) {
      startTimer(handshake.timeoutMs(), this::late);
    }
    if (work == null) {
      settle();
      slot.queuePair.finish(slot);
      return;
    }
    slot.queuePair.aborts().hold(slot);
    handshake.compute(turn.shard(), work, outcome -> computed(slot, outcome));
  }

  private void computed(CommandSlot slot, AuthWork.@Nullable Outcome outcome) {
    if (slot.queuePair.isClosed()) {
      if (outcome != null) {
        outcome.forget();
      }
      return; // Its slot was released with the connection.
    }
    if (outcome == null) {
      transaction.abandon("it could not be computed");
    } else {
      outcome.apply();
    }
    settle();
    slot.queuePair.finish(slot);
  }

  private void receive(CommandSlot slot, IoBuffer data) {
    AuthMessage message = transaction.next();
    if (message.lengthBytes() > slot.dataLength) {
      slot.fail(Status.INVALID_FIELD | Status.DNR, AuthCommand.TL);
      settle();
      slot.queuePair.finish(slot);
      return;
    }
    data.buf.setZero(0, slot.dataLength);
    message.encode(data.buf);
    transaction.fetched();
    settle();
    slot.queuePair.finish(slot, data, slot.dataLength);
  }

  @Override
  public void sent(CommandSlot slot, long nowNs) {
    if (!isAuthentication(slot) && Status.code(slot.status) != Status.AUTHENTICATION_REQUIRED) {
      commands.sent(slot, nowNs);
    }
  }

  @Override
  public void stepDone(CommandSlot slot, int status) {
    commands.stepDone(slot, status);
  }

  // --- how it went

  private void settle() {
    TlsKey key = transaction.takeKey();
    if (key != null) {
      handshake.secured(key, transaction::isCurrent);
    }
    if (transaction.step() == AuthTransaction.Step.SECURED) {
      // It hangs up itself; until then there is nothing here for it.
      startTimer(handshake.timeoutMs(), () -> sink.close("it was to come back over TLS"));
    }
    if (!known && transaction.isAuthenticated()) {
      known = true;
      whenProved.run();
    }
    AuthException failure = transaction.failure();
    if (failure != null && !failed) {
      failed = true;
      LOG.warn(
          "{} from {} is not let in to {}: {}",
          handshake.source().host(),
          handshake.source().address().getHostAddress(),
          handshake.subsystem(),
          failure.getMessage());
      handshake.failed(turn.nowNs());
    }
    if (failed && transaction.step() == AuthTransaction.Step.FAILED) {
      if (ending) {
        return; // Asking again does not make it later.
      }
      ending = true;
      startTimer(LAST_WORD_MS, () -> sink.close("authentication failed"));
    } else if (transaction.isAuthenticated() && transaction.step() == AuthTransaction.Step.IDLE) {
      proved = true;
      stopTimer();
      handshake.proved();
    }
  }

  private void late() {
    if (!failed) {
      transaction.abandon("not proved in " + handshake.timeoutMs() + " ms");
      settle();
    }
    sink.close("not authenticated in time");
  }

  private void startTimer(long ms, Runnable action) {
    stopTimer();
    timer = turn.shard().loop().eventLoop().schedule(action, ms, TimeUnit.MILLISECONDS);
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  // --- what the queue pair tells its owner

  @Override
  public Limits limits() {
    return owner.limits();
  }

  @Override
  public void commandFailed(QueuePair queuePair, CommandSlot slot) {
    owner.commandFailed(queuePair, slot);
  }

  @Override
  public void queueDrained(QueuePair queuePair) {
    stopTimer();
    transaction.ended();
    handshake.gone(turn.nowNs());
    owner.queueDrained(queuePair);
  }
}
