package dev.belfry.server.receive;

import dev.belfry.identity.Permission;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.HecEvents;
import dev.belfry.receive.HecFault;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Dialect;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import java.util.ArrayList;
import java.util.List;

/** Takes in what senders give to Splunk's HTTP Event Collector. */
public final class SplunkEndpoints {
    private static final Access WRITERS = Access.of(Permission.EVENTS_WRITE);
    private static final Dialect DIALECT = new SplunkDialect();
    private static final String GROUP = "Splunk";
    private static final String EXAMPLE =
            """
            {"time":1769248800.5,"host":"web-1","source":"shop","event":{"message":"timed out"}}\
            """;
    private static final List<Parameter> METADATA =
            List.of(
                    Parameter.of("host", Shape.TEXT, "Of events that name none.", "web-1"),
                    Parameter.of("source", Shape.TEXT, "Of events that name none.", "shop"),
                    Parameter.of("sourcetype", Shape.TEXT, "Of events that name none.", "_json"),
                    Parameter.of("index", Shape.TEXT, "Of events that name none.", "main"),
                    Parameter.of("time", Shape.TEXT, "Epoch seconds, as above.", "1769248800.5"));

    private final Receiving receiving;
    private final JsonEventsConfig limits;

    /** Takes events by {@code receiving}. */
    public SplunkEndpoints(Receiving receiving, JsonEventsConfig limits) {
        this.receiving = receiving;
        this.limits = limits;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        String base = "/services/collector";
        for (String path : List.of("", "/event", "/event/1.0")) {
            all.add(taking(base + path, "Take in events, one JSON object behind the other", false));
        }
        for (String path : List.of("/raw", "/raw/1.0")) {
            all.add(taking(base + path, "Take in text, an event a line", true));
        }
        all.add(
                Endpoint.of(
                                "POST",
                                base + "/ack",
                                WRITERS,
                                GROUP,
                                "There are no acknowledgements to ask for: what is answered is durable",
                                _ -> SplunkDialect.answer(400, "ACK is disabled", 14))
                        .answersRaw(400, Shape.FREE)
                        .speaks(DIALECT));
        for (String path : List.of("/health", "/health/1.0")) {
            all.add(
                    Endpoint.of(
                                    "GET",
                                    base + path,
                                    Access.PUBLIC,
                                    GROUP,
                                    "Whether events are taken",
                                    _ -> SplunkDialect.answer(200, "HEC is healthy", 17))
                            .answersRaw(200, Shape.FREE)
                            .hushed()
                            .speaks(DIALECT));
        }
        return all;
    }

    private Endpoint taking(String path, String summary, boolean raw) {
        return Endpoint.of("POST", path, WRITERS, GROUP, summary, call -> take(call, raw))
                .with(METADATA)
                .takes(raw ? Shape.TEXT : Shape.FREE, raw ? "" : EXAMPLE)
                .answersRaw(200, Shape.FREE)
                .bodyMax(receiving.bodyBytesMax())
                .hushed()
                .speaks(DIALECT);
    }

    private Reply take(Call call, boolean raw) {
        HecEvents events =
                new HecEvents(
                        limits,
                        new HecEvents.Metadata(
                                call.parameter("host").orElse(null),
                                call.parameter("source").orElse(null),
                                call.parameter("sourcetype").orElse(null),
                                call.parameter("index").orElse(null),
                                call.parameter("time").orElse(null)));
        Taken taken = receiving.take(call, raw ? events::decodeRaw : events::decode);
        DecodedEvents decoded = taken.decoded();
        HecFault fault = events.fault();
        if (fault != null) {
            return wrong(fault, decoded.errors().getFirst().index());
        }
        return decoded.itemCount() == 0
                ? SplunkDialect.answer(400, "No data", 5)
                : SplunkDialect.answer(200, "Success", 0);
    }

    private static Reply wrong(HecFault fault, int index) {
        return switch (fault) {
            case INVALID_FORMAT -> wrong("Invalid data format", 6, index);
            case INCORRECT_INDEX -> wrong("Incorrect index", 7, index);
            case EVENT_REQUIRED -> wrong("Event field is required", 12, index);
            case EVENT_BLANK -> wrong("Event field cannot be blank", 13, index);
            case FIELDS -> wrong("Error in handling indexed fields", 15, index);
        };
    }

    private static Reply wrong(String text, int code, int index) {
        JsonText json = new JsonText(96).object().name("text").text(text).name("code").number(code);
        return Reply.json(400, json.name("invalid-event-number").number(index).endObject());
    }
}
