package dev.weir.ingester;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "dev.weir.ingester", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] DOMAIN = {
    "..ingester.trace..",
    "..ingester.tenant..",
    "..ingester.livetraces..",
    "..ingester.segment..",
    "..ingester.querier..",
    "dev.weir.ingester.backend"
  };

  @ArchTest
  static final ArchRule domain_is_free_of_frameworks =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "io.micronaut..",
              "io.micrometer..",
              "java.net..",
              "dev.weir.app..")
          .because("the domain must run in a plain unit test");

  @ArchTest
  static final ArchRule domain_knows_no_adapter =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..consumer..", "..api..", "..backend.local..", "..application..");

  @ArchTest
  static final ArchRule consumer_knows_no_other_adapter =
      noClasses()
          .that()
          .resideInAPackage("..ingester.consumer..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..ingester.api..", "..backend.local..", "io.micronaut..");

  @ArchTest
  static final ArchRule api_knows_no_other_adapter =
      noClasses()
          .that()
          .resideInAPackage("..ingester.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..ingester.consumer..", "..backend.local..", "org.apache.kafka..");

  @ArchTest
  static final ArchRule backends_know_only_their_contract =
      noClasses()
          .that()
          .resideInAPackage("..backend.local..")
          .should()
          .dependOnClassesThat()
          .resideOutsideOfPackages("java..", "org.jspecify..", "dev.weir.ingester.backend..");

  @ArchTest
  static final ArchRule only_application_knows_backends =
      noClasses()
          .that()
          .resideOutsideOfPackages("..application..", "..backend.local..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..backend.local..");

  @ArchTest
  static final ArchRule packages_form_no_cycle =
      slices().matching("dev.weir.ingester.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule time_comes_in_through_constructors =
      noClasses()
          .that()
          .resideOutsideOfPackage("..application..")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC");

  @ArchTest
  static final ArchRule environment_is_read_by_settings_only =
      noClasses()
          .should()
          .callMethod(System.class, "getProperty", String.class)
          .orShould()
          .callMethod(System.class, "getProperty", String.class, String.class)
          .orShould()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);
}
