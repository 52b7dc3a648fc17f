package dev.belfry.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The house rules that a compiler does not know: which module may see what of which other. */
final class ArchitectureTest {
    private static final String ROOT = "dev.belfry.";

    /** Module to the modules that its main code may use. A module that is not here is an error. */
    private static final Map<String, Set<String>> ARROWS =
            Map.ofEntries(
                    Map.entry("model", Set.of()),
                    Map.entry("testkit", Set.of("model")),
                    Map.entry("receive", Set.of("model")),
                    Map.entry("journal", Set.of("model")),
                    Map.entry("store", Set.of("journal", "model")),
                    Map.entry("query", Set.of("store", "journal", "model")),
                    Map.entry("metadata", Set.of("model")),
                    Map.entry("identity", Set.of("metadata", "model")),
                    Map.entry("ui", Set.of()),
                    Map.entry(
                            "server",
                            Set.of(
                                    "query",
                                    "store",
                                    "journal",
                                    "receive",
                                    "identity",
                                    "metadata",
                                    "ui",
                                    "model")));

    private static final JavaClasses MAIN_CLASSES =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("dev.belfry");

    @Test
    void modules_dependOnlyAlongTheArrows() {
        hold(classes().should(new FollowTheArrows()));
    }

    @Test
    void modules_showOnlyTheirRootPackage() {
        hold(classes().should(new SeeOnlyRootPackages()));
    }

    @Test
    void features_ofAModule_haveNoCycles() {
        hold(slices().matching("dev.belfry.(*).(*)..").should().beFreeOfCycles());
    }

    @Test
    void time_isPassedIn_exceptInServer() {
        hold(
                noClasses()
                        .that(resideOutsideOfPackage("dev.belfry.server.."))
                        .should(callMethod(System.class, "currentTimeMillis"))
                        .orShould(callMethod(Instant.class, "now")));
    }

    @Test
    void clock_isMadeOnlyWhereAllIsComposed() {
        hold(
                noClasses()
                        .that(resideOutsideOfPackage("dev.belfry.server.."))
                        .and(not(name("dev.belfry.query.Engine")))
                        .should(callMethod(Clock.class, "systemUTC"))
                        .orShould(callMethod(Clock.class, "systemDefaultZone"))
                        .orShould(callMethod(Clock.class, "system", ZoneId.class)));
    }

    @Test
    void webServer_isKnownToServerOnly() {
        hold(
                noClasses()
                        .that(resideOutsideOfPackage("dev.belfry.server.."))
                        .should()
                        .dependOnClassesThat(
                                resideInAPackage("com.linecorp.armeria..")
                                        .or(resideInAPackage("io.netty.."))));
    }

    @Test
    void model_needsNothingButTheJdk() {
        hold(
                classes()
                        .that(resideInAPackage("dev.belfry.model.."))
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAPackage("java..")
                                        .or(resideInAPackage("jdk.."))
                                        .or(resideInAPackage("org.jspecify.."))
                                        .or(resideInAPackage("dev.belfry.model.."))));
    }

    @Test
    void packages_areNullMarked() {
        Set<String> unmarked =
                MAIN_CLASSES.stream()
                        .map(JavaClass::getPackage)
                        .filter(owner -> !owner.isAnnotatedWith(NullMarked.class))
                        .map(owner -> owner.getName())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(unmarked).as("packages whose package-info.java lacks @NullMarked").isEmpty();
    }

    private static void hold(ArchRule rule) {
        rule.allowEmptyShould(true).check(MAIN_CLASSES);
    }

    private static String moduleOf(JavaClass type) {
        String name = type.getPackageName() + ".";
        if (!name.startsWith(ROOT)) {
            return "";
        }
        return name.substring(ROOT.length(), name.indexOf('.', ROOT.length()));
    }

    private static boolean crosses(Dependency dependency) {
        String target = moduleOf(dependency.getTargetClass());
        return !target.isEmpty() && !target.equals(moduleOf(dependency.getOriginClass()));
    }

    private static final class FollowTheArrows extends ArchCondition<JavaClass> {
        FollowTheArrows() {
            super("use only the modules that its own module may use");
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            String module = moduleOf(type);
            Set<String> allowed = ARROWS.get(module);
            if (allowed == null) {
                events.add(
                        SimpleConditionEvent.violated(
                                type, type.getName() + " is in unknown module " + module));
                return;
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String target = moduleOf(dependency.getTargetClass());
                if (crosses(dependency) && !allowed.contains(target)) {
                    String message = module + " may not use " + target + ": ";
                    events.add(
                            SimpleConditionEvent.violated(
                                    type, message + dependency.getDescription()));
                }
            }
        }
    }

    private static final class SeeOnlyRootPackages extends ArchCondition<JavaClass> {
        SeeOnlyRootPackages() {
            super("see only the root package of another module (all packages of model)");
        }

        @Override
        public void check(JavaClass type, ConditionEvents events) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                String module = moduleOf(target);
                if (crosses(dependency)
                        && !module.equals("model")
                        && !target.getPackageName().equals(ROOT + module)) {
                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                }
            }
        }
    }
}
