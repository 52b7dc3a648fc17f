package dev.belfry.server.series;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.series.LabelMatcher;
import dev.belfry.model.series.Labels;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What series are about. */
enum MetricGroup {
    /** The process and its machine: Belfry's own. */
    SYSTEM,
    /** What Belfry does: its own. */
    APPLICATION,
    /** What clients sent and targets gave. */
    CUSTOM;

    /** The parameter that names one. */
    static final Parameter PARAMETER =
            Parameter.of(
                    "group",
                    Shape.oneOf("system", "application", "custom"),
                    "Only these: Belfry's own of its process, of its work; what was sent.",
                    "custom");

    /** The job of Belfry's own series, which stand at /metrics too. */
    private static final String OWN_JOB = "belfry";

    private static final Pattern SYSTEM_NAME = Pattern.compile("(process|jvm)_.*");

    /**
     * The one that {@code call} asks for.
     *
     * @throws BelfryException VALIDATION_ERROR when it names none
     */
    static Optional<MetricGroup> of(Call call) {
        return call.parameter("group").map(MetricGroup::parse);
    }

    private static MetricGroup parse(String text) {
        for (MetricGroup each : values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new BelfryException(
                ErrorCode.VALIDATION_ERROR,
                "group: " + text + " (expected: system, application or custom)");
    }

    /** Whether its series are Belfry's own. */
    boolean isOwn() {
        return this != CUSTOM;
    }

    /** The condition on jobs. */
    LabelMatcher job() {
        return isOwn() ? LabelMatcher.equal("job", OWN_JOB) : LabelMatcher.notEqual("job", OWN_JOB);
    }

    /** What its series pass. */
    List<LabelMatcher> matchers() {
        LabelMatcher.Operator operator =
                this == SYSTEM ? LabelMatcher.Operator.MATCH : LabelMatcher.Operator.NOT_MATCH;
        return isOwn()
                ? List.of(
                        job(),
                        new LabelMatcher(
                                Labels.NAME,
                                operator,
                                SYSTEM_NAME.pattern(),
                                List.of(),
                                name -> SYSTEM_NAME.matcher(name).matches()))
                : List.of(job());
    }
}
