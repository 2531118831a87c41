package io.mora.target.subsystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.NamespaceSpec;
import io.mora.target.backend.NullBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NamespaceTableTest {
  static List<Arguments> sets() {
    return List.of(
        Arguments.of((Object) new int[] {}),
        Arguments.of((Object) new int[] {1}),
        Arguments.of((Object) new int[] {2}),
        Arguments.of((Object) new int[] {1, 2, 3, 4}),
        Arguments.of((Object) new int[] {1, 3}),
        Arguments.of((Object) new int[] {7, 100, 8192}));
  }

  /** Dense or not, in whatever order they were given. */
  @ParameterizedTest
  @MethodSource("sets")
  void findsTheActiveAndNoOther(int[] nsids) {
    List<Namespace> namespaces = new ArrayList<>();
    for (int nsid : nsids) {
      UUID uuid = new UUID(1, nsid);
      var identity = new Namespace.Identity(uuid, NamespaceSpec.defaultNguid(uuid));
      namespaces.add(new Namespace(nsid, identity, new NullBackend(1 << 20, 4096), 1));
    }
    Collections.shuffle(namespaces, new Random(1));
    NamespaceTable table = new NamespaceTable(namespaces);
    assertThat(table.size()).isEqualTo(nsids.length);
    for (int i = 0; i < nsids.length; i++) {
      assertThat(table.at(i).nsid()).isEqualTo(nsids[i]);
    }
    int[] hostile = {0, 1, 2, 3, 4, 5, 7, 99, 8191, 8193, Integer.MAX_VALUE, -1, -2, 1 << 31};
    for (int nsid : hostile) {
      boolean active = Arrays.stream(nsids).anyMatch(each -> each == nsid);
      assertThat(table.find(nsid) != null).as("NSID %s", nsid).isEqualTo(active);
    }
    assertThat(table.highestNsid()).isEqualTo(Arrays.stream(nsids).max().orElse(0));
  }
}
