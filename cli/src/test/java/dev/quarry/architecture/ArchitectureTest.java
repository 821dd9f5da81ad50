package dev.quarry.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The sentences of docs/ARCHITECTURE.md that a build can check.
class ArchitectureTest {
  private static final JavaClasses QUARRY =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.quarry");

  @Test
  void noPackageLiesInACycle() {
    slices().matching("dev.quarry.(**)").should().beFreeOfCycles().check(QUARRY);
  }

  @Test
  void errorsImportNothingOfQuarry() {
    noClasses()
        .that()
        .resideInAPackage("dev.quarry.error")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.quarry", "dev.quarry.storage..", "dev.quarry.graph..")
        .check(QUARRY);
  }

  @Test
  void storageKnowsNothingAbove() {
    noClasses()
        .that()
        .resideInAPackage("dev.quarry.storage..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.quarry", "dev.quarry.graph..", "dev.quarry.cli..")
        .check(QUARRY);
  }

  @Test
  void graphKnowsNothingAbove() {
    noClasses()
        .that()
        .resideInAPackage("dev.quarry.graph..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.quarry", "dev.quarry.cli..")
        .check(QUARRY);
  }

  @Test
  void onlyOnePackageTouchesRawMemory() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.quarry.storage.memory", "dev.quarry.storage.io")
        .and()
        .doNotHaveFullyQualifiedName("dev.quarry.storage.checkpoint.FilePages")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.foreign", "net.openhft..", "sun.misc")
        .check(QUARRY);
  }

  @Test
  void theDiskMapsAndDoesNothingElseWithSegments() {
    noClasses()
        .that()
        .resideInAPackage("dev.quarry.storage.io")
        .and()
        .doNotHaveSimpleName("RealFile")
        .and()
        .doNotHaveSimpleName("DiskFile")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign")
        .check(QUARRY);
  }
}
