package dev.reelbeam.pipelines.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

/** The walls of this module, which the house's own test does not see; Beam's jars are left out. */
@AnalyzeClasses(
    packages = {"dev.reelbeam.pipelines.job", "org.apache.beam"},
    importOptions = {ImportOption.DoNotIncludeTests.class, ImportOption.DoNotIncludeJars.class})
class JobHouseTest {
  @ArchTest
  static final ArchRule amongBeamsClassesAreOnlyThoseNamedHere =
      classes()
          .that()
          .resideInAPackage("org.apache.beam..")
          .should()
          .haveNameMatching(
              "org\\.apache\\.beam\\."
                  + "(runners\\.flink\\.(PoolSizes|PooledFlinkOptions|PooledFlinkRunner|StateLeftBehind)"
                  + "|runners\\.direct\\.PacedDirectRunner|sdk\\.io\\.kafka\\.KafkaSources)(\\$.*)?")
          .because(
              "each needs what Beam keeps to a package; whatever else we need of it stays out");

  @ArchTest
  static final ArchRule jobsHoldNoNativeMedia =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..")
          .because("two packages of media know how to free a native pointer, and nobody else");

  @ArchTest
  static final ArchRule oneClassWritesToTheConsole =
      noClasses()
          .that()
          .doNotHaveSimpleName("ConsoleOfMain")
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
          .because(
              "on a worker nobody reads a console, and a submitting client's lines are parsed");
}
