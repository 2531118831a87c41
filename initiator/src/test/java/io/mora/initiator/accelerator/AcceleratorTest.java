package io.mora.initiator.accelerator;

import static io.mora.initiator.Rig.failure;
import static io.mora.initiator.Rig.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.Rig;
import io.mora.initiator.accelerator.cuda.CudaDriver;
import io.mora.initiator.buffer.RegisteredBuffer;
import io.mora.initiator.fake.FakeDisk;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.initiator.step.Prefetch;
import io.mora.initiator.step.Step;
import io.mora.protocol.CommandException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Data reaches a device, is said to be there when it is, and nothing is without a bound. */
class AcceleratorTest {
  private static final int BLOCK = FakeDisk.BLOCK;
  private static final Intent PAGE = Intent.critical();

  /** Four staging buffers of four blocks, six copies. */
  private static final AcceleratorOptions SMALL = new AcceleratorOptions(4 * BLOCK, 4, 6);

  private final Rig rig = new Rig();
  private final RemoteNamespace namespace =
      rig.connect(rig.options().queues(1).latencyIntent(true).build()).namespace(1);
  private final FakeDriver driver = new FakeDriver();

  @AfterEach
  void stop() throws IOException {
    rig.close();
  }

  private long consumed() {
    return namespace.association().signals().classes().stream()
        .mapToLong(each -> each.consumedGap().samples())
        .sum();
  }

  @Test
  void whatIsReadArrives() {
    ByteBuffer written = Rig.random(8, 7);
    get(namespace.write(0, 8, written));
    try (Accelerator device = Accelerator.over(driver, SMALL);
        DeviceMemory memory = device.allocate(4096)) {
      assertThat(device.name()).isEqualTo("fake");
      assertThat(driver.pinned()).as("all, before anybody waits").isEqualTo(4);
      Completion done = get(device.read(namespace, 2, 3, PAGE, memory, 512));
      assertThat(done.status()).isZero();
      assertThat(driver.bytes(memory, 512, 3 * BLOCK))
          .isEqualTo(Rig.bytes(written.slice(2 * BLOCK, 3 * BLOCK)));
      assertThat(driver.bytes(memory, 512 + 3 * BLOCK, 100)).containsOnly(0);
      AcceleratorSignals signals = device.signals();
      assertThat(signals.copies()).isEqualTo(1);
      assertThat(signals.bytes()).isEqualTo(3 * BLOCK);
      assertThat(signals.longestNs()).isPositive();
      assertThat(signals.buffers().free()).isEqualTo(4);
      assertThat(signals.buffers().hits()).as("pinned once").isEqualTo(1);
    }
    assertThat(driver.pinned()).isZero();
    assertThat(driver.allocated()).isZero();
    assertThat(driver.isClosed()).isTrue();
  }

  @Test
  void itIsConsumedWhenTheCopyIsDone() {
    driver.holding();
    try (Accelerator device = Accelerator.over(driver, SMALL);
        DeviceMemory memory = device.allocate(4096)) {
      CompletionStage<Completion> read = device.read(namespace, 0, 1, PAGE, memory, 0);
      await().until(() -> driver.begun() == 1);
      assertThat(consumed()).as("asked for is not there").isZero();
      assertThat(read.toCompletableFuture()).isNotDone();
      assertThat(device.signals().underWay()).isEqualTo(1);
      driver.arrive(1);
      get(read);
      assertThat(consumed()).isEqualTo(1);
    }
  }

