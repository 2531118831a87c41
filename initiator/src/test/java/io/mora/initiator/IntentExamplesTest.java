package io.mora.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.buffer.RegisteredBuffer;
import io.mora.initiator.buffer.RegisteredBuffers;
import io.mora.initiator.fake.FakeAdmin;
import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.fake.FakeIntent;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.IoHandle;
import io.mora.initiator.io.IoOptions;
import io.mora.initiator.io.IoOutcome;
import io.mora.initiator.locality.IoConsumer;
import io.mora.initiator.region.RegionUse;
import io.mora.initiator.region.RegisteredRegion;
import io.mora.initiator.signals.AssociationSignals;
import io.mora.initiator.signals.ClassSignals;
import io.mora.initiator.step.Prefetch;
import io.mora.initiator.step.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The examples of docs/initiator.md about intent run as they are printed there. */
class IntentExamplesTest {
  // begin constants
  static final Intent PAGE = Intent.critical().step().budgetUs(400).flow(17);
  static final Intent NEXT_LAYER = Intent.prefetch(80).budget(Duration.ofMillis(20)).expire();

  // end

  private final Rig rig = new Rig();
  private final FakeIntent fake = FakeIntent.on(rig.controller, 8);
  private final List<Object> used = new ArrayList<>();
  private final ByteBuffer page = ByteBuffer.allocateDirect(8 * FakeDisk.BLOCK);
  private final ByteBuffer next = ByteBuffer.allocateDirect(8 * FakeDisk.BLOCK);
  private final ByteBuffer data = ByteBuffer.allocateDirect(64 * FakeDisk.BLOCK);
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private Association array = rig.connect();
  private RemoteNamespace pages = array.namespace(1);

  @BeforeEach
  void connect() throws Exception {
    Initiator initiator = rig.initiator;
    String address = rig.controller.address().toString();
    // begin connect
    array =
        initiator
            .connect(ConnectOptions.to(address, SUBSYSTEM).latencyIntent(true).build())
            .toCompletableFuture()
            .get();
    if (!array.intentGrant().active()) {
      log("this controller takes no intent: everything runs as ordinary I/O");
    }
    // end
    pages = array.namespace(1);
    assertThat(used).isEmpty();
  }

  private static final String SUBSYSTEM = FakeAdmin.SUBSYSTEM.value();

  @AfterEach
  void stop() throws IOException {
    executor.shutdownNow();
    rig.close();
  }

  private void log(Object what) {
    used.add(what);
  }

  private void use(ByteBuffer buffer) {
    used.add(buffer);
  }

  @Test
  void intents() throws Exception {
    // begin intents
    pages.read(0, 8, page, PAGE).thenAccept(done -> use(page)).toCompletableFuture().get();
    RemoteNamespace checkpoints = pages.with(Intent.bulk().flow(99));
    checkpoints.write(64, 64, data).toCompletableFuture().get();
    pages
        .read(8, 8, next, NEXT_LAYER)
        .whenComplete(
            (done, failure) -> {
              if (failure != null && IoOutcome.of(failure) == IoOutcome.EXPIRED) {
                log("too late to be of use: nothing was read");
              }
            });
    // end
    assertThat(used).contains(page);
    assertThat(fake.said).isNotEmpty();
  }

  private void recomputeInstead() {
    used.add("recomputed");
  }

  @Test
  void refusals() throws Exception {
    // begin refusals
    pages
        .read(8, 8, page, Intent.critical().step().budgetUs(400).refusable())
        .whenComplete(
            (done, failure) -> {
              if (failure != null && IoOutcome.of(failure) == IoOutcome.REFUSED) {
                recomputeInstead(); // or again, after retryAfterNs of the CommandException
              }
            });
    // end
    pages.flush().toCompletableFuture().get();
    assertThat(used).as("this target refuses nothing").isEmpty();
  }

  @Test
  void consumers() throws Exception {
    int cpu = 0;
    // begin consumers
    IoConsumer decoder = IoConsumer.on(executor, cpu); // a thread pinned to that CPU
    RemoteNamespace mine = pages.with(decoder);
    mine.read(0, 8, page, PAGE).thenAccept(done -> use(page)); // runs on the executor
    // end
    mine.flush().toCompletableFuture().get();
    assertThat(decoder.executor()).isSameAs(executor);
  }

  @Test
  void steps() throws Exception {
    boolean needed = true;
    // begin steps
    try (Step step = pages.step(17, Duration.ofMillis(5))) {
      Prefetch layer2 = step.prefetch(8, 8, next, 80);
      step.read(0, 8, page).thenAccept(done -> use(page)).toCompletableFuture().get();
      if (needed) {
        layer2.consume().thenAccept(done -> use(next)).toCompletableFuture().get();
      }
    } // what nobody consumed is aborted at the target
    // end
    assertThat(used).containsExactly(page, next);
  }

  @Test
  void handles() throws Exception {
    // begin handles
    IoHandle handle = new IoHandle();
    var read = pages.read(0, 8, page, new IoOptions().handle(handle));
    handle.cancel(); // it ends once: CANCELLED, or as it would have if that was quicker
    read.handle((done, failure) -> failure == null ? IoOutcome.DONE : IoOutcome.of(failure))
        .thenAccept(this::log)
        .toCompletableFuture()
        .get();
    // end
    assertThat(used).hasSize(1).isSubsetOf(IoOutcome.DONE, IoOutcome.CANCELLED);
  }

  @Test
  void regionsAndBuffers() throws Exception {
    // begin regions
    RegionUse hot = RegionUse.of(PAGE).pinned().readOnly();
    try (RegisteredRegion index = pages.register(0, 64, hot).toCompletableFuture().get();
        RegisteredBuffers pool = RegisteredBuffers.allocate(4096, 64)) {
      IoOptions look = IoOptions.of(PAGE).region(index);
      RegisteredBuffer buffer = pool.take();
      if (buffer != null) { // else as many are in use as there are
        pages
            .read(16, 8, buffer.bytes(), look)
            .whenComplete((done, failure) -> buffer.close())
            .toCompletableFuture()
            .get();
      }
    }
    // end
    assertThat(fake.registrations).hasValue(1);
  }

  @Test
  void signals() throws Exception {
    pages.read(0, 8, page, PAGE).toCompletableFuture().get();
    // begin signals
    AssociationSignals signals = array.signals();
    ClassSignals critical = signals.classes().get(7);
    log("useful p99 " + critical.usefulCompletion().p99Ns() + " ns");
    log("late " + critical.deadlineMisses() + ": " + critical.lateCauses());
    log("on the wrong CPU " + signals.localityMissRate());
    // end
    assertThat(used).hasSize(3);
  }

  @Test
  void theyAreTheOnesPrinted() throws Exception {
    String test =
        Files.readString(Path.of("src/test/java/io/mora/initiator/IntentExamplesTest.java"));
    String document = squeezed(Files.readString(Path.of("../docs/initiator.md")));
    Matcher examples = Pattern.compile("// begin \\w+\n(.*?)// end", Pattern.DOTALL).matcher(test);
    int count = 0;
    while (examples.find()) {
      assertThat(document).contains(squeezed(examples.group(1)));
      count++;
    }
    assertThat(count).isEqualTo(9);
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", "");
  }
}
