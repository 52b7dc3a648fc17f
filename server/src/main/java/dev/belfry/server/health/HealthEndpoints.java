package dev.belfry.server.health;

import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.optional;

import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Health, readiness, liveness. */
public final class HealthEndpoints {
    private static final String GROUP = "Health";
    private static final String HOW = "How all parts are; 503 when one is down";
    private static final String READY =
            "Whether it takes and answers: recovered, migrated, first append done";
    private static final String LIVE = "Whether the process is alive; looks at nothing outside";

    private static final Shape STATUS = Shape.oneOf("UP", "DEGRADED", "DOWN");
    private static final Shape REPORT =
            object(
                    "Health",
                    member("status", STATUS, "The worst of the parts."),
                    optional("core_status", Shape.oneOf("healthy", "degraded", "unhealthy"), ""),
                    optional("checks", Shape.FREE, "Each part's status: UP, DEGRADED or DOWN."),
                    optional(
                            "problems", Shape.FREE, "What is wrong with each part that is not UP."),
                    optional("problem", Shape.TEXT, ""),
                    member("timestamp", Shape.TIME, ""));

    private final Health health;
    private final Supplier<Check> readiness;
    private final Supplier<Check> liveness;
    private final InstantSource clock;

    /** Endpoints over the given checks. */
    public HealthEndpoints(
            Health health,
            Supplier<Check> readiness,
            Supplier<Check> liveness,
            InstantSource clock) {
        this.health = health;
        this.readiness = readiness;
        this.liveness = liveness;
        this.clock = clock;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        return List.of(
                raw("/api/v1/health", HOW, this::all),
                raw("/health", HOW, this::all),
                raw("/api/v1/monitoring/health", HOW, this::all),
                raw("/api/v1/health/ready", READY, _ -> one(readiness.get())),
                raw("/health/ready", READY, _ -> one(readiness.get())),
                raw("/api/v1/health/live", LIVE, _ -> one(liveness.get())),
                raw("/health/live", LIVE, _ -> one(liveness.get())));
    }

    private static Endpoint raw(String path, String summary, Endpoint.Handler handler) {
        return Endpoint.of("GET", path, Access.PUBLIC, GROUP, summary, handler)
                .answersRaw(200, REPORT)
                .hushed();
    }

    private Reply all(Call call) {
        Health.Report report = health.report();
        JsonText text = new JsonText(512);
        write(text, report);
        return Reply.json(status(report.status()), text);
    }

    private Reply one(Check check) {
        JsonText text = new JsonText(128).object().name("status").text(check.status().name());
        if (check.problem() != null) {
            text.name("problem").text(check.problem());
        }
        text.name("timestamp").text(clock.instant().toString());
        return Reply.json(status(check.status()), text.endObject());
    }

    private void write(JsonText text, Health.Report report) {
        text.object().name("status").text(report.status().name());
        text.name("core_status").text(report.coreStatus()).name("checks").object();
        report.checks().forEach((name, check) -> text.name(name).text(check.status().name()));
        text.endObject().name("problems").object();
        report.checks()
                .forEach((name, check) -> {
                    if (check.problem() != null) {
                        text.name(name).text(check.problem());
                    }
                });
        text.endObject().name("timestamp").text(clock.instant().toString()).endObject();
    }

    private static int status(Check.Status status) {
        return status == Check.Status.DOWN ? 503 : 200;
    }
}
