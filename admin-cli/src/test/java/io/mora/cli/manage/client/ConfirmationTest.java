package io.mora.cli.manage.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mora.cli.CliException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfirmationTest {
  private final StringWriter said = new StringWriter();

  private void ask(String answer, boolean terminal) {
    Confirmation.ask(new PrintWriter(said), new StringReader(answer), terminal, "It goes.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"y\n", "Yes\n", " y "})
  void yesGoesOn(String answer) {
    assertThatCode(() -> ask(answer, true)).doesNotThrowAnyException();
    assertThat(said).hasToString("It goes." + System.lineSeparator() + "Go on? [y/N] ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "n\n", "yep\n"})
  void anythingElseChangesNothing(String answer) {
    assertThatThrownBy(() -> ask(answer, true)).hasMessage("nothing was changed");
  }

  @Test
  void nobodyIsAskedWhereNobodyIs() {
    assertThatThrownBy(() -> ask("y\n", false))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--yes");
    assertThat(said.toString()).isEmpty();
  }
}
