package io.mora.target.admin.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.mora.target.admin.http.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static List<String> between(String before, String after) throws JsonProcessingException {
    return Difference.between(Json.read(before), Json.read(after)).stream()
        .map(Difference::toString)
        .toList();
  }

  @Test
  void namesEntriesByWhatNamesThem() throws JsonProcessingException {
    assertThat(
            between(
                "{\"subsystems\":[{\"nqn\":\"a\",\"namespaces\":[{\"nsid\":1,\"x\":1}]},{\"nqn\":\"b\"}]}",
                "{\"subsystems\":[{\"nqn\":\"c\"},{\"nqn\":\"a\",\"namespaces\":[{\"nsid\":1,\"x\":2}]}]}"))
        .containsExactly(
            "subsystems[a].namespaces[1].x: 1 -> 2",
            "subsystems[b] removed",
            "subsystems[c] added");
  }

  @Test
  void listsWithoutNamesAreComparedWhole() throws JsonProcessingException {
    assertThat(between("{\"cpus\":[1,2]}", "{\"cpus\":[2,1]}"))
        .containsExactly("cpus: [1,2] -> [2,1]");
    assertThat(between("{\"cpus\":\"auto\"}", "{\"cpus\":[0]}"))
        .containsExactly("cpus: \"auto\" -> [0]");
  }

  @Test
  void listenersAreNamedByAddressAndPort() throws JsonProcessingException {
    assertThat(
            between(
                "{\"listeners\":[{\"address\":\"::1\",\"port\":1}]}",
                "{\"listeners\":[{\"address\":\"::1\",\"port\":2}]}"))
        .containsExactly("listeners[[::1]:1] removed", "listeners[[::1]:2] added");
  }

  @Test
  void equalIsNothing() throws JsonProcessingException {
    assertThat(between("{\"a\":{\"b\":[]}}", "{\"a\":{\"b\":[]}}")).isEmpty();
  }
}
