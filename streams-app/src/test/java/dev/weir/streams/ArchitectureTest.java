package dev.weir.streams;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom, as ARCHITECTURE.md draws it. */
@AnalyzeClasses(packages = "dev.weir.streams", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String[] DOMAIN = {
    "..filter..",
    "..series..",
    "..weight..",
    "..spanmetrics..",
    "..servicegraph..",
    "..hostinfo..",
    "..aggregate..",
    "..cardinality..",
    "..drain..",
    "..merge..",
    "..outbox..",
    "..rewrite..",
    "..overrides.."
  };

  @ArchTest
  static final ArchRule domain_is_plain_java =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "io.micronaut..",
              "org.rocksdb..",
              "okhttp3..",
              "io.micrometer..")
          .because("what is exact must run in a plain unit test, over any interleaving");

  @ArchTest
  static final ArchRule domain_does_not_know_its_users =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.weir.streams.processor..",
              "dev.weir.streams.state..",
              "dev.weir.streams.topology..",
              "dev.weir.streams.remotewrite..",
              "dev.weir.streams.idlemark..",
              "dev.weir.streams.overrideslog..",
              "dev.weir.streams.api..",
              "dev.weir.streams.config..",
              "dev.weir.streams.telemetry..",
              "dev.weir.streams.application..");

  @ArchTest
  static final ArchRule adapters_do_not_know_each_other =
      noClasses()
          .that()
          .resideInAPackage("dev.weir.streams.remotewrite..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.weir.streams.processor..",
              "dev.weir.streams.state..",
              "dev.weir.streams.idlemark..",
              "dev.weir.streams.topology..");

  @ArchTest
  static final ArchRule only_the_hook_touches_internals_of_kafka_streams =
      noClasses()
          .that()
          .doNotHaveSimpleName("CommitHook")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka.streams.processor.internals..",
              "org.apache.kafka.streams.state.internals..");

  @ArchTest
  static final ArchRule only_edges_read_the_clock_and_the_environment =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.weir.streams.application..")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .because("time and surroundings come in through the constructor");

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices().matching("dev.weir.streams.(*)..").should().beFreeOfCycles();
}
