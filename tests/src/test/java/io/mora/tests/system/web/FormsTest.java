package io.mora.tests.system.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.mora.protocol.Nqn;
import io.mora.protocol.admin.HostSpec;
import io.mora.tests.kit.Served;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Forms that are wrong, or late, or filled in by keys alone; and the configuration's past. */
@Tag("web")
@ExtendWith(Chromium.class)
class FormsTest {
  private static final String NQN = "nqn.2026-01.example:h";
  private static final String HOST = "api/v1/hosts/" + NQN;
  private static final String EDIT = "Edit host " + NQN;

  @TempDir Path folder;
  private WebRig rig;
  private Page page;

  @BeforeEach
  void start() {
    rig =
        new WebRig(
            folder,
            Served.on(1)
                .withMemory(4 << 20, 4096)
                .listening(0)
                .withHosts(List.of(new HostSpec(new Nqn(NQN)))));
    page = rig.desk(WebRig.ADMIN);
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void whatIsWrongIsSaidAtItsField() {
    rig.expectRefusals();
    rig.view(page, "subsystems");
    WebRig.button(page, "Edit namespace 1 of " + Served.SUBSYSTEM).click();
    WebRig.field(page, "Size").fill("12 apples");
    WebRig.answer(page, "Save").click();
    assertThat(WebRig.field(page, "Size")).hasAttribute("aria-invalid", "true");
    assertThat(WebRig.field(page, "Size")).isFocused();
    assertThat(page.locator("[id='e-backend.size']")).containsText("Not a size");
    WebRig.shot(page, "error-at-field");
    WebRig.field(page, "Size").fill("8MiB");
    WebRig.answer(page, "Save").click();
    WebRig.gone(page);
    // One that is folded away is unfolded.
    rig.view(page, "hosts");
    WebRig.button(page, EDIT).click();
    page.getByText("More settings").click();
    WebRig.field(page, "Regions it may register").fill("999");
    page.getByText("More settings").click();
    WebRig.answer(page, "Save").click();
    assertThat(WebRig.field(page, "Regions it may register")).isVisible();
    assertThat(page.locator("#e-slots")).containsText("0 to 255");
    assertThat(rig.api().get(HOST).json().get("slots").asInt()).isZero();
    rig.clean();
  }

  @Test
  void twoOperatorsMeet() {
    rig.expectRefusals();
    rig.view(page, "hosts");
    WebRig.button(page, EDIT).click();
    assertThat(rig.api().put(HOST, "{\"weight\":41,\"iops\":7}").status()).isEqualTo(200);
    WebRig.field(page, "Weight").fill("77");
    WebRig.answer(page, "Save").click();
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("Weight is now 41");
    WebRig.shot(page, "conflict");
    assertThat(rig.api().get(HOST).json().get("weight").asInt()).isEqualTo(41);
    WebRig.answer(page, "Start again from theirs").click();
    assertThat(WebRig.field(page, "Weight")).hasValue("41");
    assertThat(WebRig.field(page, "Rate, commands/s")).hasValue("7");
    WebRig.field(page, "Weight").fill("78");
    // Somebody changes something else meanwhile.
    assertThat(rig.api().put(HOST + "2", "{}").status()).isEqualTo(200);
    WebRig.answer(page, "Save").click();
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("The change was somewhere else");
    WebRig.answer(page, "Save now").click();
    WebRig.gone(page);
    assertThat(rig.api().get(HOST).json().get("weight").asInt()).isEqualTo(78);
    assertThat(rig.api().get(HOST).json().get("iops").asInt()).isEqualTo(7);
    rig.clean();
  }

  @Test
  void theConfigurationsPastAndItsFile() throws IOException {
    assertThat(rig.api().put(HOST, "{\"weight\":41}").status()).isEqualTo(200);
    rig.view(page, "config");
    assertThat(page.locator("main")).containsText("What runs is what is written");
    WebRig.button(page, "Roll back to version 1")
        .or(WebRig.button(page, "Roll back to version 0"))
        .last()
        .click();
    assertThat(page.getByRole(AriaRole.DIALOG)).containsText("weight");
    WebRig.shot(page, "rollback");
    WebRig.answer(page, "Roll back").click();
    WebRig.gone(page);
    assertThat(rig.api().get(HOST).json().get("weight").asInt()).isEqualTo(100);
    // A hand edit is told, shown and taken over.
    Path file = rig.served().file();
    Files.writeString(file, Files.readString(file).replace("weight: 100", "weight: 55"));
    WebRig.button(page, "Read again").click();
    assertThat(page.locator("main .diff")).containsText("55");
    WebRig.shot(page, "config-edited");
    WebRig.button(page, "Take over the file").click();
    assertThat(page.locator("main")).containsText("What runs is what is written");
    assertThat(rig.api().get(HOST).json().get("weight").asInt()).isEqualTo(55);
    rig.clean();
  }

  @Test
  void theTextIsCheckedAsAWhole() {
    rig.expectRefusals();
    rig.view(page, "config");
    WebRig.button(page, "Edit as text").click();
    var text = page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.TEXTBOX);
    String before = text.inputValue();
    text.fill(before.replace("weight: 100", "weight: heavy"));
    WebRig.answer(page, "Check").click();
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("hosts[0].weight");
    text.fill(before.replace("weight: 100", "weight: 12"));
    WebRig.answer(page, "Save").click();
    WebRig.gone(page);
    assertThat(rig.api().get(HOST).json().get("weight").asInt()).isEqualTo(12);
    rig.clean();
  }

  /** From the top of the page to a saved form and out of another, no pointer used. */
  @Test
  void keysAreEnough() {
    page.reload();
    assertThat(page.locator("main h1")).isVisible();
    page.keyboard().press("Tab");
    for (int i = 0; i < 40 && !"Hosts".equals(focused()); i++) {
      page.keyboard().press("Tab");
    }
    page.keyboard().press("Enter");
    assertThat(page.locator("main h1")).hasText("Hosts");
    for (int i = 0; i < 40 && !"Add a host".equals(focused()); i++) {
      page.keyboard().press("Tab");
    }
    page.keyboard().press("Enter");
    assertThat(WebRig.field(page, "Host NQN")).isFocused();
    page.keyboard().type("nqn.2026-01.example:typed");
    page.keyboard().press("Enter");
    WebRig.gone(page);
    assertThat(rig.api().get("api/v1/hosts/nqn.2026-01.example:typed").status()).isEqualTo(200);
    assertThat(WebRig.button(page, "Add a host")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
    page.keyboard().press("Escape");
    WebRig.gone(page);
    assertThat(WebRig.button(page, "Add a host")).isFocused();
    rig.clean();
  }

  private String focused() {
    return (String) page.evaluate("() => document.activeElement.textContent");
  }
}
