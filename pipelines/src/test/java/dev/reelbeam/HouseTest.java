package dev.reelbeam;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

/** The small walls of the house; the big ones are the modules' poms. */
@AnalyzeClasses(
    packages = "dev.reelbeam",
    importOptions = {ImportOption.DoNotIncludeTests.class, HouseTest.NoTestFolders.class})
class HouseTest {
  /** Test classes of this build, however the build tool calls their folder. */
  static final class NoTestFolders implements ImportOption {
    @Override
    public boolean includes(com.tngtech.archunit.core.importer.Location location) {
      return !location.contains("/test-classes/") && !location.contains("/tests/");
    }
  }

  @ArchTest
  static final ArchRule nativeMediaLivesInTwoPackages =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.reelbeam.media.codec..", "dev.reelbeam.media.probe..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..")
          .because(
              "whoever holds a native pointer has to free it: two packages know how, and everybody"
                  + " else talks to them in records and files");

  @ArchTest
  static final ArchRule onlyTheDataflowKnowsBeam =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.reelbeam.model..",
              "dev.reelbeam.media..",
              "dev.reelbeam.clients..",
              "dev.reelbeam.embedded..",
              "dev.reelbeam.fakes..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.beam..")
          .because(
              "what draws, speaks and stores can be run from a main and stepped through in a"
                  + " debugger, without a runner");

  @ArchTest
  static final ArchRule theModelShowsJsonInOnePlace =
      noClasses()
          .that()
          .resideInAPackage("dev.reelbeam.model..")
          .and()
          .resideOutsideOfPackage("dev.reelbeam.model.json..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml.jackson..")
          .because("there is one JSON form of a record, and RecordJson is the one who knows it");

  @ArchTest
  static final ArchRule jodaStaysAtBeamsDoor =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.reelbeam.stages..", "dev.reelbeam.connectors..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.joda.time..")
          .because("the house speaks java.time; Joda appears only where Beam asks for it");

  @ArchTest
  static final ArchRule stagesNeverMeetTheOutsideWorld =
      noClasses()
          .that()
          .resideInAPackage("dev.reelbeam.stages..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.reelbeam.clients..",
              "dev.reelbeam.connectors..",
              "dev.reelbeam.embedded..",
              "dev.reelbeam.fakes..")
          .because(
              "stages know the ports in model; pipelines introduces them to whoever answers, so a"
                  + " new provider touches no stage");

  @ArchTest
  static final ArchRule theOutsideWorldNeverMeetsStages =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.reelbeam.clients..",
              "dev.reelbeam.connectors..",
              "dev.reelbeam.embedded..",
              "dev.reelbeam.fakes..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.reelbeam.stages..", "dev.reelbeam.media..")
          .because("a provider answers a port of model; who asks, and what for, is not its affair");

  @ArchTest
  static final ArchRule theModelKnowsNobody =
      noClasses()
          .that()
          .resideInAPackage("dev.reelbeam.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.reelbeam.media..",
              "dev.reelbeam.stages..",
              "dev.reelbeam.clients..",
              "dev.reelbeam.connectors..",
              "dev.reelbeam.embedded..",
              "dev.reelbeam.fakes..",
              "dev.reelbeam.pipelines..")
          .because("model says what things are; it is the ground that everybody stands on");

  @ArchTest
  static final ArchRule mediaKnowsOnlyTheModel =
      noClasses()
          .that()
          .resideInAPackage("dev.reelbeam.media..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.reelbeam.stages..",
              "dev.reelbeam.clients..",
              "dev.reelbeam.connectors..",
              "dev.reelbeam.embedded..",
              "dev.reelbeam.fakes..",
              "dev.reelbeam.pipelines..",
              "java.net.http..",
              "okhttp3..")
          .because("media draws what it is told to draw, with no network and no dataflow");

  @ArchTest
  static final ArchRule nobodyUsesPipelines =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.reelbeam.pipelines..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.reelbeam.pipelines..")
          .because("pipelines is the roof: it introduces everybody, and nothing stands on it");

  @ArchTest
  static final ArchRule onlyTheCommandLineEndsTheProcess =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.reelbeam.pipelines.Reelbeam")
          .should()
          .callMethod(System.class, "exit", int.class)
          .because("a worker that calls exit takes the work of everybody else with it");

  @ArchTest
  static final ArchRule onlyTheCommandLineWritesToTheConsole =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.reelbeam.pipelines.Reelbeam")
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
          .because("a line on standard output would end up in the middle of the progress");

  @ArchTest
  static final ArchRule failuresAreNumbered =
      classes()
          .that()
          .areAssignableTo(Exception.class)
          .and()
          .areNotAssignableTo(RuntimeException.class)
          .and()
          .arePublic()
          .and()
          .resideInAnyPackage(
              "dev.reelbeam.model..",
              "dev.reelbeam.stages..",
              "dev.reelbeam.clients..",
              "dev.reelbeam.connectors..",
              "dev.reelbeam.embedded..")
          .should()
          .beAssignableTo("dev.reelbeam.model.failure.StageException")
          .because("whoever is on call reads a number and a remedy, not a stack trace");

  @ArchTest static final ArchRule mediaHasNoCycles = withoutCycles("media");

  @ArchTest static final ArchRule stagesHaveNoCycles = withoutCycles("stages");

  @ArchTest static final ArchRule clientsHaveNoCycles = withoutCycles("clients");

  @ArchTest static final ArchRule embeddedHasNoCycles = withoutCycles("embedded");

  @ArchTest static final ArchRule pipelinesHasNoCycles = withoutCycles("pipelines");

  @ArchTest
  static final ArchRule modelHasNoCycles =
      slices()
          .matching("dev.reelbeam.model.(*)..")
          .should()
          .beFreeOfCycles()
          .because("description below, door on top: a package can be read without its users");

  private static ArchRule withoutCycles(String module) {
    return slices()
        .matching("dev.reelbeam." + module + ".(*)..")
        .should()
        .beFreeOfCycles()
        .because("description below, door on top: a package can be read without its users");
  }
}
