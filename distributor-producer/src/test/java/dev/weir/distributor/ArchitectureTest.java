package dev.weir.distributor;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.weir.distributor.publisher.KafkaSpanLog;
import dev.weir.distributor.receiver.grpc.GrpcReceiver;
import dev.weir.distributor.receiver.http.OtlpHttp;
import java.time.Instant;

@AnalyzeClasses(
    packages = "dev.weir.distributor",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] DOMAIN = {
    "..distributor.distribution..", "..distributor.validation.."
  };
  private static final String GRPC = "..distributor.receiver.grpc..";
  private static final String HTTP = "..distributor.receiver.http..";
  private static final String PUBLISHER = "..distributor.publisher..";

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
              "io.grpc..",
              "com.google.protobuf..",
              "java.net.http..")
          .because("the domain must run in a plain unit test");

  @ArchTest
  static final ArchRule domain_knows_no_adapter =
      noClasses()
          .that()
          .resideInAnyPackage(DOMAIN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..distributor.receiver..",
              PUBLISHER,
              "..distributor.config..",
              "..distributor.telemetry..",
              "..distributor.application..")
          .because("adapters depend on the domain");

  @ArchTest
  static final ArchRule grpc_knows_no_other_adapter =
      noClasses()
          .that()
          .resideInAPackage(GRPC)
          .should()
          .dependOnClassesThat(resideInAnyPackage(HTTP, PUBLISHER))
          .because("each technology can be replaced alone");

  @ArchTest
  static final ArchRule http_knows_no_other_adapter =
      noClasses()
          .that()
          .resideInAPackage(HTTP)
          .should()
          .dependOnClassesThat(resideInAnyPackage(GRPC, PUBLISHER))
          .because("each technology can be replaced alone");

  @ArchTest
  static final ArchRule publisher_knows_no_other_adapter =
      noClasses()
          .that()
          .resideInAPackage(PUBLISHER)
          .should()
          .dependOnClassesThat(resideInAPackage("..distributor.receiver.."))
          .because("each technology can be replaced alone");

  @ArchTest
  static final ArchRule only_the_application_constructs_adapters =
      noClasses()
          .that()
          .resideOutsideOfPackage("..distributor.application..")
          .and()
          .areNotAssignableFrom(KafkaSpanLog.class)
          .should()
          .callConstructorWhere(
              target(owner(belongToAnyOf(KafkaSpanLog.class, GrpcReceiver.class, OtlpHttp.class))))
          .because("there is one composition root");

  @ArchTest
  static final ArchRule only_the_application_asks_the_system_for_time_or_settings =
      noClasses()
          .that()
          .resideOutsideOfPackage("..distributor.application..")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getProperty", String.class)
          .because("time and settings come in through constructors");

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices().matching("dev.weir.distributor.(**)").should().beFreeOfCycles();
}
