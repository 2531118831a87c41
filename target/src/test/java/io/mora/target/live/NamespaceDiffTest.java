package io.mora.target.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.Nqn;
import io.mora.protocol.admin.BackendSpec;
import io.mora.protocol.admin.NamespaceSpec;
import io.mora.protocol.admin.storage.FaultSpec;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether hosts keep a namespace whose storage differs, whatever is laid around it. */
class NamespaceDiffTest {
  private static final long MIB = 1 << 20;
  private static final FaultSpec FAULTS = new FaultSpec(1, List.of());

  private static NamespaceSpec spec(String kind, long sizeBytes, long chunkBytes) {
    BackendSpec stripe =
        new BackendSpec.Stripe(
            List.of("/a", "/b"), sizeBytes, chunkBytes, false, BackendSpec.DirectIo.AUTO, false);
    BackendSpec backend =
        switch (kind) {
          case "faulty" -> new BackendSpec.Faulty(stripe, FAULTS);
          case "both" ->
              new BackendSpec.Delayed(
                  new BackendSpec.Faulty(stripe, FAULTS), BackendSpec.Device.FLASH);
          default -> stripe;
        };
    return NamespaceSpec.of(new Nqn("nqn.2026-11.io.example:a"), 1, 4096, backend);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stripe", "faulty", "both"})
  void anotherSizeIsAChangeAndAnotherChunkIsOtherStorage(String kind) {
    NamespaceSpec before = spec(kind, 4 * MIB, 4096);
    NamespaceDiff resized = NamespaceDiff.between(before, spec(kind, 8 * MIB, 4096));
    assertThat(resized.kind()).isEqualTo(NamespaceDiff.Kind.CHANGED);
    assertThat(resized.sizeBytes()).isEqualTo(8 * MIB);
    assertThat(NamespaceDiff.between(before, spec(kind, 4 * MIB, 8192)).kind())
        .isEqualTo(NamespaceDiff.Kind.REPLACED);
    assertThat(NamespaceDiff.between(before, spec(kind, 4 * MIB, 4096)).kind())
        .isEqualTo(NamespaceDiff.Kind.SAME);
  }
}
