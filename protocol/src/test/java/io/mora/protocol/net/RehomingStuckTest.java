package io.mora.protocol.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class RehomingStuckTest {
  /** As a ring's channel whose peer was reset at the wrong moment. */
  private static final class Clinging extends NioSocketChannel {
    @Override
    public ChannelFuture deregister() {
      return newPromise();
    }
  }

  @Test
  void aSocketThatItsLoopDoesNotLetGoIsClosed() throws Exception {
    IoLoop from = IoLoop.start(TransportKind.NIO, LoopOptions.DEFAULT, Thread::new);
    IoLoop to = IoLoop.start(TransportKind.NIO, LoopOptions.DEFAULT, Thread::new);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Channel channel =
          new Bootstrap()
              .group(from.eventLoop())
              .channelFactory(Clinging::new)
              .option(ChannelOption.AUTO_READ, false)
              .handler(new ChannelInboundHandlerAdapter())
              .connect(server.getLocalSocketAddress())
              .sync()
              .channel();
      try (Socket peer = server.accept()) {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        CompletableFuture<Boolean> onOldLoop = new CompletableFuture<>();
        from.eventLoop()
            .execute(
                () ->
                    Rehoming.move(
                        channel,
                        to,
                        failure -> {
                          onOldLoop.complete(from.inLoop());
                          told.complete(failure);
                        }));
        assertThat(told.get(20, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(onOldLoop.get()).isTrue();
        assertThat(channel.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
        peer.setSoTimeout(20_000);
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
      }
    } finally {
      assertThat(from.shutdown(20_000)).isTrue();
      assertThat(to.shutdown(20_000)).isTrue();
    }
  }
}
