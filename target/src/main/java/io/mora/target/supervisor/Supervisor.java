package io.mora.target.supervisor;

import io.mora.target.backend.os.DatagramSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a service supervisor that the daemon serves, that it is alive, and that it ends, in the
 * words of sd_notify(3): datagrams to the socket that {@code NOTIFY_SOCKET} names. Without that
 * variable it does nothing. Nothing here throws or ends the daemon: what cannot be told is logged,
 * once. Any thread.
 */
public final class Supervisor implements AutoCloseable {
  /** Signs of life are not sent more often, whatever the supervisor asks for. */
  static final Duration LEAST_INTERVAL = Duration.ofMillis(50);

  /** A stop takes its time for commands in flight, and at most so long for everything else. */
  static final Duration STOP_REST = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  private final @Nullable DatagramSocket socket;
  private final @Nullable Duration interval;
  private @Nullable ScheduledExecutorService watch;
  private volatile boolean failed;

  private Supervisor(@Nullable DatagramSocket socket, @Nullable Duration interval) {
    this.socket = socket;
    this.interval = interval;
  }

  /**
   * The supervisor that an environment speaks of.
   *
   * @param environment of the process: NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID
   */
  public static Supervisor of(Map<String, String> environment) {
    String place = environment.get("NOTIFY_SOCKET");
    if (place == null || place.isEmpty()) {
      return new Supervisor(null, null);
    }
    try {
      return new Supervisor(DatagramSocket.to(place), interval(environment));
    } catch (IOException e) {
      LOG.warn("NOTIFY_SOCKET: {}; the supervisor is told nothing", e.getMessage());
      return new Supervisor(null, null);
    }
  }

  /** Half of the time after which the supervisor gives the daemon up; null where it does not. */
  static @Nullable Duration interval(Map<String, String> environment) {
    String micros = environment.get("WATCHDOG_USEC");
    String pid = environment.get("WATCHDOG_PID");
    if (micros == null || pid != null && !pid.equals("" + ProcessHandle.current().pid())) {
      return null;
    }
    try {
      long asked = Long.parseLong(micros);
      if (asked <= 0) {
        throw new NumberFormatException();
      }
      Duration half = Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(asked) / 2);
      return half.compareTo(LEAST_INTERVAL) < 0 ? LEAST_INTERVAL : half;
    } catch (NumberFormatException e) {
      LOG.warn("WATCHDOG_USEC \"{}\": a number of microseconds above 0 is allowed", micros);
      return null;
    }
  }

  /**
   * Hosts can connect. From now on a sign of life is sent, as often as the supervisor wants one,
   * after each time that {@code alive} returned; where it throws or does not return, none is.
   *
   * @param listeners how many
   */
  public synchronized void ready(int listeners, Runnable alive) {
    tell("READY=1\nSTATUS=Serving on " + listeners + (listeners == 1 ? " address" : " addresses"));
    if (socket != null && interval != null && watch == null) {
      watch = Executors.newSingleThreadScheduledExecutor(Supervisor::thread);
      watch.scheduleWithFixedDelay(() -> beat(alive), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private static Thread thread(Runnable task) {
    Thread made = new Thread(task, "mora-watchdog");
    made.setDaemon(true);
    return made;
  }

  private void beat(Runnable alive) {
    try {
      alive.run();
      tell("WATCHDOG=1");
    } catch (RuntimeException e) {
      LOG.error("No sign of life to the supervisor: {}", e.toString());
    }
  }

  /**
   * The daemon ends. No signs of life follow, and none are missed.
   *
   * @param patience how long it may wait for commands in flight, twice
   */
  public synchronized void stopping(Duration patience) {
    end();
    long micros = TimeUnit.NANOSECONDS.toMicros(patience.multipliedBy(2).plus(STOP_REST).toNanos());
    tell("STOPPING=1\nSTATUS=Finishing what is under way\nEXTEND_TIMEOUT_USEC=" + micros);
  }

  private void tell(String what) {
    DatagramSocket to = socket;
    if (to == null) {
      return;
    }
    try {
      to.send(what.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      if (!failed) {
        failed = true;
        LOG.warn("The supervisor cannot be told: {}", e.getMessage());
      }
    }
  }

  private void end() {
    ScheduledExecutorService running = watch;
    if (running != null) {
      running.shutdownNow();
      watch = null;
    }
  }

  @Override
  public synchronized void close() {
    end();
    if (socket != null) {
      socket.close();
    }
  }
}
