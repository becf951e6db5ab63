package org.dl4jplasticity;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The one-way dependencies: schedulers, layers, the library, experiments; and datasets,
 * experiments.
 */
@AnalyzeClasses(
        packages = "org.dl4jplasticity",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleDependenciesTest {
    private static final String ROOT = "org.dl4jplasticity";
    private static final String[] SCHEDULERS = {ROOT + ".schedule.."};
    private static final String[] LAYERS = {
        ROOT + ".topology..",
        ROOT + ".kernel..",
        ROOT + ".layers..",
        ROOT + ".mask..",
        ROOT + ".dropout..",
        ROOT + ".updater..",
        ROOT + ".adapter..",
        ROOT + ".kan..",
        ROOT + ".transformer.."
    };
    private static final String[] LIBRARY = {
        ROOT + ".sparse..",
        ROOT + ".surgery..",
        ROOT + ".journal..",
        ROOT + ".packing..",
        ROOT + ".pruning..",
        ROOT + ".checkpoint..",
        ROOT + ".growth..",
        ROOT + ".relevance.."
    };
    private static final String[] STATISTICS = {ROOT + ".statistics.."};
    private static final String[] DATASETS = {ROOT + ".datasets.."};
    private static final String[] EXPERIMENTS = {ROOT + ".experiments.."};

    @ArchTest
    static final ArchRule schedulersArePlainJava =
            classes()
                    .that()
                    .resideInAnyPackage(SCHEDULERS)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage("java..", SCHEDULERS[0]);

    @ArchTest
    static final ArchRule layersKnowNoRules =
            noClasses()
                    .that()
                    .resideInAnyPackage(LAYERS)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(join(LIBRARY, DATASETS, EXPERIMENTS));

    @ArchTest
    static final ArchRule theLibraryKnowsNoDataAndNoExperiments =
            noClasses()
                    .that()
                    .resideInAnyPackage(LIBRARY)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(join(DATASETS, EXPERIMENTS));

    @ArchTest
    static final ArchRule statisticsKnowNoDataAndNoExperiments =
            noClasses()
                    .that()
                    .resideInAnyPackage(STATISTICS)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(join(DATASETS, EXPERIMENTS));

    @ArchTest
    static final ArchRule datasetsStandAlone =
            noClasses()
                    .that()
                    .resideInAnyPackage(DATASETS)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(join(SCHEDULERS, LAYERS, LIBRARY, STATISTICS, EXPERIMENTS));

    @ArchTest
    static final ArchRule theLibraryDependsOnDl4jAndNd4jAlone =
            classes()
                    .that()
                    .resideInAnyPackage(join(LAYERS, LIBRARY))
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            join(
                                    SCHEDULERS,
                                    LAYERS,
                                    LIBRARY,
                                    new String[] {
                                        "java..",
                                        "javax.imageio..",
                                        "jdk.incubator.vector..",
                                        "org.slf4j..",
                                        "org.apache.commons.math3.linear..",
                                        "org.deeplearning4j..",
                                        "org.nd4j.linalg..",
                                        "org.nd4j.common..",
                                        "org.nd4j.shade.jackson.."
                                    }));

    @ArchTest
    static final ArchRule nothingButTheVectorKernelsUsesTheIncubatingModule =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + ".kernel.vector..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("jdk.incubator.vector..", ROOT + ".kernel.vector..");

    @ArchTest
    static final ArchRule nothingButTheSearchUsesArbiter =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(ROOT + ".experiments.search..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.deeplearning4j.arbiter..");

    @ArchTest
    static final ArchRule experimentsBuildOnOneAnotherOneWay =
            slices().matching(ROOT + ".experiments.(*)..").should().beFreeOfCycles();

    private static String[] join(String[]... groups) {
        return java.util.Arrays.stream(groups)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
    }
}
