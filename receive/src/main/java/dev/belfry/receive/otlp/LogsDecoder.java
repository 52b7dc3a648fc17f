package dev.belfry.receive.otlp;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.model.ValueKind;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.JsonEventsConfig;
import dev.belfry.receive.SourceRule;
import dev.belfry.receive.columns.Context;
import dev.belfry.receive.columns.Rows;
import dev.belfry.receive.columns.Sources;
import dev.belfry.receive.columns.Utf8;
import dev.belfry.receive.protobuf.ProtoException;
import dev.belfry.receive.protobuf.ProtoReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes an {@code ExportLogsServiceRequest} apart into rows; used once. */
public final class LogsDecoder {
    /*
     * opentelemetry-proto 1.x, logs.proto and resource.proto:
     *
     *   ExportLogsServiceRequest { ResourceLogs 1 … }
     *   ResourceLogs { Resource 1 | ScopeLogs 2 … | schema_url 3 }
     *   Resource     { KeyValue 1 … | dropped_attributes_count 2 }
     *   ScopeLogs    { InstrumentationScope 1 | LogRecord 2 … | schema_url 3 }
     *   InstrumentationScope { name 1 | version 2 | KeyValue 3 … | dropped_attributes_count 4 }
     *
     * A resource may stand behind its records, so each of these two messages is gone through twice: the first
     * time only what is not records is read, and a record costs its length.
     */
    private static final int RESOURCE_LOGS = 1 << 3 | ProtoReader.LENGTH;
    private static final int RESOURCE = 1 << 3 | ProtoReader.LENGTH;
    private static final int SCOPE_LOGS = 2 << 3 | ProtoReader.LENGTH;
    private static final int SCOPE = 1 << 3 | ProtoReader.LENGTH;
    private static final int LOG_RECORD = 2 << 3 | ProtoReader.LENGTH;
    private static final int SCHEMA_URL = 3 << 3 | ProtoReader.LENGTH;
    private static final int RESOURCE_ATTRIBUTE = 1 << 3 | ProtoReader.LENGTH;
    private static final int RESOURCE_DROPPED = 2 << 3 | ProtoReader.VARINT;
    private static final int SCOPE_NAME = 1 << 3 | ProtoReader.LENGTH;
    private static final int SCOPE_VERSION = 2 << 3 | ProtoReader.LENGTH;
    private static final int SCOPE_ATTRIBUTE = 3 << 3 | ProtoReader.LENGTH;
    private static final int SCOPE_DROPPED = 4 << 3 | ProtoReader.VARINT;

    private static final byte[] SERVICE_NAME = ascii("service.name");
    private static final byte[] UNKNOWN_SERVICE = ascii("unknown_service");
    private static final byte[] NAME = ascii("name");
    private static final byte[] VERSION = ascii("version");
    private static final byte[] RESOURCE_SCHEMA = ascii("resource.schema_url");
    private static final byte[] SCOPE_SCHEMA = ascii("schema_url");
    private static final byte[] RESOURCE_DROPPED_KEY = ascii("resource.dropped_attributes_count");
    private static final byte[] SCOPE_DROPPED_KEY = ascii("dropped_attributes_count");

    private final ProtoReader in;
    private final Rows rows;
    private final AnyValues values;
    private final LogRecord record;
    private final Context resource;
    private final Context scope;
    private final Sources sources;

    private byte[] source = UNKNOWN_SERVICE;
    private @Nullable String sourceWrong;
    private ErrorCode sourceCode = ErrorCode.VALIDATION_ERROR;

    /* Of the attribute read last. */
    private int keyFrom;
    private int keyTo;

    /** A decoder of the message {@code body[0 .. length)}. */
    public LogsDecoder(
            byte[] body, int length, JsonEventsConfig config, long nowNanos, SourceRule rule) {
        in = new ProtoReader(body, 0, length);
        rows = new Rows(config, length);
        values = new AnyValues(in);
        record = new LogRecord(in, rows, values, nowNanos);
        resource = new Context("resource.", false, config.eventBytesMax(), rows.tags, rows.payload);
        scope = new Context("scope.", true, config.eventBytesMax(), rows.tags, rows.payload);
        sources = new Sources(rule);
    }

