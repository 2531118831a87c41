package io.mora.tests.system.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.mora.tests.kit.Repository;
import io.mora.tests.kit.spec.ClaimTable;
import io.mora.tests.kit.spec.CoveringTest;
import io.mora.tests.kit.spec.CoveringTests;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * docs/SPEC.md claims nothing that no test tries: it is made of {@code spec/claims.md} and of the
 * {@link io.mora.tests.kit.spec.Covers} of the tests.
 *
 * <p>After a change of either, run this test with {@code -Dmora.writeDocs=true} to write it.
 */
class SpecReferenceTest {
  private static final Path DOCUMENT = Repository.root().resolve("docs/SPEC.md");
  private static final Path CLAIMS =
      Repository.root().resolve("tests/src/test/resources/spec/claims.md");

  /** Whose tests all try a claim. */
  private static final String CONFORMANCE = "io.mora.tests.system.conformance";

  private final ClaimTable claims = new ClaimTable(Files.readString(CLAIMS));
  private final List<CoveringTest> tests = tests();

  SpecReferenceTest() throws IOException {}

  private static List<CoveringTest> tests() {
    try {
      Path classes =
          Path.of(
              SpecReferenceTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return CoveringTests.in(classes, SpecReferenceTest.class.getClassLoader());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void everyClaimIsTried() {
    Set<String> untried = new TreeSet<>(claims.claims().keySet());
    tests.forEach(test -> untried.removeAll(test.claims()));
    assertThat(claims.claims()).hasSizeGreaterThan(40);
    assertThat(untried).as("keys of claims.md that no test has in its @Covers").isEmpty();
  }

  @Test
  void everyCoveredClaimIsMade() {
    assertThat(tests)
        .hasSizeGreaterThan(100)
        .allSatisfy(
            test ->
                assertThat(claims.claims().keySet())
                    .as("%s: @Covers names a key that claims.md does not have", test)
                    .containsAll(test.claims()));
  }

  @Test
  void everyConformanceTestTriesAClaim() {
    assertThat(tests)
        .filteredOn(test -> test.type().getName().startsWith(CONFORMANCE))
        .hasSizeGreaterThan(100)
        .allSatisfy(test -> assertThat(test.claims()).as("%s has no @Covers", test).isNotEmpty());
  }

  @Test
  void theDocumentIsMadeOfThem() throws IOException {
    String document = claims.document(tests);
    if (Boolean.getBoolean("mora.writeDocs")) {
      Files.writeString(DOCUMENT, document);
    }
    assertThat(Files.readString(DOCUMENT))
        .as("run with -Dmora.writeDocs=true to write it")
        .isEqualTo(document);
  }
}
