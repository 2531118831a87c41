package io.mora.target.supervisor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.mora.target.backend.os.LibC;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a socket of Netty's, which shares no line with ours. */
class SupervisorTest {
  private static final long ANSWER_S = 20;

  @TempDir private Path folder;
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private EventLoopGroup loop;

  @BeforeEach
  void open() {
    assumeTrue(Epoll.isAvailable() && LibC.available(), "Linux, and native code allowed");
    loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  }

  @AfterEach
  void close() {
    if (loop != null) {
      loop.shutdownGracefully(0, ANSWER_S, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private void listen(String path) {
    new Bootstrap()
        .group(loop)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket in) {
                told.add(in.content().toString(UTF_8));
              }
            })
        .bind(new DomainSocketAddress(path))
        .syncUninterruptibly();
  }

  private Map<String, String> at(String place) {
    return Map.of("NOTIFY_SOCKET", place);
  }

  private String next() throws InterruptedException {
    String message = told.poll(ANSWER_S, TimeUnit.SECONDS);
    assertThat(message).as("what the supervisor hears").isNotNull();
    return message;
  }

  @Test
  void itHearsOfStartAndEnd() throws InterruptedException {
    Path socket = folder.resolve("notify");
    listen(socket.toString());
    try (Supervisor supervisor = Supervisor.of(at(socket.toString()))) {
      supervisor.ready(2, () -> {});
      assertThat(next().lines()).containsExactly("READY=1", "STATUS=Serving on 2 addresses");
      supervisor.stopping(Duration.ofSeconds(10));
      assertThat(next().lines()).startsWith("STOPPING=1").endsWith("EXTEND_TIMEOUT_USEC=50000000");
    }
    assertThat(told).as("no watchdog was asked for").isEmpty();
  }

  @Test
  void aPathOfTheGreatestLengthIsReachedAndOneMoreIsRefused() throws InterruptedException {
    String stem = folder + "/";
    String longest = stem + "n".repeat(107 - stem.length());
    listen(longest);
    try (Supervisor supervisor = Supervisor.of(at(longest))) {
      supervisor.ready(1, () -> {});
      assertThat(next()).startsWith("READY=1\nSTATUS=Serving on 1 address");
    }
    try (Supervisor supervisor = Supervisor.of(at(longest + "n"))) {
      supervisor.ready(1, () -> {});
    }
    assertThat(told).isEmpty();
  }

  @Test
  void aShardThatDoesNotAnswerGivesNoSignOfLife() throws InterruptedException {
    Path socket = folder.resolve("notify");
    listen(socket.toString());
    Map<String, String> asked =
        Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "100000");
    AtomicBoolean alive = new AtomicBoolean(true);
    AtomicBoolean wasAsked = new AtomicBoolean();
    try (Supervisor supervisor = Supervisor.of(asked)) {
      supervisor.ready(
          1,
          () -> {
            wasAsked.set(true);
            if (!alive.get()) {
              throw new IllegalStateException("a shard does not answer");
            }
          });
      assertThat(next()).startsWith("READY=1");
      assertThat(List.of(next(), next())).containsOnly("WATCHDOG=1");
      alive.set(false);
      // Whoever was asked before that may still tell; after two more questions nobody has.
      for (int i = 0; i < 2; i++) {
        wasAsked.set(false);
        await().untilTrue(wasAsked);
      }
      told.clear();
      for (int i = 0; i < 3; i++) {
        wasAsked.set(false);
        await().untilTrue(wasAsked);
      }
      assertThat(told).isEmpty();
      alive.set(true);
      assertThat(next()).isEqualTo("WATCHDOG=1");
      supervisor.stopping(Duration.ZERO);
      List<String> rest = new ArrayList<>();
      do {
        rest.add(next());
      } while (!rest.get(rest.size() - 1).startsWith("STOPPING=1"));
    }
  }

  @Test
  void theWatchdogOfAnotherProcessIsNotOurs() {
    assertThat(Supervisor.interval(Map.of("WATCHDOG_USEC", "1000000")))
        .isEqualTo(Duration.ofMillis(500));
    String pid = "" + ProcessHandle.current().pid();
    assertThat(Supervisor.interval(Map.of("WATCHDOG_USEC", "2000000", "WATCHDOG_PID", pid)))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(Supervisor.interval(Map.of("WATCHDOG_USEC", "2000000", "WATCHDOG_PID", pid + "0")))
        .isNull();
    assertThat(Supervisor.interval(Map.of("WATCHDOG_USEC", "1")))
        .isEqualTo(Supervisor.LEAST_INTERVAL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", ""})
  void whatIsNoTimeIsNoWatchdog(String micros) {
    assertThat(Supervisor.interval(Map.of("WATCHDOG_USEC", micros))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "notify", "vsock:2:9999", "/", "@"})
  void whereNobodyCanBeToldTheDaemonGoesOn(String place) {
    assertThatCode(() -> whole(at(place))).doesNotThrowAnyException();
  }

  @Test
  void aSupervisorThatIsGoneIsNoFailure() {
    Path nobody = folder.resolve("nobody");
    assertThat(Files.exists(nobody)).isFalse();
    assertThatCode(() -> whole(at(nobody.toString()))).doesNotThrowAnyException();
    assertThatCode(() -> whole(Map.of())).doesNotThrowAnyException();
  }

  private static void whole(Map<String, String> environment) {
    try (Supervisor supervisor = Supervisor.of(environment)) {
      supervisor.ready(1, () -> {});
      supervisor.stopping(Duration.ZERO);
    }
  }
}
