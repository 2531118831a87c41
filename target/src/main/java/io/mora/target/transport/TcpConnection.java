package io.mora.target.transport;

import io.mora.protocol.auth.tls.PskIdentity;
import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.net.LoopMemory;
import io.mora.protocol.net.ReceiveSizes;
import io.mora.protocol.net.Rehoming;
import io.mora.protocol.net.tls.TlsStage;
import io.mora.protocol.pdu.CapsuleCmdPdu;
import io.mora.protocol.pdu.FatalErrorStatus;
import io.mora.protocol.pdu.IcReqPdu;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.pdu.PduFramer;
import io.mora.protocol.pdu.PduSink;
import io.mora.protocol.pdu.PduType;
import io.mora.protocol.pdu.TermReqPdu;
import io.mora.target.controller.Associations;
import io.mora.target.controller.ConnectSequence;
import io.mora.target.controller.HostConnection;
import io.mora.target.controller.queue.CommandSink;
import io.mora.target.controller.queue.QueuePair;
import io.mora.target.controller.queue.ResponseSink;
import io.mora.target.log.HostLog;
import io.mora.target.shard.ShardTurn;
import io.mora.target.subsystem.Port;
import io.mora.target.subsystem.Subsystem;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One TCP connection: bytes to PDUs, PDUs to bytes, and the order of both. The thread of the loop
 * it is on; it may move once, during Connect.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter implements PduSink, HostConnection {
  private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);
  private static final HostLog ENDED =
      HostLog.of(TcpConnection.class, Level.WARN, "Connections ended for what their hosts did");

  /** How long a half-closed connection waits for the host after a TermReq. */
  private static final long TERM_WAIT_MS = 30_000;

  private final Channel channel;
  private final PortSettings settings;
  private final @Nullable PskIdentity tlsIdentity;

  /** Whose queue it carries; null before Connect. */
  private volatile @Nullable Subsystem subsystem;

  private final PduFramer framer;
  private final PduWriter writer;
  private final Intake intake;
  private final ConnectionTimer timer;
  private final HostPatience patience = new HostPatience();
  private ShardTurn turn;
  private CommandSink sink;
  private boolean moving;
  private boolean dying;
  private boolean halfClosing;
  private boolean closed;

  /** No reception: nothing was read yet. No TLS identity: plain TCP. */
  TcpConnection(
      Channel channel,
      ShardTurn turn,
      PortSettings settings,
      Associations associations,
      @Nullable Reception reception,
      @Nullable PskIdentity tlsIdentity) {
    this.tlsIdentity = tlsIdentity;
    this.channel = channel;
    this.timer = new ConnectionTimer(channel);
    this.turn = turn;
    this.settings = settings;
    this.framer = PduFramer.forController(settings.pduLimits(), this);
    this.writer = new PduWriter(this, channel);
    this.intake = new Intake(this, channel, framer);
    if (reception == null) {
      ReceiveSizes sizes = new ReceiveSizes(this::readMaxBytes, this::memory, intake);
      channel.config().setRecvByteBufAllocator(sizes);
    } else {
      reception.become(this::readMaxBytes, this::memory, tlsIdentity == null ? intake : null);
    }
    this.sink = new ConnectSequence(this, associations);
  }

  // --- socket events

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    // Not every end is told by channelInactive: a loop that stops, a channel between two loops.
    // Not at once: the close may come from within what reads.
    channel.closeFuture().addListener(gone -> channel.eventLoop().execute(this::ended));
    expect("ICReq");
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    intake.accept((ByteBuf) message, writer);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    ended();
  }

  /** The socket is gone: told by the channel, or by a move that failed. */
  private void ended() {
    if (!closed) {
      closed = true;
      timer.cancel();
      // First: a buffer that comes back must not let a write ask for data on a closed writer.
      sink.onClosed();
      writer.closed();
      intake.clear();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof TlsException) {
      giveUp("TLS: " + cause.getMessage());
    } else if (cause instanceof IOException) {
      close(String.valueOf(cause.getMessage()));
    } else {
      LOG.error("Connection from {} closed by an internal error", remoteAddress(), cause);
      close("internal error");
    }
  }

  // --- reading

  /** What was read may go on to the framer. */
  boolean takesInput() {
    return !dying && !moving;
  }

  boolean isDying() {
    return dying;
  }

  boolean isMoving() {
    return moving;
  }

  private int readMaxBytes() {
    return turn.budget().readMaxBytes();
  }

  void resumeReading() {
    if (!closed && takesInput() && !intake.isReading() && !socketQueueFull()) {
      intake.resume();
    }
  }

  /** The turn is over in which it was not to be read again. */
  void turnOver() {
    if (!closed && !moving) {
      intake.turnOver();
    }
  }

  private boolean socketQueueFull() {
    return writer.bytesInSocketQueue() > settings.socketQueueMax();
  }

  /** Called when the socket has taken something. */
  void socketQueueShrank() {
    if (halfClosing && writer.bytesInSocketQueue() == 0) {
      halfClosing = false; // Not earlier: that drops what an asynchronous transport has not sent.
      TlsStage.shutdownOutput(channel);
    } else {
      resumeReading();
    }
  }

  // --- PDUs

  @Override
  public void onIcReq(ByteBuf pdu, int at) throws PduException {
    int dgst = IcReqCheck.digests(pdu, at);
    writer.icResp(dgst, settings.limits().maxH2cDataBytes());
    boolean header = (dgst & IcReqPdu.HEADER_DIGEST) != 0;
    boolean data = (dgst & IcReqPdu.DATA_DIGEST) != 0;
    framer.digests(header, data);
    writer.negotiated(header, data, IcReqPdu.hpda(pdu, at));
    expect("Connect");
  }

  @Override
  public void onTermReq(ByteBuf pdu, int at, int copyLength) {
    String text = FatalErrorStatus.name(TermReqPdu.fes(pdu, at));
    close("the host ended it: " + text + ", FEI " + TermReqPdu.fei(pdu, at));
  }

  @Override
  public void onCapsuleCmd(ByteBuf pdu, int at, int dataLength) throws PduException {
    sink.onCapsuleCmd(pdu, at + CapsuleCmdPdu.SQE, dataLength);
  }

  @Override
  public void onH2cData(ByteBuf pdu, int at, int dataLength) throws PduException {
    sink.onH2cData(pdu, at, dataLength);
  }

  /** Where the next bytes of the data under way belong; null: nowhere yet. */
  @Nullable ByteBuf place(int lengthBytes) {
    return sink.place(lengthBytes);
  }

  @Override
  public void onData(ByteBuf buf, int at, int length) throws PduException {
    sink.onData(buf, at, length);
  }

  @Override
  public void onDataEnd(boolean digestValid) throws PduException {
    sink.onDataEnd(digestValid);
    if (patience.isAtEnd(digestValid, turn.recorder())) {
      giveUp(HostPatience.WRONG_DIGESTS + " more of its data digests were wrong than right");
    }
  }

  @Override
  public boolean wantsMore() {
    return !moving && !dying && !socketQueueFull() && sink.wantsMore();
  }

  @Override
  public boolean wantsData() {
    return sink.wantsData();
  }

  /**
   * The host broke the protocol: TermReq, half-close, and close when it does or after a while. A
   * broken TermReq is not answered: two ends could go on for ever.
   */
  void fatal(PduException cause) {
    ENDED.line("Connection from {}: {}", remoteAddress(), cause.getMessage());
    if (cause.isIn(PduType.H2C_TERM_REQ)) {
      close("malformed H2CTermReq");
      return;
    }
    dying = true;
    halfClosing = true;
    // First all that might still say something: nothing follows a TermReq.
    sink.onClosed();
    writer.termReq(cause);
    writer.dropWaiting();
    writer.flushNow();
    intake.readToEnd();
    timer.once(TERM_WAIT_MS, () -> close("no close after TermReq"));
  }

  // --- life

  private void expect(String what) {
    timer.once(settings.handshakeMs(), () -> close("no " + what + " in time"));
  }

  private void look(QueuePair queuePair) {
    // What we do not read for want of a buffer is not the host's debt.
    boolean ours = !intake.isReading() && !socketQueueFull();
    var unsent = channel.unsafe().outboundBuffer();
    if (patience.isAtEnd(
        !ours && !framer.isIdle(),
        intake.bytesRead(),
        unsent == null ? 0 : unsent.totalPendingWriteBytes(),
        !ours && queuePair.isOwedData(),
        queuePair.dataBytes())) {
      giveUp("the host neither sends nor takes data");
    }
  }

  private void giveUp(String reason) {
    ENDED.line("Connection from {}: {}", remoteAddress(), reason);
    close(reason);
  }

  void close(String reason) {
    if (!closed && channel.isOpen()) {
      LOG.debug("Connection from {} closed: {}", remoteAddress(), reason);
      dying = true;
      writer.flushNow();
      channel.close();
    }
  }

  /** It came in through a port, but its subsystem is no longer reached through that. */
  boolean isUnserved(Port now) {
    Subsystem of = subsystem;
    return of != null && port().portId() == now.portId() && !now.serves(of);
  }

  /** Closes without another word. */
  void abort() {
    dying = true;
    channel.close();
  }

  /** The target stops: see {@link QueuePair#quiesce}. */
  void quiesce() {
    if (sink instanceof QueuePair queuePair) {
      queuePair.quiesce();
    } else {
      close("the target stops");
    }
  }

  boolean isIdle() {
    return closed
        || writer.bytesInSocketQueue() == 0
            && (!(sink instanceof QueuePair queuePair) || queuePair.isIdle());
  }

  // --- what Connect needs

  @Override
  public ResponseSink sink() {
    return writer;
  }

  @Override
  public ShardTurn turn() {
    return turn;
  }

  @Override
  public void moveTo(ShardTurn to, Runnable arrived, Runnable failed) {
    timer.cancel();
    if (to == turn) {
      arrived.run();
      return;
    }
    moving = true;
    writer.flushNow();
    turn.forget(writer);
    intake.leaves();
    Rehoming.move(
        channel,
        to.shard().loop(),
        problem -> {
          if (problem == null) {
            moving = false;
            turn = to;
            arrived.run();
          } else {
            Level level = problem instanceof IOException ? Level.DEBUG : Level.WARN;
            LOG.atLevel(level)
                .setCause(problem)
                .log("Connection from {} could not change its shard", remoteAddress());
            failed.run();
            ended();
          }
        });
  }

  @Override
  public void serve(QueuePair next, Subsystem of) {
    sink = next;
    subsystem = of;
    if (!closed) {
      timer.every(HostPatience.LOOK_MS, () -> look(next));
    }
    resumeReading();
  }

  @Override
  public Port port() {
    return settings.port();
  }

  @Override
  public @Nullable PskIdentity tlsIdentity() {
    return tlsIdentity;
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return (InetSocketAddress) channel.remoteAddress();
  }

  LoopMemory memory() {
    return turn.shard().loop().memory();
  }
}