  @Test
  void aReadOfTheCallersOwnIsHandedOn() {
    ByteBuffer written = Rig.random(1, 3);
    get(namespace.write(5, 1, written));
    try (Accelerator device = Accelerator.over(driver, SMALL);
        DeviceMemory memory = device.allocate(4096);
        RegisteredBuffer buffer = Objects.requireNonNull(device.take())) {
      ByteBuffer bytes = buffer.bytes().limit(BLOCK);
      Completion read = get(namespace.read(5, 1, bytes, PAGE));
      assertThat(get(device.handOff(read, bytes, memory, 0))).isSameAs(read);
      assertThat(driver.bytes(memory, 0, BLOCK)).isEqualTo(Rig.bytes(written));
      assertThatThrownBy(() -> device.handOff(read, ByteBuffer.allocate(8), memory, 0))
          .hasMessageContaining("heap");
      assertThatThrownBy(() -> device.handOff(read, bytes, memory, 4096 - BLOCK + 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void aPrefetchIsConsumedWhenTheDeviceHasIt() {
    driver.holding();
    try (Accelerator device = Accelerator.over(driver, SMALL);
        DeviceMemory memory = device.allocate(4096);
        RegisteredBuffer buffer = Objects.requireNonNull(device.take());
        Step step = namespace.step(3, Duration.ofSeconds(5))) {
      ByteBuffer bytes = buffer.bytes().limit(BLOCK);
      Prefetch ahead = step.prefetch(0, 1, bytes, 80);
      Completion there = get(ahead.claim());
      assertThat(ahead.isConsumed()).isTrue();
      CompletionStage<Completion> handed = device.handOff(there, bytes, memory, 0);
      await().until(() -> driver.begun() == 1);
      assertThat(consumed()).isZero();
      driver.arrive(1);
      get(handed);
      assertThat(consumed()).isEqualTo(1);
      get(ahead.consume());
      assertThat(consumed()).as("once").isEqualTo(1);
      Prefetch plain = step.prefetch(1, 1, bytes, 80);
      get(plain.claim());
      get(plain.consume());
      assertThat(consumed()).isEqualTo(2);
    }
  }

  @Test
  void moreThanMayWaitIsRefused() {
    driver.holding();
    try (Accelerator device = Accelerator.over(driver, SMALL);
        DeviceMemory memory = device.allocate(4096)) {
      List<CompletionStage<Completion>> taken = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        taken.add(device.read(namespace, 0, 1, PAGE, memory, 0));
      }
      failure(device.read(namespace, 0, 1, PAGE, memory, 0), RejectedExecutionException.class);
      await().until(() -> driver.begun() == 4);
      Completion any = get(namespace.read(0, 1, ByteBuffer.allocateDirect(BLOCK), PAGE));
      ByteBuffer own = ByteBuffer.allocateDirect(BLOCK);
      taken.add(device.handOff(any, own, memory, 0));
      taken.add(device.handOff(any, own, memory, 0));
      failure(device.handOff(any, own, memory, 0), RejectedExecutionException.class);
      assertThat(device.signals().refused()).isEqualTo(1);
      await().until(() -> driver.begun() == 6);
      driver.arrive(6);
      taken.forEach(Rig::get);
      assertThatThrownBy(() -> device.read(namespace, 0, 5, PAGE, memory, 0))
          .hasMessageContaining("1 to 4");
      assertThat(device.signals().buffers().free()).isEqualTo(4);
    }
  }

  @Test
  void aFailureIsOfOneReadOnly() {
    driver.failing(1, 2);
    try (Accelerator device = Accelerator.over(driver, SMALL);
        DeviceMemory memory = device.allocate(4096)) {
      get(device.read(namespace, 0, 1, PAGE, memory, 0));
      AcceleratorException launch =
          failure(device.read(namespace, 0, 1, PAGE, memory, 0), AcceleratorException.class);
      assertThat(launch).hasMessage("launch failed");
      AcceleratorException lost =
          failure(device.read(namespace, 0, 1, PAGE, memory, 0), AcceleratorException.class);
      assertThat(lost).hasMessage("the copy was lost");
      get(device.read(namespace, 0, 1, PAGE, memory, 0));
      assertThat(device.signals().failed()).isEqualTo(2);
      assertThat(consumed()).isEqualTo(2);
      rig.controller.script(
          (wire, command) -> {
            boolean read = wire.qid > 0 && command.opcode() == 2;
            if (read) {
              wire.respond(command.cid(), 0x281, 0);
            }
            return read;
          });
      failure(device.read(namespace, 0, 1, PAGE, memory, 0), CommandException.class);
      assertThat(device.signals().buffers().free()).isEqualTo(4);
      assertThatThrownBy(() -> device.allocate(1 << 30)).isInstanceOf(AcceleratorException.class);
    }
  }

  @Test
  void whatCannotBePinnedIsCopiedAllTheSame() {
    driver.refusingPins();
    try (Accelerator device = Accelerator.over(driver, SMALL);
        DeviceMemory memory = device.allocate(4096)) {
      get(device.read(namespace, 0, 1, PAGE, memory, 0));
      assertThat(device.signals().pinned()).isZero();
      assertThat(device.signals().copies()).isEqualTo(1);
      assertThat(driver.pinsAsked()).as("once each, when it was made").isEqualTo(4);
    }
  }

  @Test
  void marksComeRound() {
    try (Accelerator device = Accelerator.over(driver, SMALL);
        DeviceMemory memory = device.allocate(4096)) {
      Completion any = get(namespace.read(0, 1, ByteBuffer.allocateDirect(BLOCK), PAGE));
      ByteBuffer own = ByteBuffer.allocateDirect(BLOCK);
      for (int i = 0; i < AcceleratorDriver.MARKS + 10; i++) {
        get(device.handOff(any, own, memory, 0));
      }
      assertThat(consumed()).as("a completion is consumed once").isEqualTo(1);
    }
  }

  @Test
  void memoryGoesWithItsLastCopyAndNothingIsTakenAfterTheEnd() {
    driver.holding();
    Accelerator device = Accelerator.over(driver, SMALL);
    DeviceMemory memory = device.allocate(4096);
    CompletionStage<Completion> read = device.read(namespace, 0, 1, PAGE, memory, 0);
    await().until(() -> driver.begun() == 1);
    memory.close();
    memory.close();
    assertThat(driver.allocated()).as("while it is copied to").isEqualTo(1);
    failure(device.read(namespace, 0, 1, PAGE, memory, 0), IllegalStateException.class);
    driver.arrive(1);
    get(read);
    await().until(() -> driver.allocated() == 0);
    DeviceMemory other = device.allocate(512);
    device.close();
    other.close();
    failure(device.read(namespace, 0, 1, PAGE, other, 0), RejectedExecutionException.class);
    assertThat(driver.pinned()).isZero();
  }

  @Test
  void aDriverThatNeverFinishesKeepsItsMemory() {
    driver.holding();
    Accelerator device = Accelerator.over(driver, SMALL, 50);
    DeviceMemory memory = device.allocate(4096);
    CompletionStage<Completion> read = device.read(namespace, 0, 1, PAGE, memory, 0);
    await().until(() -> driver.begun() == 1);
    device.close();
    assertThat(failure(read, AcceleratorException.class)).hasMessageContaining("closed");
    memory.close();
    device.close();
    assertThat(driver.isClosed()).isFalse();
    assertThat(driver.pinned()).isEqualTo(4);
    assertThat(driver.allocated()).as("it may yet be written to").isEqualTo(1);
    assertThat(device.signals().underWay()).isZero();
  }

  @Test
  void aDriverThatHangsIsLeftToItself() {
    driver.hanging();
    Accelerator device = Accelerator.over(driver, SMALL, 50);
    DeviceMemory memory = device.allocate(4096);
    CompletionStage<Completion> hung = device.read(namespace, 0, 1, PAGE, memory, 0);
    await().until(() -> driver.begun() == 1);
    CompletionStage<Completion> waits = device.read(namespace, 0, 1, PAGE, memory, 512);
    await().until(() -> device.signals().underWay() == 2);
    device.close();
    failure(waits, AcceleratorException.class);
    assertThat(hung.toCompletableFuture()).isNotDone();
    assertThat(driver.isClosed()).isFalse();
    assertThat(driver.pinned()).isEqualTo(4);
    driver.letGo();
    get(hung); // It was there when the driver came back.
  }

  @Test
  void whoIsInterruptedClosesAllTheSame() {
    driver.holding();
    Accelerator device = Accelerator.over(driver, SMALL);
    DeviceMemory memory = device.allocate(4096);
    CompletionStage<Completion> read = device.read(namespace, 0, 1, PAGE, memory, 0);
    await().until(() -> driver.begun() == 1);
    AtomicBoolean kept = new AtomicBoolean();
    Thread closer =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              device.close();
              kept.set(Thread.currentThread().isInterrupted());
            });
    closer.start();
    await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
    assertThat(driver.isClosed()).as("a copy is under way").isFalse();
    driver.arrive(1);
    get(read);
    await().until(() -> !closer.isAlive());
    assertThat(kept).isTrue();
    assertThat(driver.isClosed()).isTrue();
    device.close();
  }

  @Test
  void aConsumerOrDriverThatThrowsStopsNoOther() {
    driver.holding();
    try (Accelerator device = Accelerator.over(driver, SMALL);
        DeviceMemory other = device.allocate(4096)) {
      DeviceMemory memory = device.allocate(4096);
      CompletionStage<Completion> read = device.read(namespace, 0, 1, PAGE, memory, 0);
      await().until(() -> driver.begun() == 1);
      memory.close();
      driver.failingFrees(1);
      driver.arrive(1);
      get(read);
      CompletionStage<Completion> next = device.read(namespace, 0, 1, PAGE, other, 0);
      await().until(() -> driver.begun() == 2);
      driver.arrive(1);
      get(next);
    }
  }

  @Test
  void whatCannotBeMadeLetsGoOfTheDriver() {
    driver.breakingPins();
    assertThatThrownBy(() -> Accelerator.over(driver, SMALL))
        .isInstanceOf(IllegalStateException.class);
    assertThat(driver.isClosed()).isTrue();
    assertThat(driver.pinned()).isZero();
  }

  /** Where there is a device it runs, too. */
  @Test
  void theExampleIsAsPrinted() throws Exception {
    example(namespace);
    String source = "src/test/java/io/mora/initiator/accelerator/AcceleratorTest.java";
    String test = Files.readString(Path.of(source));
    int from = test.indexOf("// begin\n") + "// begin".length();
    assertThat(squeezed(Files.readString(Path.of("../docs/initiator.md"))))
        .contains(squeezed(test.substring(from, test.indexOf("// end\n", from))));
  }

  private static void example(RemoteNamespace pages) throws Exception {
    // begin
    if (CudaDriver.missing() == null) {
      try (Accelerator gpu = Accelerator.over(CudaDriver.open(0), AcceleratorOptions.DEFAULT);
          DeviceMemory cache = gpu.allocate(64 << 20)) {
        gpu.read(pages, 0, 16, PAGE, cache, 0)
            .thenAccept(done -> launch(cache.address()))
            .toCompletableFuture()
            .get();
      }
    }
    // end
  }

  private static void launch(long address) {
    assertThat(address).isNotZero();
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", "");
  }

  @Test
  void optionsHaveBounds() {
    assertThatThrownBy(() -> new AcceleratorOptions(100, 1, 1)).hasMessageContaining("512 to");
    assertThatThrownBy(() -> new AcceleratorOptions(512, 0, 1)).hasMessageContaining("buffers 0");
    assertThatThrownBy(() -> new AcceleratorOptions(512, 1, 1025))
        .hasMessageContaining("1 to 1024");
  }
}
