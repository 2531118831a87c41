package io.mora.tests.system.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.mora.initiator.Association;
import io.mora.initiator.ConnectOptions;
import io.mora.initiator.RemoteNamespace;
import io.mora.protocol.Nqn;
import io.mora.protocol.TransportAddress;
import io.mora.protocol.admin.DiscoverySpec;
import io.mora.protocol.admin.TargetSpec;
import io.mora.tests.kit.Evidence;
import io.mora.tests.kit.Guest;
import io.mora.tests.kit.InitiatorFixture;
import io.mora.tests.kit.Served;
import io.mora.tests.kit.Waiting;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A target that serves nothing becomes a disk, and nothing again, by the page alone. */
@Tag("web")
@ExtendWith(Chromium.class)
class PageFromNothingTest {
  private static final String NQN = "nqn.2026-11.io.mora:made";
  private static final int BYTES = 64 << 10;
  private static final int BLOCK = 4096;

  @RegisterExtension final Evidence evidence = new Evidence();

  @TempDir Path folder;
  private WebRig rig;

  @BeforeEach
  void start() {
    TransportAddress anyPort = new TransportAddress("127.0.0.1", 0);
    TargetSpec nothing = Served.on(1).listening(0).withSubsystems(List.of());
    rig =
        new WebRig(
            folder,
            nothing
                .withListeners(List.of())
                .withDiscovery(new DiscoverySpec(List.of(anyPort), "")));
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void aDiskIsMadeUsedAndTakenAway() {
    Page page = rig.desk(WebRig.ADMIN);
    rig.view(page, "subsystems");
    assertThat(page.locator("main")).containsText("Nothing is served yet");
    WebRig.shot(page, "from-nothing-1");
    TransportAddress address = listen(page);
    create(page);
    WebRig.shot(page, "from-nothing-2");
    try (InitiatorFixture host = InitiatorFixture.start()) {
      Association association = host.connect(options(address));
      use(association.namespace(1));
      edit(page);
      String namespaces = "api/v1/subsystems/" + NQN + "/namespaces";
      assertThat(rig.api().get(namespaces).json().at("/namespaces/0/backend/size").asText())
          .isEqualTo("16MiB");
      disconnect(page);
    }
    remove(page);
    rig.clean();
  }

  @Test
  @Tag("interop")
  void aLinuxHostUsesTheDisk() {
    Guest.require();
    Page page = rig.desk(WebRig.ADMIN);
    rig.view(page, "subsystems");
    TransportAddress address = listen(page);
    create(page);
    Guest guest =
        evidence.closing(
            Guest.start(
                evidence.keep(),
                List.of("--timeout", "300"),
                "host-made.sh",
                address.port(),
                NQN,
                8 << 20));
    assertThat(guest.end()).isZero();
    assertThat(guest.printed("FAIL")).isEmpty();
    rig.clean();
  }

  private static ConnectOptions options(TransportAddress address) {
    return ConnectOptions.to(address, new Nqn(NQN)).build();
  }

  private static TransportAddress listen(Page page) {
    WebRig.button(page, "Add a listener").click();
    WebRig.field(page, "Address").fill("127.0.0.1");
    WebRig.field(page, "Port").fill("0");
    page.getByText("More settings").click();
    WebRig.field(page, "What names are worth here").selectOption("claimed");
    WebRig.answer(page, "Create").click();
    WebRig.gone(page);
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Listeners")).click();
    Locator bound = page.locator("main tbody th .mono");
    assertThat(bound).hasText(Pattern.compile("127\\.0\\.0\\.1:[1-9][0-9]+"));
    String text = bound.textContent();
    return new TransportAddress(
        "127.0.0.1", Integer.parseInt(text.substring(text.lastIndexOf(':') + 1)));
  }

  private static void create(Page page) {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Subsystems")).click();
    WebRig.button(page, "Create a subsystem").click();
    WebRig.field(page, "NQN").fill(NQN);
    WebRig.field(page, "Any host may connect").check();
    assertThat(WebRig.field(page, "Allowed hosts")).isHidden();
    WebRig.answer(page, "Create").click();
    WebRig.gone(page);
    assertThat(page.locator("main")).containsText("No namespace yet");
    WebRig.button(page, "Add a namespace").click();
    WebRig.field(page, "Size").fill("8MiB");
    WebRig.field(page, "Class without intent").selectOption("interactive");
    WebRig.answer(page, "Create").click();
    WebRig.gone(page);
    assertThat(page.locator("main tbody tr")).containsText("interactive");
  }

  private static void use(RemoteNamespace namespace) {
    byte[] data = new byte[BYTES];
    new Random(20261122).nextBytes(data);
    ByteBuffer out = ByteBuffer.allocateDirect(BYTES).put(data).flip();
    Waiting.get(namespace.write(0, BYTES / BLOCK, out));
    ByteBuffer in = ByteBuffer.allocateDirect(BYTES);
    Waiting.get(namespace.read(0, BYTES / BLOCK, in));
    in.clear();
    byte[] read = new byte[BYTES];
    in.get(read);
    assertThat(read).isEqualTo(data);
  }

  private static void edit(Page page) {
    WebRig.button(page, "Edit namespace 1 of " + NQN).click();
    WebRig.field(page, "Size").fill("16MiB");
    WebRig.field(page, "Class without intent").selectOption("");
    WebRig.answer(page, "Save").click();
    WebRig.gone(page);
    assertThat(page.locator("main tbody tr")).containsText("16\u2009MiB");
    assertThat(page.locator("main tbody tr")).not().containsText("interactive");
  }

  private void disconnect(Page page) {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Connections")).click();
    assertThat(page.locator("main tbody tr")).hasCount(1);
    page.locator("main tbody tr button").click();
    WebRig.answer(page, "Disconnect").click();
    WebRig.gone(page);
    assertThat(page.locator("main")).containsText("No host is connected");
    Waiting.until("nobody is connected", () -> rig.served().target().connections() == 0);
  }

  private void remove(Page page) {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Subsystems")).click();
    WebRig.button(page, "Delete namespace 1 of " + NQN).click();
    WebRig.answer(page, "Cancel").click();
    WebRig.gone(page);
    assertThat(rig.served().target().spec().subsystems().get(0).namespaces()).hasSize(1);
    WebRig.button(page, "Delete namespace 1 of " + NQN).click();
    assertThat(page.getByRole(AriaRole.DIALOG)).containsText("What is in memory is lost");
    WebRig.answer(page, "Delete namespace").click();
    WebRig.gone(page);
    assertThat(page.locator("main")).containsText("No namespace yet");
    WebRig.button(page, "Delete subsystem " + NQN).click();
    WebRig.answer(page, "Delete subsystem").click();
    WebRig.gone(page);
    assertThat(page.locator("main")).containsText("Nothing is served yet");
    assertThat(rig.served().target().spec().subsystems()).isEmpty();
  }
}
