package io.mora.tests.system.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom (ARCHITECTURE.md), and what the data path may not use. */
class ArchitectureTest {
  private static JavaClasses mora;

  @BeforeAll
  static void read() {
    mora =
        new ClassFileImporter()
            // Not those of this module either, some of which are in packages of the others.
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("io.mora");
  }

  private static final String[] DATA_PATH = {
    "io.mora.target.controller.queue",
    "io.mora.target.controller.nvm",
    "io.mora.target.transport",
    "io.mora.target.shard",
    "io.mora.qos",
    "io.mora.qos.host",
    "io.mora.qos.mode",
    "io.mora.protocol.pdu",
    "io.mora.protocol.command",
    "io.mora.protocol.intent",
    "io.mora.initiator.queue"
  };

  @Test
  void protocolStandsAlone() {
    classes()
        .that()
        .resideInAPackage("io.mora.protocol..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.mora.protocol..",
            "io.netty..",
            "org.jspecify..",
            "org.bouncycastle..",
            "java..",
            "javax.crypto..")
        .check(mora);
  }

  @Test
  void onlyHandshakesKnowBouncyCastle() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.mora.protocol.auth.tls..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bouncycastle..")
        .check(mora);
  }

  @Test
  void onlyTheSharedLoopsKnowChannels() {
    noClasses()
        .that()
        .resideInAPackage("io.mora.protocol..")
        .and()
        .resideOutsideOfPackage("io.mora.protocol.net..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty.channel..")
        .check(mora);
  }

  @Test
  void qosIsPure() {
    classes()
        .that()
        .resideInAnyPackage("io.mora.qos", "io.mora.qos.host", "io.mora.qos.mode")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.mora.qos",
            "io.mora.qos.host",
            "io.mora.qos.mode",
            "org.jspecify..",
            "java.lang..",
            "java.util..")
        .check(mora);
  }

  @Test
  void theInitiatorKnowsProtocolAndQosOnly() {
    classes()
        .that()
        .resideInAPackage("io.mora.initiator..")
        .and()
        .resideOutsideOfPackages("io.mora.initiator.vertx", "io.mora.initiator.accelerator.cuda")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.mora.initiator..",
            "io.mora.protocol..",
            "io.mora.qos..",
            "io.netty..",
            "org.slf4j..",
            "org.jspecify..",
            // what the JDK tells of collections, and flight recordings
            "javax.management..",
            "jdk.jfr..",
            "java..")
        .check(mora);
  }

  @Test
  void theCommandLineNeverLinksTheTarget() {
    noClasses()
        .that()
        .resideInAPackage("io.mora.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.mora.target..")
        .check(mora);
  }

  @Test
  void insideTheTargetArrowsPointOneWay() {
    noClasses()
        .that()
        .resideInAPackage("io.mora.target.backend..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.mora.target.transport..", "io.mora.target.controller..")
        .check(mora);
    noClasses()
        .that()
        .resideInAPackage("io.mora.target.controller..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.mora.target.transport..", "io.mora.target.config..")
        .check(mora);
    noClasses()
        .that()
        .resideInAPackage("io.mora.target.controller.queue..")
        .should()
        .dependOnClassesThat(
            inPackageButNot("io.mora.target.controller", "io.mora.target.controller.queue"))
        .check(mora);
    noClasses()
        .that()
        .resideInAPackage("io.mora.target.transport..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.mora.target.backend..")
        .check(mora);
    noClasses()
        .that()
        .resideInAPackage("io.mora.target.subsystem..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.mora.target.controller..", "io.mora.target.transport..")
        .check(mora);
  }

  private static DescribedPredicate<JavaClass> inPackageButNot(String in, String not) {
    return DescribedPredicate.describe(
        "in " + in + " but not in " + not,
        type -> type.getPackageName().startsWith(in) && !type.getPackageName().startsWith(not));
  }

  @Test
  void nativeCallsHaveThreeHomes() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.mora.qos.locality..",
            "io.mora.target.backend.os..",
            "io.mora.initiator.accelerator.cuda")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..")
        .check(mora);
  }

  @Test
  void managementStaysWhereItIs() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.mora.target.admin..", "io.mora.initiator.vertx")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx..")
        .check(mora);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.mora.target.announce..")
        .and()
        .resideOutsideOfPackage("io.mora.tests..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("javax.jmdns..")
        .check(mora);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.mora.target.metrics.prometheus..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.prometheus..")
        .check(mora);
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.mora.target.controller..",
            "io.mora.target.transport..",
            "io.mora.target.shard..",
            "io.mora.target.backend..",
            "io.mora.target.subsystem..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.mora.target.admin..", "io.mora.target.live..")
        .check(mora);
  }

  @Test
  void theDataPathHasNoLocksStreamsOrFormatting() {
    noClasses()
        .that()
        .resideInAnyPackage(DATA_PATH)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.concurrent.locks..", "java.util.stream..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.ConcurrentHashMap")
        .orShould()
        .callMethod(String.class, "format", String.class, Object[].class)
        .orShould()
        .callMethod(String.class, "formatted", Object[].class)
        .because("a shard's thread must not wait, and garbage is counted")
        .check(mora.that(notControl()));
    classes()
        .that()
        .resideInAnyPackage(DATA_PATH)
        .and()
        // Its lock is taken only once the loop has ended.
        .doNotHaveSimpleName("LoopWake")
        .should(
            new ArchCondition<>("have no synchronized method") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                type.getMethods().stream()
                    .filter(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
                    .forEach(
                        method ->
                            events.add(
                                SimpleConditionEvent.violated(method, method.getFullName())));
              }
            })
        .check(mora);
  }

  /** The group of shards is started and stopped by control threads. */
  private static DescribedPredicate<JavaClass> notControl() {
    return DescribedPredicate.describe(
        "not a control class", type -> !type.getSimpleName().startsWith("ShardGroup"));
  }
}
