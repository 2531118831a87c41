package io.mora.cli.demo;

import io.mora.cli.CliException;
import io.mora.cli.ExitCodes;
import io.mora.cli.connect.ByteCount;
import io.mora.cli.connect.SubsystemOptions;
import io.mora.cli.connect.TimeSpan;
import io.mora.cli.load.LoadResult;
import io.mora.cli.load.LoadRun;
import io.mora.cli.load.Progress;
import io.mora.cli.load.Workload;
import io.mora.cli.nvme.Disks;
import io.mora.cli.output.GlobalOptions;
import io.mora.cli.output.Terminal;
import io.mora.cli.streams.PhaseLine;
import io.mora.cli.target.TargetLauncher;
import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.protocol.HostId;
import io.mora.protocol.TransportAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mora demo}. */
@Command(
    name = "demo",
    description = {
      "Starts a target on this machine, writes to it, reads back and verifies, measures a mixed",
      "load, shows what hints are worth (critical reads beside prefetch and bulk writes, hints",
      "stripped and then honoured), and removes everything again."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final long REGION_BYTES = 32L << 20;
  private static final int DEPTH = 16;
  private static final int READ_PERCENT = 70;
  private static final long TIMEOUT_MS = 30_000;

  @Mixin private GlobalOptions global = new GlobalOptions();

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "3s",
      converter = TimeSpan.class,
      description =
          "Of the mixed load, and of each part of what follows (default: ${DEFAULT-VALUE}).")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "256MiB",
      converter = ByteCount.class,
      description = "Of the namespace, a sparse file (default: ${DEFAULT-VALUE}).")
  private long sizeBytes;

  @Option(
      names = "--address",
      paramLabel = "IP",
      defaultValue = "127.0.0.1",
      description = "Where the target listens (default: ${DEFAULT-VALUE}).")
  private String address = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Its port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(names = "--hold", description = "Keep the target until Enter or Ctrl-C.")
  private boolean hold;

  @Override
  public Integer call() throws IOException, TimeoutException, InterruptedException {
    if (sizeBytes < REGION_BYTES || sizeBytes % DemoSetup.BLOCK_BYTES != 0) {
      throw CliException.usage(
          "--size=" + sizeBytes + ": 32MiB or more, in blocks of " + DemoSetup.BLOCK_BYTES);
    }
    DemoSetup setup =
        new DemoSetup(new TransportAddress(address, port), sizeBytes, HostId.random());
    if (setup.address().isWildcard()) {
      throw CliException.usage("--address=" + address + ": one address, to connect to");
    }
    TemporaryFolder folder = TemporaryFolder.create();
    try (Cleanup cleanup = new Cleanup(folder)) {
      List<String> command = TargetLauncher.command("run", setup.write(folder.path()).toString());
      TargetProcess target = TargetProcess.start(command, folder.path().resolve("target.log"));
      cleanup.target(target);
      ReadyLine ready = target.awaitReady();
      DemoReport report = new DemoReport(setup, ready, hold, folder.path());
      try {
        measure(setup, ready, report);
        report.intent(
            IntentPart.run(
                setup, ready, duration.toNanos(), TIMEOUT_MS, new PhaseLine(terminal())));
      } catch (RuntimeException e) {
        if (cleanup.processEnds()) {
          return ExitCodes.INTERRUPTED;
        }
        target.logEnd().ifPresent(log -> global.err().println("The target's log:\n" + log));
        throw e;
      }
      global.print(report.json(), report::table);
      if (hold) {
        holdOn(target);
      }
    }
    return ExitCodes.OK;
  }

  private void measure(DemoSetup setup, ReadyLine ready, DemoReport report)
      throws TimeoutException, InterruptedException {
    try (Initiator initiator =
            Initiator.create(InitiatorOptions.builder().loops(1).hostId(setup.host()).build());
        Association association = SubsystemOptions.open(initiator, connect(ready))) {
      RemoteNamespace namespace = Disks.namespace(association, DemoSetup.NSID);
      Workload.Region region = new Workload.Region(0, REGION_BYTES);
      long seed = System.nanoTime() & Integer.MAX_VALUE;
      Workload workload =
          new Workload(DemoSetup.BLOCK_BYTES, READ_PERCENT, false, DEPTH, 0, region, true, seed);
      Progress progress = new Progress(terminal());
      LoadRun run =
          new LoadRun(
              List.of(namespace.onQueue(0)),
              workload,
              TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS),
              progress);
      LoadResult written = run.fill().orThrow("writing");
      LoadResult verified = run.check().orThrow("reading back");
      LoadResult load = run.load(duration.toNanos() / 4, duration.toNanos()).orThrow("mixed load");
      LoadResult checked = run.check().orThrow("reading back after the load");
      report.measured(workload, written, load, verified.verified() + checked.verified());
    }
  }

  private @Nullable PrintWriter terminal() {
    return Terminal.onError() ? global.err() : null;
  }

  private static ConnectOptions connect(ReadyLine ready) {
    return SubsystemOptions.timeouts(
            ConnectOptions.to(ready.nvm(), DemoSetup.SUBSYSTEM), TIMEOUT_MS)
        .targetTiming(true)
        .queues(1)
        .queueDepth(2 * DEPTH)
        .controllerLossTimeoutMs(0)
        .build();
  }

  private void holdOn(TargetProcess target) throws IOException, InterruptedException {
    global.err().println("The target runs. Enter or Ctrl-C ends it.");
    global.err().flush();
    while (target.alive() && System.in.available() == 0) {
      Thread.sleep(200);
    }
    if (!target.alive()) {
      throw new CliException(ExitCodes.FAILED, "the target ended by itself");
    }
  }
}
