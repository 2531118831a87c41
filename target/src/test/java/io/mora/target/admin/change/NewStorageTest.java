package io.mora.target.admin.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.protocol.admin.Problem;
import io.mora.protocol.admin.TargetSpec;
import io.mora.target.config.ConfigException;
import io.mora.target.config.ConfigFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change is refused for, and what it is not. */
class NewStorageTest {
  @TempDir private Path folder = Path.of("");

  private ConfigFile config(String size, String pool) throws ConfigException {
    String text =
        """
        listeners: [{address: 127.0.0.1}]
        subsystems:
          - nqn: nqn.2026-01.example:a
            pool: {folder: %s, size: %s}
        """
            .formatted(pool, size);
    return ConfigFile.parse("", folder, text);
  }

  @Test
  void aPoolThatIsInForceIsNotLookedAt() throws ConfigException {
    TargetSpec inForce = config("1GiB", "gone").spec();
    assertThat(NewStorage.problems(inForce, config("1GiB", "gone"))).isEmpty();
    assertThat(NewStorage.problems(inForce, config("2GiB", "gone")))
        .extracting(Problem::key)
        .containsExactly("subsystems[0].pool.folder");
    assertThat(NewStorage.problems(inForce, config("1GiB", "elsewhere"))).hasSize(1);
    assertThat(NewStorage.problems(inForce, config("2GiB", "."))).isEmpty();
  }
}
