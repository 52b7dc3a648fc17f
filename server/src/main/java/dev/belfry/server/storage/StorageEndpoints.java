package dev.belfry.server.storage;

import static dev.belfry.server.http.Shape.list;
import static dev.belfry.server.http.Shape.member;
import static dev.belfry.server.http.Shape.object;
import static dev.belfry.server.http.Shape.orNull;

import dev.belfry.identity.Permission;
import dev.belfry.journal.JournalStatus;
import dev.belfry.query.Engine;
import dev.belfry.query.EngineStatus;
import dev.belfry.server.http.Access;
import dev.belfry.server.http.Call;
import dev.belfry.server.http.Endpoint;
import dev.belfry.server.http.JsonText;
import dev.belfry.server.http.Parameter;
import dev.belfry.server.http.Reply;
import dev.belfry.server.http.Shape;
import dev.belfry.store.RetentionRules;
import dev.belfry.store.StoreStatus;
import dev.belfry.store.StoreStatus.SegmentStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What is kept, in which files and for how long, and how journal and store are. */
public final class StorageEndpoints {
    private static final String GROUP = "Storage";
    private static final String BASE = "/api/v1/monitoring";

    private static final Shape SEGMENT =
            object(
                    "Segment",
                    member("name", Shape.TEXT, "Of its file, without ending."),
                    member("day", Shape.TEXT, "2026-01-24, or late."),
                    member("retention_class", Shape.TEXT, "The retention rule."),
                    member("events", Shape.WHOLE, ""),
                    member("bytes", Shape.WHOLE, "Its files together."),
                    member("oldest", Shape.TIME, "Lowest event time."),
                    member("newest", Shape.TIME, "Highest event time."));
    private static final Shape RULE =
            object(
                    "RetentionRule",
                    member("name", Shape.TEXT, "Its class; default for events that no rule fits."),
                    member("days", Shape.WHOLE, ""),
                    member("source", orNull(Shape.TEXT), "Only of this source."),
                    member("level", orNull(Shape.TEXT), "Only of this level."),
                    member("tags", Shape.FREE, "Only with these tags."),
                    member("segments", Shape.WHOLE, "Files kept under it now."),
                    member("events", Shape.WHOLE, "Events in them."),
                    member("bytes", Shape.WHOLE, ""),
                    member("oldest", orNull(Shape.TIME), ""),
                    member("newest", orNull(Shape.TIME), ""));
    private static final Shape JOURNAL =
            object(
                    "JournalState",
                    member("state", Shape.oneOf("WRITABLE", "FULL", "FAILED", "CLOSED"), ""),
                    member("files", Shape.WHOLE, ""),
                    member("bytes", Shape.WHOLE, ""),
                    member("damages", Shape.WHOLE, "Found since the start."),
                    member("lost_records", Shape.WHOLE, ""));
    private static final Shape STORE =
            object(
                    "StoreState",
                    member("events", Shape.WHOLE, "Stored now."),
                    member("events_ever", Shape.WHOLE, ""),
                    member("events_expired", Shape.WHOLE, "By retention, since the start."),
                    member("unreadable_events", Shape.WHOLE, "In damaged segments."),
                    member("damage", Shape.list(Shape.TEXT), "What was found, since the start."),
                    member("segments", Shape.WHOLE, ""),
                    member("segment_bytes", Shape.WHOLE, ""),
                    member("hot_events", Shape.WHOLE, "Not in segments yet."),
                    member("hot_bytes", Shape.WHOLE, ""),
                    member("lag_bytes", Shape.WHOLE, "Acknowledged and not readable yet."),
                    member("compactions", Shape.WHOLE, "Since the start."),
                    member("seal_failure", orNull(Shape.TEXT), "Why the last seal failed."));
    private static final Shape STATUS =
            object(
                    "SystemStatus",
                    member("version", Shape.TEXT, ""),
                    member("started_at", Shape.TIME, ""),
                    member("data_folder", Shape.TEXT, ""),
                    member("disk_usable_bytes", orNull(Shape.WHOLE), "Room that is left."),
                    member("disk_total_bytes", orNull(Shape.WHOLE), ""),
                    member("journal", JOURNAL, ""),
                    member("store", STORE, ""));

    private final Supplier<Engine> engine;
    private final RetentionRules retention;
    private final Path data;
    private final String version;
    private final Instant startedAt;

    /** Endpoints over {@code engine}, whose events are kept by {@code retention}. */
    public StorageEndpoints(
            Supplier<Engine> engine,
            RetentionRules retention,
            Path data,
            String version,
            Instant startedAt) {
        this.engine = engine;
        this.retention = retention;
        this.data = data;
        this.version = version;
        this.startedAt = startedAt;
    }

    /** The declarations. */
    public List<Endpoint> endpoints() {
        Access admin = Access.of(Permission.ADMIN);
        List<Parameter> page =
                List.of(
                        Parameter.of("limit", Shape.WHOLE, "1 to 1000, 100 by default.", "100"),
                        Parameter.of("offset", Shape.WHOLE, "How many to leave out first.", "0"));
        return List.of(
                Endpoint.of(
                                "GET",
                                BASE + "/segments",
                                admin,
                                GROUP,
                                "The files of events, the newest first",
                                this::segments)
                        .with(page)
                        .answers(200, list(SEGMENT)),
                Endpoint.of(
                                "GET",
                                BASE + "/retention",
                                admin,
                                GROUP,
                                "How long events are kept, and what is kept under each rule",
                                this::retention)
                        .answers(200, list(RULE)),
                Endpoint.of(
                                "GET",
                                BASE + "/status",
                                admin,
                                GROUP,
                                "Version, start, disk, journal and store",
                                this::status)
                        .answers(200, STATUS));
    }

