package io.kindling.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.kindling.KindlingException;
import io.kindling.op.Op;

/**
 * The directions between modules and packages. This module sees all others, so the rules live here.
 */
@AnalyzeClasses(
    packages = "io.kindling",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
  /** Other modules' tests come as jars, which the usual option does not see. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static final String[] CORE = {
    "io.kindling",
    "io.kindling.amp..",
    "io.kindling.autograd..",
    "io.kindling.backend..",
    "io.kindling.distributed..",
    "io.kindling.graph..",
    "io.kindling.io..",
    "io.kindling.memory..",
    "io.kindling.nn..",
    "io.kindling.op..",
    "io.kindling.optim..",
    "io.kindling.tensor.."
  };

  @ArchTest
  static final ArchRule coreKnowsNoModuleAboveIt =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.kindling.data..",
              "io.kindling.spark..",
              "io.kindling.jobs..",
              "io.kindling.examples..",
              "org.apache..",
              "scala..");

  @ArchTest
  static final ArchRule dataKnowsNoSpark =
      noClasses()
          .that()
          .resideInAPackage("io.kindling.data..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.kindling.spark..",
              "io.kindling.jobs..",
              "io.kindling.examples..",
              "org.apache.spark..",
              "scala..");

  @ArchTest
  static final ArchRule connectorKnowsNoJobs =
      noClasses()
          .that()
          .resideInAPackage("io.kindling.spark..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.kindling.jobs..", "io.kindling.examples..");

  @ArchTest
  static final ArchRule jobsKnowNoExamples =
      noClasses()
          .that()
          .resideInAPackage("io.kindling.jobs..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.kindling.examples..");

  @ArchTest
  static final ArchRule opsKnowNoNetworks =
      noClasses()
          .that()
          .resideInAnyPackage("io.kindling.op..", "io.kindling.tensor..", "io.kindling.memory..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.kindling.nn..",
              "io.kindling.optim..",
              "io.kindling.io..",
              "io.kindling.distributed..");

  @ArchTest
  static final ArchRule memoryKnowsNoTensor =
      noClasses()
          .that()
          .resideInAPackage("io.kindling.memory..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.kindling.tensor..", "io.kindling.op..", "io.kindling.autograd..");

  @ArchTest
  static final ArchRule nativeCodeStaysInItsBackend =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.kindling.backend.cpu.onednn..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bytedeco..", "com.sun.jna..");

  @ArchTest
  static final ArchRule oneClassTouchesUnsafe =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.kindling.memory.OffHeap")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("sun.misc.Unsafe");

  @ArchTest
  static final ArchRule operationsAreRecordsOrFamilies =
      classes().that().implement(Op.class).and().areNotInterfaces().should(beRecords());

  @ArchTest
  static final ArchRule exceptionsAreOneFamily =
      classes()
          .that()
          .areAssignableTo(RuntimeException.class)
          .should()
          .beAssignableTo(KindlingException.class);

  private static ArchCondition<JavaClass> beRecords() {
    return new ArchCondition<>("be records, so that their attributes can be shown and stored") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!type.isRecord()) {
          events.add(SimpleConditionEvent.violated(type, type.getName() + " is no record"));
        }
      }
    };
  }
}
