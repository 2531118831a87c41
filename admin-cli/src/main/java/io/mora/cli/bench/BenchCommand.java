package io.mora.cli.bench;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.connect.Session;
import io.mora.cli.connect.SubsystemOptions;
import io.mora.cli.connect.TimeSpan;
import io.mora.cli.load.LoadRun;
import io.mora.cli.load.Progress;
import io.mora.cli.load.Workload;
import io.mora.cli.nvme.Disks;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Terminal;
import io.mora.cli.streams.Destination;
import io.mora.cli.streams.Mix;
import io.mora.cli.streams.MixReport;
import io.mora.cli.streams.Phase;
import io.mora.cli.streams.PhaseLine;
import io.mora.cli.streams.StreamSpec;
import io.mora.cli.streams.Trials;
import io.mora.cli.workload.Beside;
import io.mora.cli.workload.WorkloadReport;
import io.mora.cli.workload.WorkloadSession;
import io.mora.cli.workload.WorkloadSpec;
import io.mora.cli.workload.WorkloadTrials;
import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.sync.ThreadQueue;
import io.mora.protocol.net.TransportKind;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora bench}. */
@Command(
    name = "bench",
    description = {
      "Loads a namespace and prints IOPS and latency percentiles.",
      "Latency is counted from when an I/O was meant to start: with --rate, time spent waiting",
      "behind a slow one is part of it (no coordinated omission).",
      "With --intent or --stream, several loads at once, with hints and without, side by side.",
      "With --workload, requests of a model server, with hints and without."
    })
public final class BenchCommand implements Callable<Integer> {
  /** No more can wait for a queue than the load has slots: each place is 0.4 KB. */
  private static final int WAITING_MIN = 16;

  @Mixin private GlobalOptions global = new GlobalOptions();
  @Mixin private SubsystemOptions subsystem = new SubsystemOptions();

  @Option(
      names = {"-N", "--nsid"},
      paramLabel = "N",
      defaultValue = "1",
      description = "Namespace id (default: ${DEFAULT-VALUE}).")
  private int nsid = 1;

