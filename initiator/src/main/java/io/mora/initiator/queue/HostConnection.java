package io.mora.initiator.queue;

import io.mora.initiator.auth.SecureOwner;
import io.mora.protocol.ConnectionException;
import io.mora.protocol.ConnectionException.Reason;
import io.mora.protocol.net.IoLoop;
import io.mora.protocol.net.Landing;
import io.mora.protocol.net.ReceiveSizes;
import io.mora.protocol.net.tls.TlsEnd;
import io.mora.protocol.net.tls.TlsStage;
import io.mora.protocol.pdu.FatalErrorStatus;
import io.mora.protocol.pdu.IcReqPdu;
import io.mora.protocol.pdu.PduException;
import io.mora.protocol.pdu.PduFramer;
import io.mora.protocol.pdu.PduLimits;
import io.mora.protocol.pdu.PduType;
import io.mora.protocol.pdu.TermReqPdu;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection of a queue: set-up, framing, order of what is sent, its end.
 *
 * <p>On its loop's thread throughout. Ends once: {@link HostQueuePair#connectionEnded}, after the
 * socket is closed and so nobody uses the commands' memory any more.
 */
final class HostConnection extends ChannelInboundHandlerAdapter implements Landing, SecureOwner {
  /** Bytes in the socket's queue at which bulk data waits, so that capsules do not. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(256 * 1024, 512 * 1024);

  private static final ChannelOption<Integer> INCOMING_CPU =
      new IntegerUnixChannelOption("SO_INCOMING_CPU", 1 /* SOL_SOCKET */, 49);

  /** Most bytes of one receive. */
  private static final int RECEIVE_MAX = 256 * 1024;

  /**
   * Most data in one H2CData, whatever the controller allows: others come between. Not with data
   * digests, where an R2T is answered whole, up to MAXH2CDATA: Linux's target (6.12) takes the
   * digest over all data of the command, and finds that of a piece wrong.
   */
  private static final int H2C_DATA_MAX = 256 * 1024;

  /** Data written in a turn before it leaves and commands get their go. */
  private static final int TURN_DATA_MAX = 512 * 1024;

  /** How long a peer that broke the protocol may take to read why. */
  private static final long TERM_REQ_MS = 1000;

  private final IoLoop loop;
  private final QueueConnect settings;
  private final HostQueuePair queue;
  private final CommandFlow flow;
  private final HostReceiver receiver;
  private final PduFramer framer;
  private final ArrayDeque<PendingCommand> sending;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private @Nullable Channel channel;
  private @Nullable CapsuleWriter writer;
  private @Nullable ConnectionException cause;
  private String beforeIcResp = " before ICResp (does its port want TLS?)";
  private boolean discarding;
  private int h2cDataMax;

  HostConnection(IoLoop loop, QueueConnect settings, HostQueuePair queue, CommandFlow flow) {
    this.loop = loop;
    this.settings = settings;
    this.queue = queue;
    this.flow = flow;
    this.sending = new ArrayDeque<>(queue.size());
    // A C2HData PDU is judged against its command's buffer, not by size alone.
    PduLimits limits = new PduLimits(PduLimits.ADMIN_IN_CAPSULE, Integer.MAX_VALUE, 4);
    this.receiver = new HostReceiver(this, flow);
    this.framer = PduFramer.forHost(limits, receiver);
  }

  /** Connects and initialises; completes when commands may be sent. */
  CompletableFuture<Void> connect() {
    TlsEnd tls;
    try {
      tls = settings.authenticator().tls(this, settings.isAdmin(), settings.byKey());
    } catch (ConnectionException over) {
      fail(over);
      loop.execute(() -> ended(null));
      return ready;
    }
    if (tls != null) {
      beforeIcResp = " during the TLS handshake, or before ICResp";
    }
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop.eventLoop())
            .channel(loop.transport().socketChannel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.timeoutMs())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .handler(tls == null ? this : new TlsStage(tls))
            .disableResolver()
            .connect(settings.address());
    if (connecting.isDone() && !connecting.channel().isRegistered()) {
      // No socket could be made: such a channel never closes, because it never was open.
      Throwable failure = connecting.cause();
      loop.execute(() -> ended(failure));
      return ready;
    }
    channel = connecting.channel();
    connecting.channel().closeFuture().addListener(closed -> ended(connecting.cause()));
    return ready;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (!TlsStage.isOn(context.channel())) { // Sealed data is read where it comes.
      context
          .channel()
          .config()
          .setRecvByteBufAllocator(new ReceiveSizes(() -> RECEIVE_MAX, loop::memory, this));
    }
  }

  @Override
  public long handshakeTimeoutMs() {
    return settings.timeoutMs();
  }

  @Override
  public void secured(Channel open) {
    open.pipeline().addLast(this);
  }

  @Override
  public void refused(ConnectionException why) {
    fail(new ConnectionException(why.reason(), settings.address() + ": " + why.getMessage(), why));
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    ByteBuf icReq = context.alloc().directBuffer(IcReqPdu.LENGTH);
    IcReqPdu.write(icReq, 0, 0, digestsAsked(), 0);
    icReq.writerIndex(IcReqPdu.LENGTH);
    context.writeAndFlush(icReq);
    context
        .executor()
        .schedule(this::checkInitialised, settings.timeoutMs(), TimeUnit.MILLISECONDS);
  }

  private void checkInitialised() {
    if (writer == null) {
      String text = settings.address() + ": no ICResp in " + settings.timeoutMs() + " ms";
      close(new ConnectionException(Reason.TIMEOUT, text));
    }
  }

  int digestsAsked() {
    return (settings.headerDigest() ? IcReqPdu.HEADER_DIGEST : 0)
        | (settings.dataDigest() ? IcReqPdu.DATA_DIGEST : 0);
  }

  /** ICResp was as it must be. */
  void initialised(int maxH2cData) {
    Channel open = channel;
    if (open == null) {
      return;
    }
    h2cDataMax = settings.dataDigest() ? maxH2cData : Math.min(maxH2cData, H2C_DATA_MAX);
    framer.digests(settings.headerDigest(), settings.dataDigest());
    writer = new CapsuleWriter(open, loop.memory(), settings.headerDigest(), settings.dataDigest());
    ready.complete(null);
  }

  /** Writes a command's capsule; it leaves with the turn. */
  void capsule(PendingCommand command, int inCapsuleMax) {
    CapsuleWriter out = writer;
    if (out == null) {
      return;
    }
    try {
      out.capsule(command, inCapsuleMax);
    } catch (RuntimeException | Error e) {
      broken(e);
    }
  }

  /** The controller asked for data of this command. */
  void send(PendingCommand command) {
    sending.add(command);
    queue.hasWork();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!sending.isEmpty()) {
      queue.hasWork();
    }
  }

  /** The command ended before all data that was asked for left. */
  void forget(PendingCommand command) {
    sending.remove(command);
  }

  /** Runs when everything written so far left the socket's queue, or never will. */
  void afterWritten(Runnable task) {
    Channel open = channel;
    CapsuleWriter out = writer;
    if (open == null || out == null) {
      task.run();
      return;
    }
    out.flush();
    open.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> task.run());
  }

  /** Data by turns, while the socket's queue is short; then everything of this turn leaves. */
  void endOfTurn() {
    CapsuleWriter out = writer;
    Channel open = channel;
    if (out == null || open == null || cause != null) {
      return;
    }
    try {
      sendData(out, open);
      out.flush();
      if (!sending.isEmpty() && open.isWritable()) {
        queue.hasWork(); // No event will tell that there is room.
      }
    } catch (RuntimeException | Error e) {
      broken(e);
    }
  }

  /** Out of memory, or a fault of ours: what was sent may be half a PDU, so the connection ends. */
  private void broken(Throwable e) {
    close(new ConnectionException(Reason.LOST, settings.address() + ": sending: " + e, e));
  }

  private void sendData(CapsuleWriter out, Channel open) {
    while (open.isWritable() && out.bytes() < TURN_DATA_MAX) {
      PendingCommand command = sending.poll();
      if (command == null) {
        break;
      }
      int length = Math.min(command.data.r2tLeft, h2cDataMax);
      boolean last = length == command.data.r2tLeft;
      out.h2cData(command, length, last);
      command.data.sent += length;
      command.data.r2tLeft -= length;
      if (!last) {
        sending.add(command);
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!discarding) {
        flow.drained();
        framer.accept(in);
      }
    } catch (PduException e) {
      terminate(e);
    } finally {
      in.release();
    }
  }

  @Override
  public int awaitedBytes() {
    return discarding ? 0 : framer.awaitedBytes();
  }

  @Override
  public @Nullable ByteBuf place(int lengthBytes) {
    return receiver.place(lengthBytes);
  }

  /** Tells the peer what it did, then closes; the command data under way is given up. */
  private void terminate(PduException e) {
    Channel open = channel;
    if (open == null) {
      return;
    }
    discarding = true;
    boolean refused = e.fatalErrorStatus() == FatalErrorStatus.UNSUPPORTED_PARAMETER;
    fail(
        refused
            ? new ConnectionException(
                Reason.INCOMPATIBLE, settings.address() + ": " + e.getMessage())
            : ConnectionException.protocolError(
                e.fatalErrorStatus(),
                e.fatalErrorInformation(),
                settings.address() + ": " + e.getMessage()));
    ByteBuf term = open.alloc().directBuffer(TermReqPdu.LENGTH_MAX);
    term.writerIndex(TermReqPdu.write(term, 0, PduType.H2C_TERM_REQ, e));
    // Closing at once would reset the connection under the TermReq if input is unread.
    open.writeAndFlush(term).addListener(sent -> TlsStage.shutdownOutput(open));
    open.eventLoop().schedule(() -> open.close(), TERM_REQ_MS, TimeUnit.MILLISECONDS);
  }

  void terminatedByPeer(int fes, int fei) {
    discarding = true;
    close(ConnectionException.terminatedByPeer(fes, fei));
  }

  /** Closes; the first cause counts. */
  void close(ConnectionException why) {
    fail(why);
    Channel open = channel;
    if (open != null) {
      if (why.reason() == Reason.TIMEOUT || why.reason() == Reason.LOST) {
        forgetUnsent(open);
      }
      open.close();
    }
  }

  /** What the kernel has not sent must never arrive: it may be done by another way meanwhile. */
  private static void forgetUnsent(Channel open) {
    try {
      open.config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException closed) {
      return; // Then there is nothing to forget.
    }
  }

  private void fail(ConnectionException why) {
    if (cause == null) {
      cause = why;
    }
  }

  /** SO_INCOMING_CPU, or -1 where the transport or the system does not tell. */
  int incomingCpu() {
    Channel open = channel;
    if (open == null || !open.isActive()) {
      return -1;
    }
    try {
      Integer cpu = open.config().getOption(INCOMING_CPU);
      return cpu == null ? -1 : cpu;
    } catch (RuntimeException refused) {
      return -1; // A kernel without it, or a sandbox.
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    close(new ConnectionException(Reason.LOST, settings.address() + ": " + failure, failure));
  }

  private String when() {
    return writer == null ? beforeIcResp : "";
  }

  private void ended(@Nullable Throwable neverConnected) {
    fail(
        neverConnected == null
            ? new ConnectionException(
                Reason.LOST, settings.address() + ": the controller closed the connection" + when())
            : new ConnectionException(
                Reason.UNREACHABLE,
                settings.address() + ": " + neverConnected.getMessage(),
                neverConnected));
    sending.clear();
    if (writer != null) {
      writer.flush(); // To a closed channel: what was not sent is let go.
    }
    ConnectionException why = cause;
    if (why != null) {
      queue.connectionEnded(this, why);
      ready.completeExceptionally(why);
    }
  }
}
