package io.mora.cli.workload;

import com.sun.management.OperatingSystemMXBean;
import io.mora.cli.CliException;
import io.mora.cli.connect.SubsystemOptions;
import io.mora.cli.load.Dice;
import io.mora.cli.load.LoadResult;
import io.mora.cli.load.LoadRun;
import io.mora.cli.load.Stages.Stage;
import io.mora.cli.load.Window;
import io.mora.cli.load.Workload;
import io.mora.cli.nvme.Disks;
import io.mora.cli.streams.Destination;
import io.mora.cli.streams.Phase;
import io.mora.cli.streams.StreamSession;
import io.mora.cli.streams.StreamSpec;
import io.mora.cli.streams.StreamSyntax;
import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A service that is told to the target, the same that tells it nothing, and a checkpoint written
 * beside either; each with connections of its own, the checkpoint with a thread of its own.
 */
public final class WorkloadSession implements AutoCloseable {
  private static final long LEAD_NS = 20_000_000;
  private static final int BUFFER_BYTES = 64 << 20;
  private static final int QUEUE_ENTRIES = 256;
  private static final int WAITING_MAX = 16_384;

  /** Of four parts of the region, one is the checkpoint's. */
  private static final int PARTS = 4;

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final WorkloadSpec spec;
  private final Initiator initiator;
  private final RemoteNamespace told;
  private final RemoteNamespace plain;
  private final @Nullable StreamSession writer;
  private final Workload.Region pages;
  private final Workload.Region checkpoint;
  private final PageBuffers buffers;
  private final long timeoutNs;
  private final int cpu;

  private WorkloadSession(
      WorkloadSpec spec,
      Initiator initiator,
      Destination to,
      @Nullable StreamSession writer,
      Placement placement)
      throws TimeoutException, InterruptedException {
    this.spec = spec;
    this.initiator = initiator;
    this.writer = writer;
    told = namespace(to, true);
    plain = namespace(to, false);
    timeoutNs = to.connect().ioTimeoutMs() * 1_000_000;
    cpu = placement.cpus().isEmpty() ? -1 : placement.cpus().get(0);
    Workload.Region region = placement.region();
    long block = told.blockBytes();
    long all =
        region.lengthBytes() < 0 ? told.sizeBytes() - region.offsetBytes() : region.lengthBytes();
    long mine = writer == null ? all : all / PARTS * (PARTS - 1) / block * block;
    pages = new Workload.Region(region.offsetBytes(), mine);
    checkpoint = new Workload.Region(region.offsetBytes() + mine, all - mine);
    check(region, all, block);
    buffers = new PageBuffers(Math.max(BUFFER_BYTES, spec.largestPage()), Dice.mix(spec.seed()));
  }

  /**
   * Where it runs.
   *
   * @param region of the namespace; a length below 0 is to its end
   * @param cpus of this client's threads; empty for anywhere
   */
  public record Placement(Workload.Region region, List<Integer> cpus, Beside beside) {}

  /** Connects. */
  public static WorkloadSession open(WorkloadSpec spec, Destination to, Placement placement)
      throws TimeoutException, InterruptedException {
    InitiatorOptions options =
        to.host()
            .options()
            .loops(1)
            .cpus(placement.cpus())
            .transport(to.transport())
            .spinNs(to.spinNs())
            .build();
    Initiator initiator = Initiator.create(options);
    StreamSession writer = null;
    try {
      if (placement.beside().writes()) {
        writer = StreamSession.open(checkpoint(placement), to);
      }
      return new WorkloadSession(spec, initiator, to, writer, placement);
    } catch (TimeoutException | InterruptedException | RuntimeException e) {
      if (writer != null) {
        writer.close();
      }
      initiator.close();
      throw e;
    }
  }

  /** The writer beside it, as a stream would be typed. */
  private static StreamSpec checkpoint(Placement placement) {
    StringBuilder text = new StringBuilder(placement.beside().stream());
    if (!placement.cpus().isEmpty()) {
      text.append(":cpus=");
      text.append(String.join("+", placement.cpus().stream().map(String::valueOf).toList()));
    }
    return new StreamSyntax().convert(text.toString());
  }

  private RemoteNamespace namespace(Destination to, boolean intent)
      throws TimeoutException, InterruptedException {
    ConnectOptions options =
        to.connect().toBuilder()
            .queues(1)
            .queueDepth(QUEUE_ENTRIES)
            .waitingMax(WAITING_MAX)
            .latencyIntent(intent)
            .build();
    Association association = SubsystemOptions.open(initiator, options);
    return Disks.namespace(association, to.nsid());
  }

  private void check(Workload.Region region, long all, long block) {
    if (region.offsetBytes() % block != 0
        || all < 0
        || region.offsetBytes() + all > told.sizeBytes()) {
      throw CliException.usage(
          "--offset and --region: in blocks of " + block + ", up to " + told.sizeBytes());
    }
    if (spec.smallestPage() % block != 0) {
      throw CliException.usage("--pages: from the namespace's blocks of " + block + " bytes on");
    }
    if (spec.largestPage() > pages.lengthBytes()) {
      throw CliException.usage(
          "--pages: the largest, "
              + spec.largestPage()
              + " bytes, has to fit where pages are: "
              + pages.lengthBytes());
    }
  }

  /** The target grants this host what the load asks for. */
  public boolean isGranted() {
    return told.association().intentGrant().active();
  }

  /**
   * One run.
   *
   * @param phase with hints, or stripped of them
   * @param part what is run: the whole spec, or as much of it as a rehearsal needs
   */
  Outcome run(Phase phase, WorkloadSpec part, long seed) throws InterruptedException {
    long startNs = System.nanoTime() + LEAD_NS;
    long cpuNs = PROCESS.getProcessCpuTime();
    RequestLoad requests =
        new RequestLoad(phase.hints() ? told : plain, part, pages, buffers, seed);
    LoadRun.Running beside = null;
    if (writer != null) {
      LoadRun load = writer.load(writer.spec(), phase.hints(), checkpoint, seed);
      beside = load.begin(Window.of(startNs, part.warmupNs(), part.lengthNs()));
    }
    requests.begin(startNs, timeoutNs, cpu);
    List<Tally> tallies = requests.await();
    Outcome.Checkpoint other = Outcome.Checkpoint.NONE;
    if (beside != null && writer != null) {
      LoadResult written = beside.await().orThrow("checkpoint, " + phase.words());
      other =
          new Outcome.Checkpoint(
              written.perSecond() * writer.spec().shape().blockBytes(),
              written.stages().of(Stage.TOTAL).getValueAtPercentile(99));
    }
    double busyNs = PROCESS.getProcessCpuTime() - cpuNs;
    return Outcome.of(tallies, other, busyNs / (System.nanoTime() - startNs));
  }

  @Override
  public void close() {
    if (writer != null) {
      writer.close();
    }
    initiator.close();
  }
}