    private Reply segments(Call call) {
        int limit = call.whole("limit", 100, 1, 1000);
        int offset = call.whole("offset", 0, 0, Integer.MAX_VALUE);
        List<SegmentStatus> all = engine.get().status().store().segments();
        JsonText text = new JsonText(1024).object().name("success").truth(true);
        text.name("data").array();
        all.stream()
                .sorted(Comparator.comparingLong(SegmentStatus::maxTimestampNanos).reversed())
                .skip(offset)
                .limit(limit)
                .forEach(segment -> write(text, segment));
        text.endArray().name("pagination").object();
        text.name("limit").number(limit).name("offset").number(offset);
        text.name("total").number(all.size()).name("next_cursor").nothing();
        return Reply.json(200, text.endObject().endObject());
    }

    private static void write(JsonText text, SegmentStatus segment) {
        text.object().name("name").text(segment.name()).name("day").text(segment.day());
        text.name("retention_class").text(segment.retentionClass());
        text.name("events").number(segment.rows()).name("bytes").number(segment.bytes());
        text.name("oldest").time(segment.minTimestampNanos());
        text.name("newest").time(segment.maxTimestampNanos()).endObject();
    }

    /** Segments that remember a rule which is no more count as the default's, as they are kept. */
    private Reply retention(Call call) {
        Map<String, Kept> byClass = new LinkedHashMap<>();
        for (RetentionRules.Rule rule : retention.rules()) {
            byClass.put(rule.name(), Kept.NOTHING);
        }
        byClass.put(RetentionRules.DEFAULT, Kept.NOTHING);
        for (SegmentStatus segment : engine.get().status().store().segments()) {
            String name = segment.retentionClass();
            byClass.merge(
                    byClass.containsKey(name) ? name : RetentionRules.DEFAULT,
                    Kept.of(segment),
                    Kept::plus);
        }
        return Reply.data(
                200,
                text -> {
                    text.array();
                    for (RetentionRules.Rule rule : retention.rules()) {
                        write(text, rule, byClass.getOrDefault(rule.name(), Kept.NOTHING));
                    }
                    RetentionRules.Rule rest =
                            new RetentionRules.Rule(
                                    RetentionRules.DEFAULT,
                                    retention.defaultDays(),
                                    null,
                                    null,
                                    Map.of());
                    write(text, rest, byClass.getOrDefault(rest.name(), Kept.NOTHING));
                    text.endArray();
                });
    }

    private static void write(JsonText text, RetentionRules.Rule rule, Kept kept) {
        text.object().name("name").text(rule.name()).name("days").number(rule.days());
        text.name("source").text(rule.source()).name("level").text(rule.level());
        text.name("tags").value(rule.tags());
        text.name("segments").number(kept.segments()).name("events").number(kept.events());
        text.name("bytes").number(kept.bytes());
        if (kept.segments() == 0) {
            text.name("oldest").nothing().name("newest").nothing();
        } else {
            text.name("oldest").time(kept.oldestNanos()).name("newest").time(kept.newestNanos());
        }
        text.endObject();
    }

    private Reply status(Call call) {
        EngineStatus status = engine.get().status();
        return Reply.data(
                200,
                text -> {
                    text.object().name("version").text(version);
                    text.name("started_at").text(startedAt.toString());
                    text.name("data_folder").text(data.toString());
                    writeDisk(text);
                    write(text.name("journal"), status.journal());
                    write(text.name("store"), status.store());
                    text.endObject();
                });
    }

    private void writeDisk(JsonText text) {
        text.name("disk_usable_bytes").number(data.toFile().getUsableSpace());
        text.name("disk_total_bytes").number(data.toFile().getTotalSpace());
    }

    private static void write(JsonText text, JournalStatus journal) {
        text.object().name("state").text(journal.state().name());
        text.name("files").number(journal.files()).name("bytes").number(journal.bytes());
        text.name("damages").number(journal.damageCount());
        text.name("lost_records").number(journal.lostRecords()).endObject();
    }

    private static void write(JsonText text, StoreStatus store) {
        text.object().name("events").number(store.events());
        text.name("events_ever").number(store.eventsEver());
        text.name("events_expired").number(store.eventsExpired());
        text.name("unreadable_events").number(store.unreadableEvents());
        text.name("damage").value(store.damage());
        text.name("segments").number(store.segments().size());
        text.name("segment_bytes").number(store.segmentBytes());
        text.name("hot_events").number(store.hotRows());
        text.name("hot_bytes").number(store.hotBytes());
        text.name("lag_bytes").number(store.lagBytes());
        text.name("compactions").number(store.compactions());
        text.name("seal_failure").text(store.sealFailure().isEmpty() ? null : store.sealFailure());
        text.endObject();
    }

    /** What is kept in some segments. */
    private record Kept(
            long segments, long events, long bytes, long oldestNanos, long newestNanos) {
        static final Kept NOTHING = new Kept(0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);

        static Kept of(SegmentStatus segment) {
            return new Kept(
                    1,
                    segment.rows(),
                    segment.bytes(),
                    segment.minTimestampNanos(),
                    segment.maxTimestampNanos());
        }

        Kept plus(Kept other) {
            return new Kept(
                    segments + other.segments,
                    events + other.events,
                    bytes + other.bytes,
                    Math.min(oldestNanos, other.oldestNanos),
                    Math.max(newestNanos, other.newestNanos));
        }
    }
}
