package io.mora.protocol.net.tls;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.auth.tls.AskingPeer;
import io.mora.protocol.auth.tls.TlsException;
import io.mora.protocol.auth.tls.TlsHandshake;
import io.mora.protocol.auth.tls.TlsHash;
import io.mora.protocol.auth.tls.TlsKey;
import io.mora.protocol.auth.tls.TlsPsk;
import io.mora.protocol.auth.tls.TlsSession;
import io.mora.protocol.auth.tls.TlsTraffic;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A target's end on a channel without a socket: order of records, and what ends it. */
class TlsStageTest implements TlsEnd {
  private static final TlsKey KEY =
      TlsKey.of(
          TlsPsk.generate(TlsHash.SHA256, new SecureRandom()),
          1,
          new Nqn("nqn.2026-01.example:h"),
          new Nqn("nqn.2026-01.example:s"));

  private final byte[] record = new byte[TlsTraffic.RECORD_MAX];
  private final byte[] plain = new byte[TlsTraffic.PLAIN_BYTES];
  private final List<String> refusals = new ArrayList<>();
  private TlsHandshake.Keys keys = offered -> KEY.copy();
  private int underWay;
  private boolean noProof;

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public long timeoutMs() {
    return 10_000;
  }

  @Override
  public Executor workers() {
    return Runnable::run;
  }

  @Override
  public void begin() {
    underWay++;
  }

  @Override
  public TlsHandshake handshake() {
    return TlsHandshake.server(keys);
  }

  @Override
  public void ended() {
    underWay--;
  }

  @Override
  public void secured(Channel channel, TlsSession session) {
    // Nobody is behind: these tests look at the wire.
  }

  @Override
  public void refused(Channel channel, String cause, boolean isNoProof) {
    refusals.add(cause);
    noProof = isNoProof;
  }

  private static byte[] sent(EmbeddedChannel channel) {
    channel.runPendingTasks();
    ByteBuf all = Unpooled.buffer();
    ByteBuf each = channel.readOutbound();
    while (each != null) {
      all.writeBytes(each);
      each.release();
      each = channel.readOutbound();
    }
    return ByteBufUtil.getBytes(all);
  }

  private TlsTraffic secure(EmbeddedChannel channel) throws TlsException {
    TlsHandshake client = TlsHandshake.client(KEY);
    channel.writeInbound(Unpooled.wrappedBuffer(client.output()));
    byte[] flight = sent(channel);
    client.accept(flight, flight.length);
    channel.writeInbound(Unpooled.wrappedBuffer(client.output()));
    return new TlsTraffic(requireNonNull(client.session()), true);
  }