    /**
     * The records of the body.
     *
     * @throws BelfryException VALIDATION_ERROR when it is no such message; TOO_LARGE when it has
     *     too many records
     */
    public DecodedEvents decode() {
        try {
            while (in.more()) {
                int tag = in.tag();
                if (tag == RESOURCE_LOGS) {
                    int outer = in.enter();
                    resourceLogs();
                    in.leave(outer);
                } else {
                    in.skip(tag);
                }
            }
        } catch (ProtoException failure) {
            throw failure.refusal("body: no ExportLogsServiceRequest");
        }
        return rows.decoded();
    }

    private void resourceLogs() {
        int start = in.at;
        resource.clear();
        source = UNKNOWN_SERVICE;
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == RESOURCE) {
                int outer = in.enter();
                resource();
                in.leave(outer);
            } else if (tag == SCHEMA_URL) {
                text(resource, RESOURCE_SCHEMA);
            } else {
                in.skip(tag);
            }
        }
        sourceWrong = sources.check("service.name", source, 0, source.length);
        sourceCode = sources.errorCode();
        in.at = start;
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == SCOPE_LOGS) {
                int outer = in.enter();
                scopeLogs();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void resource() {
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == RESOURCE_ATTRIBUTE) {
                attribute(resource);
                boolean named =
                        Arrays.equals(
                                SERVICE_NAME, 0, SERVICE_NAME.length, in.bytes, keyFrom, keyTo);
                if (named && values.length > 0) {
                    source =
                            Arrays.copyOfRange(
                                    values.bytes, values.from, values.from + values.length);
                }
            } else if (tag == RESOURCE_DROPPED) {
                count(resource, RESOURCE_DROPPED_KEY);
            } else {
                in.skip(tag);
            }
        }
    }

    private void scopeLogs() {
        int start = in.at;
        scope.clear();
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == SCOPE) {
                int outer = in.enter();
                scope();
                in.leave(outer);
            } else if (tag == SCHEMA_URL) {
                text(scope, SCOPE_SCHEMA);
            } else {
                in.skip(tag);
            }
        }
        in.at = start;
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == LOG_RECORD) {
                int outer = in.enter();
                logRecord();
                in.leave(outer);
            } else {
                in.skip(tag);
            }
        }
    }

    private void scope() {
        while (in.at < in.end) {
            int tag = in.tag();
            switch (tag) {
                case SCOPE_NAME -> text(scope, NAME);
                case SCOPE_VERSION -> text(scope, VERSION);
                case SCOPE_ATTRIBUTE -> attribute(scope);
                case SCOPE_DROPPED -> count(scope, SCOPE_DROPPED_KEY);
                default -> in.skip(tag);
            }
        }
    }

    /* KeyValue { key 1 | value 2 } into a context; too deep values are refused with the first record. */
    private void attribute(Context context) {
        int outer = in.enter();
        keyFrom = in.at;
        keyTo = in.at;
        values.clear();
        while (in.at < in.end) {
            int tag = in.tag();
            if (tag == AnyValues.KEY) {
                int length = in.length();
                keyFrom = in.at;
                keyTo = in.at + length;
                in.at = keyTo;
            } else if (tag == AnyValues.VALUE) {
                int around = in.enter();
                values.read();
                in.leave(around);
            } else {
                in.skip(tag);
            }
        }
        context.add(
                in.bytes, keyFrom, keyTo, values.kind, values.bytes, values.from, values.length);
        in.leave(outer);
    }

    private void text(Context context, byte[] key) {
        int length = in.length();
        int from = in.at;
        in.at += length;
        if (length == 0) {
            return;
        }
        byte[] text =
                Utf8.isValid(in.bytes, from, in.at)
                        ? Arrays.copyOfRange(in.bytes, from, in.at)
                        : Utf8.repaired(in.bytes, from, in.at);
        context.add(key, 0, key.length, ValueKind.STRING, text, 0, text.length);
    }

    private void count(Context context, byte[] key) {
        long dropped = in.varint() & 0xFFFF_FFFFL;
        if (dropped > 0) {
            byte[] text = ascii(Long.toString(dropped));
            context.add(key, 0, key.length, ValueKind.NUMBER, text, 0, text.length);
        }
    }

    private void logRecord() {
        if (!rows.begin(in.end - in.at, resource.sizeBytes() + scope.sizeBytes())) {
            return;
        }
        if (sourceWrong != null) {
            rows.refuse(sourceCode, sourceWrong);
            return;
        }
        String wrong = record.read();
        if (wrong != null) {
            rows.refuse(ErrorCode.VALIDATION_ERROR, wrong);
            return;
        }
        resource.apply();
        scope.apply();
        rows.commit(source);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
