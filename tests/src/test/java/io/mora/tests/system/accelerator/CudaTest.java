package io.mora.tests.system.accelerator;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.initiator.ConnectOptions;
import io.mora.initiator.Initiator;
import io.mora.initiator.InitiatorOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.initiator.accelerator.Accelerator;
import io.mora.initiator.accelerator.AcceleratorOptions;
import io.mora.initiator.accelerator.DeviceMemory;
import io.mora.initiator.accelerator.cuda.CudaDriver;
import io.mora.initiator.intent.Intent;
import io.mora.initiator.io.Completion;
import io.mora.target.embedded.EmbeddedTarget;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Reads into the memory of a CUDA device, where there is one; elsewhere a skip that is counted and
 * says why, or with {@code -Dmora.accelerator=required} a failure.
 */
@Tag("accelerator")
class CudaTest {
  private static final int BLOCK = EmbeddedTarget.BLOCK_BYTES;
  private static final int PAGE_BLOCKS = 32;
  private static final int PAGES = 64;

  @BeforeEach
  void needsADevice() {
    String missing = CudaDriver.missing();
    if (System.getProperty("mora.accelerator", "").equals("required")) {
      assertThat(missing).isNull();
    }
    Assumptions.assumeTrue(missing == null, () -> "" + missing);
  }

  @Test
  void pagesArriveWhole() {
    CudaDriver cuda = CudaDriver.open(0);
    try (EmbeddedTarget target = EmbeddedTarget.inMemory((long) PAGES * PAGE_BLOCKS * BLOCK);
        Initiator initiator = Initiator.create(InitiatorOptions.defaults());
        Accelerator gpu = Accelerator.over(cuda, new AcceleratorOptions(1 << 20, 16, 64));
        DeviceMemory memory = gpu.allocate((long) PAGES * PAGE_BLOCKS * BLOCK)) {
      ConnectOptions options =
          ConnectOptions.to(target.address(), EmbeddedTarget.SUBSYSTEM).build();
      RemoteNamespace disk = Waiting.get(initiator.connect(options)).namespace(EmbeddedTarget.NSID);
      ByteBuffer data = random(PAGES * PAGE_BLOCKS * BLOCK);
      Waiting.get(disk.write(0, PAGES * PAGE_BLOCKS, data));
      assertThat(gpu.signals().pinned()).as("of 16, on %s", gpu.name()).isEqualTo(16);
      for (int from = 0; from < PAGES; from += 16) {
        List<CompletionStage<Completion>> reads = new ArrayList<>();
        for (int page = from; page < from + 16; page++) {
          long slba = (long) page * PAGE_BLOCKS;
          reads.add(gpu.read(disk, slba, PAGE_BLOCKS, Intent.critical(), memory, slba * BLOCK));
        }
        reads.forEach(Waiting::get);
      }
      ByteBuffer back = ByteBuffer.allocateDirect(PAGES * PAGE_BLOCKS * BLOCK);
      cuda.fetch(memory.address(), back);
      assertThat(back).isEqualTo(data);
      assertThat(gpu.signals().copies()).isEqualTo(PAGES);
      assertThat(gpu.signals().failed()).isZero();
      System.out.println(gpu.name() + ": " + gpu.signals());
    }
  }

  private static ByteBuffer random(int bytes) {
    byte[] all = new byte[bytes];
    new SplittableRandom(5).nextBytes(all);
    return ByteBuffer.allocateDirect(bytes).put(all).flip();
  }
}