  /** Opens records that came one behind the other. */
  private byte[] open(TlsTraffic by, byte[] bytes) throws TlsException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int at = 0;
    while (at < bytes.length) {
      int length = TlsTraffic.recordLength(bytes, at);
      byte[] one = Arrays.copyOfRange(bytes, at, at + length);
      content.write(plain, 0, by.open(one, length, plain, 0));
      at += length;
    }
    return content.toByteArray();
  }

  private void ask(EmbeddedChannel channel, TlsTraffic by) {
    int length = AskingPeer.keyUpdate(by, record);
    channel.writeInbound(Unpooled.copiedBuffer(record, 0, length));
  }

  @Test
  void aKeyUpdateStandsWhereTheKeysChange() throws TlsException {
    TlsHandshake client = TlsHandshake.client(KEY);
    TlsHandshake server = handshake();
    byte[] flight = client.output();
    server.accept(flight, flight.length);
    flight = server.output();
    client.accept(flight, flight.length);
    flight = client.output();
    server.accept(flight, flight.length);
    TlsTraffic from = new TlsTraffic(requireNonNull(server.session()), false, 3);
    TlsTraffic to = new TlsTraffic(requireNonNull(client.session()), true);

    EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    byte[] content = new byte[20 * TlsTraffic.CONTENT_MAX + 5];
    new Random(4).nextBytes(content);
    Outbox outbox = new Outbox();
    outbox.add(Unpooled.wrappedBuffer(content), channel.newPromise());
    outbox.seal(channel.pipeline().firstContext(), from);
    channel.flush();
    assertThat(open(to, sent(channel))).isEqualTo(content);
  }

  @Test
  void whoAsksForKeysAndReadsNothingGetsOneAnswer() throws TlsException {
    EmbeddedChannel channel = new EmbeddedChannel(new TlsStage(this));
    TlsTraffic peer = secure(channel);
    ask(channel, peer);
    assertThat(open(peer, sent(channel))).isEmpty();

    requireNonNull(channel.unsafe().outboundBuffer()).setUserDefinedWritability(1, false);
    ask(channel, peer);
    ask(channel, peer);
    assertThat(sent(channel)).isEmpty();
    byte[] data = {1, 2, 3};
    channel.writeOutbound(Unpooled.wrappedBuffer(data));
    byte[] bytes = sent(channel);
    assertThat(open(peer, bytes)).isEqualTo(data);
    assertThat(TlsTraffic.recordLength(bytes, 0)).as("the update first").isLessThan(bytes.length);
    channel.finishAndReleaseAll();
  }

  /** A channel whose socket takes nothing any more. */
  private static final class DeadPath extends EmbeddedChannel {
    private final AtomicBoolean abandoned = new AtomicBoolean();

    DeadPath(TlsStage stage) {
      super(stage);
    }

    @Override
    public ChannelConfig config() {
      // Not there yet while the channel is made.
      return abandoned == null || !abandoned.get()
          ? super.config()
          : new DefaultChannelConfig(this) {
            @Override
            @SuppressWarnings("unchecked")
            public <T> T getOption(ChannelOption<T> option) {
              return option == ChannelOption.SO_LINGER
                  ? (T) Integer.valueOf(0)
                  : super.getOption(option);
            }
          };
    }

    private void takesNothing() {
      pipeline()
          .addFirst(
              new ChannelOutboundHandlerAdapter() {
                @Override
                public void write(ChannelHandlerContext ctx, Object message, ChannelPromise done) {
                  ((ByteBuf) message).release();
                }
              });
    }
  }

  @Test
  void aPathThatIsGivenUpClosesWithoutALastWord() throws TlsException {
    DeadPath polite = new DeadPath(new TlsStage(this));
    secure(polite);
    polite.takesNothing();
    polite.pipeline().close();
    assertThat(polite.isOpen()).as("it has something to say").isTrue();

    DeadPath dead = new DeadPath(new TlsStage(this));
    secure(dead);
    dead.takesNothing();
    dead.abandoned.set(true);
    dead.pipeline().close();
    assertThat(dead.isOpen()).isFalse();
  }

  @Test
  void aResetDuringTheHandshakeIsRefusedInOneLine() {
    EmbeddedChannel channel = new EmbeddedChannel(new TlsStage(this));
    byte[] hello = TlsHandshake.client(KEY).output();
    channel.writeInbound(Unpooled.wrappedBuffer(hello));
    assertThat(underWay).isEqualTo(1);
    channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
    channel.checkException();
    assertThat(refusals).containsExactly("Connection reset by peer");
    assertThat(noProof).isFalse();
    assertThat(underWay).isZero();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whoIsRefusedWithoutAnAlertSeesALostConnection() {
    keys =
        offered -> {
          throw new TlsException(TlsException.NONE, "later");
        };
    EmbeddedChannel channel = new EmbeddedChannel(new TlsStage(this));
    channel.writeInbound(Unpooled.wrappedBuffer(TlsHandshake.client(KEY).output()));
    assertThat(refusals).containsExactly("later");
    assertThat(noProof).isFalse();
    assertThat(sent(channel)).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void anErrorInAHandshakeGivesItsPlaceBack() {
    keys =
        offered -> {
          throw new StackOverflowError("a test's");
        };
    EmbeddedChannel channel = new EmbeddedChannel(new TlsStage(this));
    channel.writeInbound(Unpooled.wrappedBuffer(TlsHandshake.client(KEY).output()));
    assertThat(refusals).singleElement().asString().contains("internal error");
    assertThat(underWay).isZero();
    assertThat(channel.isOpen()).isFalse();
  }
}
