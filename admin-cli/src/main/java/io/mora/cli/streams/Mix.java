package io.mora.cli.streams;

import com.sun.management.OperatingSystemMXBean;
import io.mora.cli.CliException;
import io.mora.cli.load.LoadRun;
import io.mora.cli.load.Window;
import io.mora.cli.load.Workload;
import io.mora.qos.pause.PauseCount;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Runs streams together, phase by phase, over and over. */
public final class Mix implements AutoCloseable {
  /** Everybody is connected and has buffers when the first I/O starts. */
  private static final long LEAD_NS = 20_000_000;

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final List<StreamSession> sessions = new ArrayList<>();
  private final Timing timing;

  /**
   * How long, and where in the namespace.
   *
   * @param rehearsalNs of each phase before the first run, so that code is compiled and windows
   *     have settled; 0 is none
   * @param warmupNs before the part of a phase that counts
   * @param region a length below 0 is to the namespace's end
   */
  public record Timing(
      long rehearsalNs, long warmupNs, long durationNs, Workload.Region region, long seed) {}

  private Mix(Timing timing) {
    this.timing = timing;
  }

  /** Connects every stream. */
  public static Mix open(List<StreamSpec> streams, Destination to, Timing timing)
      throws TimeoutException, InterruptedException {
    Mix mix = new Mix(timing);
    try {
      for (StreamSpec stream : streams) {
        mix.sessions.add(StreamSession.open(stream, to));
      }
      return mix;
    } catch (TimeoutException | InterruptedException | RuntimeException e) {
      mix.close();
      throw e;
    }
  }

  /** Writes the whole region once, by the stream of the largest I/O. */
  public void fill() throws InterruptedException {
    StreamSession largest = sessions.get(0);
    for (StreamSession session : sessions) {
      if (session.spec().shape().blockBytes() > largest.spec().shape().blockBytes()) {
        largest = session;
      }
    }
    largest.load(largest.spec(), false, timing.region(), timing.seed()).fill().orThrow("fill");
  }

  /**
   * Runs the phases in order, so many times over, so that what drifts moves all of them alike.
   *
   * @param doubled name of the stream that {@link Phase#DOUBLED} doubles
   * @param progress told what begins, and an empty text at the end
   */
  public Trials run(
      List<Phase> phases, int runs, Optional<String> doubled, Consumer<String> progress)
      throws InterruptedException {
    if (timing.rehearsalNs() > 0) {
      Trials none = new Trials();
      for (Phase phase : phases) {
        progress.accept("rehearsal, " + phase.words());
        phase(phase, doubled, 0, timing.rehearsalNs(), none);
      }
    }
    Trials trials = new Trials();
    for (int run = 0; run < runs; run++) {
      for (Phase phase : phases) {
        progress.accept("run " + (run + 1) + " of " + runs + ", " + phase.words());
        phase(phase, doubled, run, timing.durationNs(), trials);
      }
    }
    progress.accept("");
    return trials;
  }

  private void phase(Phase phase, Optional<String> doubled, int run, long durationNs, Trials trials)
      throws InterruptedException {
    List<StreamSession> active = phase == Phase.ALONE ? sessions.subList(0, 1) : sessions;
    List<LoadRun> loads = new ArrayList<>();
    List<StreamSpec> shapes = new ArrayList<>();
    for (StreamSession session : active) {
      StreamSpec spec = session.spec();
      boolean twice = phase == Phase.DOUBLED && doubled.filter(spec.name()::equals).isPresent();
      shapes.add(twice ? spec.doubled() : spec);
      long seed = timing.seed() + 1_000_003L * run + 7919L * loads.size();
      loads.add(session.load(shapes.get(shapes.size() - 1), phase.hints(), timing.region(), seed));
    }
    Window window = Window.of(System.nanoTime() + LEAD_NS, timing.warmupNs(), durationNs);
    long cpuNs = PROCESS.getProcessCpuTime();
    long fromNs = System.nanoTime();
    try (PauseCount pauses = PauseCount.listen()) {
      List<LoadRun.Running> running = new ArrayList<>();
      for (LoadRun load : loads) {
        running.add(load.begin(window));
      }
      for (int i = 0; i < running.size(); i++) {
        StreamSpec spec = active.get(i).spec();
        trials.add(
            phase,
            spec.name(),
            Sample.of(
                running.get(i).await().orThrow(spec.name() + ", " + phase.words()),
                spec.shape().blockBytes()));
      }
      trials.clientPauses(phase, pauses.total());
    }
    double busyNs = PROCESS.getProcessCpuTime() - cpuNs;
    trials.clientCpus(phase, busyNs / (System.nanoTime() - fromNs));
  }

  /** Names must tell streams apart. */
  public static List<StreamSpec> distinct(List<StreamSpec> streams) {
    List<StreamSpec> named = new ArrayList<>();
    for (StreamSpec stream : streams) {
      String name = stream.name();
      for (int n = 2; taken(named, name); n++) {
        name = stream.name() + "-" + n;
      }
      named.add(stream.named(name));
    }
    if (named.isEmpty()) {
      throw CliException.usage("no stream is given");
    }
    return named;
  }

  private static boolean taken(List<StreamSpec> streams, String name) {
    return streams.stream().anyMatch(each -> each.name().equals(name));
  }

  @Override
  public void close() {
    sessions.forEach(StreamSession::close);
  }
}
