package dev.weir.audit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** An audit that shared code with what it audits would repeat its mistakes. */
@AnalyzeClasses(packages = "dev.weir.audit", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule recount_is_independent =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.weir.streams..",
              "dev.weir.schemas.otlp..",
              "dev.weir.schemas.delta..",
              "dev.weir.schemas.layout..");

  @ArchTest
  static final ArchRule domain_is_plain_java =
      noClasses()
          .that()
          .resideInAnyPackage("..books..", "..recount..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "java.net.http..");

  @ArchTest
  static final ArchRule packages_have_no_cycles =
      slices().matching("dev.weir.audit.(*)..").should().beFreeOfCycles();
}
