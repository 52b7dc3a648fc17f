package dev.belfry.server.access;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.orNull;

import dev.belfry.identity.Identity;
import dev.belfry.identity.Permission;
import dev.belfry.metadata.Settings;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.config.LiveConfig;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonObject;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The configuration in force, and what of it can change while Belfry runs. */
public final class ConfigEndpoints {
    /** What the names of kept changes begin with in the metadata store. */
    public static final String KEPT = "config.";

    private static final String PATH = "/api/v1/monitoring/config";
    private static final String GROUP = "Configuration";
    private static final Shape SETTING =
            object(
                    "ConfigSetting",
                    member("key", Shape.TEXT, ""),
                    member("value", orNull(Shape.TEXT), "As in a file; a secret is masked."),
                    member("default", orNull(Shape.TEXT), ""),
                    member("origin", Shape.TEXT, "default, a file, a variable, a flag, …"),
                    member("changeable", Shape.TRUTH, "Whether it can change without a restart."),
                    member("secret", Shape.TRUTH, ""),
                    member("allowed", Shape.TEXT, "What it may be."),
                    member("description", Shape.TEXT, ""));

    private final LiveConfig config;
    private final Supplier<Identity> identity;
    private final Supplier<Settings> settings;

    /** Endpoints over {@code config}; changes are kept in {@code settings}. */
    public ConfigEndpoints(
            LiveConfig config, Supplier<Identity> identity, Supplier<Settings> settings) {
        this.config = config;
        this.identity = identity;
        this.settings = settings;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access admin = Access.of(Permission.ADMIN);
        return List.of(
                Endpoint.of("GET", PATH, admin, GROUP, "The configuration in force", this::all)
                        .answers(200, list(SETTING)),
                Endpoint.of(
                                "PUT",
                                PATH,
                                admin,
                                GROUP,
                                "Change keys that need no restart; null: as Belfry was started",
                                this::change)
                        .takes(Shape.FREE, "{\"logging.level\":\"debug\"}")
                        .answers(200, list(SETTING)));
    }

    private Reply all(Call call) {
        identity.get().audit().record(call.caller(), "config.read", null, Map.of());
        return answer();
    }

    private Reply change(Call call) {
        byte[] body = Arrays.copyOf(call.bodyBytes(), call.bodyLength());
        if (!(JsonObject.parseValue(body) instanceof Map<?, ?> given)) {
            throw new BelfryException(
                    ErrorCode.VALIDATION_ERROR, "body: is no object (expected: {KEY: VALUE})");
        }
        Map<String, @Nullable Object> wanted = new LinkedHashMap<>();
        given.forEach((name, value) -> wanted.put(String.valueOf(name), value));
        Settings kept = settings.get();
        for (LiveConfig.Changed changed : config.change(wanted)) {
            kept.put(KEPT + changed.name(), changed.to());
            Map<String, @Nullable Object> details = new LinkedHashMap<>();
            details.put("from", changed.from());
            details.put("to", changed.to());
            identity.get()
                    .audit()
                    .record(call.caller(), "config.update", "config:" + changed.name(), details);
        }
        return answer();
    }

    private Reply answer() {
        return Reply.data(
                200,
                text -> {
                    text.array();
                    config.all().forEach(shown -> write(text, shown));
                    text.endArray();
                });
    }

    private static void write(JsonText text, LiveConfig.Shown shown) {
        String fallback = shown.key().defaultText();
        text.object().name("key").text(shown.key().name());
        text.name("value").text(shown.value());
        text.name("default").text(fallback.isEmpty() ? null : fallback);
        text.name("origin").text(shown.origin());
        text.name("changeable").truth(shown.changeable());
        text.name("secret").truth(shown.key().secret());
        text.name("allowed").text(shown.key().type().allowed());
        text.name("description").text(shown.key().description()).endObject();
    }
}