  @Mixin private LoadOptions load = new LoadOptions();
  @Mixin private StreamOptions streams = new StreamOptions();
  @Mixin private WorkloadOptions service = new WorkloadOptions();

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "1",
      description = "Associations, each with --nr-io-queues queues (default: ${DEFAULT-VALUE}).")
  private int connections = 1;

  @Option(
      names = "--loops",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads of this client that carry I/O (default: ${DEFAULT-VALUE}).")
  private int loops = 1;

  @Option(
      names = "--loop-transport",
      paramLabel = "KIND",
      defaultValue = "auto",
      description = "How they wait: auto, io_uring, epoll or nio (default: ${DEFAULT-VALUE}).")
  private String transport = "auto";

  @Option(
      names = "--spin",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "They poll so long before they sleep, at the price of a busy CPU.")
  private @Nullable Duration spin;

  @Option(
      names = "--sync",
      paramLabel = "HOW",
      arity = "0..1",
      fallbackValue = "own",
      description = {
        "A thread for each queue does the I/Os and waits for each: own, on a queue that it drives",
        "itself; loop, on a loop that wakes it. Needs --depth=1. Time counts until it goes on.",
        "--cpus pins these threads as well; without --spin, those with own queues always poll."
      })
  private @Nullable String sync;

  @Option(
      names = "--cpus",
      paramLabel = "CPU",
      split = ",",
      description =
          "Pin them to these CPUs; to the first the floor's client, and what paces --rate.")
  private List<Integer> cpus = List.of();

  @Mixin private FloorOptions floor = new FloorOptions();

  @Option(names = "--no-target-timing", description = "Do not ask the target where the time went.")
  private boolean noTargetTiming;

  @Option(names = "--yes", description = "Do not ask for --yes before data is destroyed.")
  private boolean yes;

  @Override
  public Integer call() throws IOException, TimeoutException, InterruptedException {
    if (waiting() != null && (load.depth() != 1 || load.openLoop() || streams.asked())) {
      throw CliException.usage("--sync: with --depth=1, without --rate, --intent and --stream");
    }
    if (service.asked()) {
      return requests();
    }
    if (streams.asked()) {
      return intents();
    }
    if (load.destroys() && !yes) {
      throw CliException.usage(
          "this writes over what the namespace holds; pass --yes if nothing in it is needed");
    }
    try (Initiator initiator = Initiator.create(initiatorOptions())) {
      List<Association> associations = connect(initiator);
      List<RemoteNamespace> queues = queues(associations);
      Workload workload = load.workload(queues.get(0), queues.size());
      LoadReport report =
          new LoadReport(
              workload, queues.size(), connections, subsystem.nqn(), initiator.transport());
      report.waiting(waiting());
      floor.check(workload);
      LoadRun run =
          new LoadRun(
                  queues,
                  workload,
                  subsystem.address().timeoutMs() * 1_000_000,
                  new Progress(Terminal.onError() ? global.err() : null))
              .pacedOn(firstCpu(), 0);
      Waiting waiting = waiting();
      if (waiting != null) {
        long spinNs = spin == null ? ThreadQueue.SPIN_NS_MAX : spin.toNanos();
        run.waiting(namespace -> waiting.open(namespace, spinNs), cpus);
      }
      execute(run, floorLoad(workload, associations.get(0)), report);
      global.print(report.json(), report::table);
    }
    return ExitCodes.OK;
  }

  private int requests() throws TimeoutException, InterruptedException {
    WorkloadSpec spec = service.spec(load);
    Beside beside = service.beside();
    if (waiting() != null || load.openLoop() || streams.asked()) {
      throw CliException.usage("--workload: without --sync, --rate, --intent and --stream");
    }
    if ((spec.kind().writes() || beside.writes()) && !yes) {
      throw CliException.usage(
          "this writes over what the namespace holds; pass --yes if nothing in it is needed,"
              + " or --beside=0 to write nothing");
    }
    WorkloadSession.Placement placement =
        new WorkloadSession.Placement(load.region(), cpus, beside);
    List<Phase> phases = streams.pairs();
    PhaseLine line = new PhaseLine(Terminal.onError() ? global.err() : null);
    try (WorkloadSession session = WorkloadSession.open(spec, destination(), placement)) {
      if (phases.contains(Phase.HONOURED) && !session.isGranted()) {
        global.err().println("the target takes no intent from this host: hints change nothing");
      }
      WorkloadTrials trials =
          WorkloadTrials.run(session, spec, phases, streams.runs(), streams.rehearsalNs(), line);
      WorkloadReport report = new WorkloadReport(spec, beside, phases, streams.runs(), trials);
      global.print(report.json(), report::table);
    }
    return ExitCodes.OK;
  }

  private Destination destination() {
    return new Destination(
        subsystem.connect(1, ConnectOptions.QUEUE_DEPTH_MIN),
        nsid,
        subsystem.host().identity(),
        TransportKind.fromConfig(transport),
        spin == null ? 0 : spin.toNanos());
  }

  private int intents() throws TimeoutException, InterruptedException {
    List<StreamSpec> all = streams.streams();
    boolean writes = all.stream().anyMatch(each -> each.shape().readPercent() < 100);
    if ((writes || load.fill) && !yes) {
      throw CliException.usage(
          "this writes over what the namespace holds; pass --yes if nothing in it is needed");
    }
    Mix.Timing timing =
        new Mix.Timing(
            streams.rehearsalNs(), load.warmupNs(), load.durationNs(), load.region(), load.seed());
    PhaseLine line = new PhaseLine(Terminal.onError() ? global.err() : null);
    try (Mix mix = Mix.open(all, destination(), timing)) {
      if (load.fill) {
        mix.fill();
      }
      Trials trials = mix.run(streams.phases(), streams.runs(), streams.doubled(), line);
      MixReport report = new MixReport(all, streams.phases(), streams.runs(), timing, trials);
      global.print(report.json(), report::table);
    }
    return ExitCodes.OK;
  }

  private void execute(LoadRun run, FloorOptions.Load beside, LoadReport report)
      throws IOException, InterruptedException {
    if (load.fill) {
      run.fill().orThrow("fill");
    }
    floor.measure(beside, report.floors());
    report.load(run.load(load.warmupNs(), load.durationNs()).orThrow("load"));
    floor.measure(beside, report.floors());
    if (beside.workload().verify()) {
      report.check(run.check().orThrow("check"));
    }
  }

  private @Nullable Waiting waiting() {
    return sync == null ? null : Waiting.parse(sync);
  }

  private InitiatorOptions initiatorOptions() {
    InitiatorOptions.Builder options =
        Session.options(subsystem.host())
            .loops(loops)
            .transport(TransportKind.fromConfig(transport))
            .cpus(cpus);
    if (spin != null && waiting() != Waiting.OWN) {
      options.spinNs(spin.toNanos()); // else their loops have nothing to wait for
    }
    return options.build();
  }

  private List<Association> connect(Initiator initiator)
      throws TimeoutException, InterruptedException {
    if (connections < 1 || connections > 1024) {
      throw CliException.usage("--connections=" + connections + ": 1 to 1024");
    }
    int size = Math.max(ConnectOptions.QUEUE_DEPTH_MIN, load.depth() + 1);
    ConnectOptions options =
        subsystem.connect(1, Math.min(size, ConnectOptions.QUEUE_DEPTH_MAX)).toBuilder()
            .targetTiming(!noTargetTiming)
            .threadQueues(waiting() == Waiting.OWN ? subsystem.queue().queues(1) : 0)
            .waitingMax(Math.max(WAITING_MIN, load.depth() + 1))
            .build();
    List<Association> associations = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      associations.add(SubsystemOptions.open(initiator, options));
    }
    return associations;
  }

  private List<RemoteNamespace> queues(List<Association> associations) {
    List<RemoteNamespace> queues = new ArrayList<>();
    for (Association association : associations) {
      RemoteNamespace namespace = Disks.namespace(association, nsid);
      for (int queue = 0; queue < association.queues(); queue++) {
        queues.add(namespace.onQueue(queue));
      }
    }
    return queues;
  }

  private FloorOptions.Load floorLoad(Workload workload, Association association) {
    boolean timed = !noTargetTiming && association.intentGrant().active();
    return new FloorOptions.Load(
        workload,
        load.durationNs(),
        firstCpu(),
        new FloorOptions.Wire(association.identify().inCapsuleDataBytes(), timed));
  }

  private int firstCpu() {
    return cpus.isEmpty() ? -1 : cpus.get(0);
  }
}
