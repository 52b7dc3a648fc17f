package dev.belfry.server.receive;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.receive.DecodedEvents;
import dev.belfry.receive.DecodedSamples;
import dev.belfry.receive.ItemError;
import dev.belfry.server.http.JsonText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The few messages that OTLP is answered with, as Protocol Buffers and as JSON. */
final class OtlpMessages {
    /*
     *   ExportLogsServiceResponse { ExportLogsPartialSuccess 1 { int64 rejected_log_records 1 | string error_message 2 } }
     *   google.rpc.Status    { int32 code 1 | string message 2 | Any details 3 … }
     *   Any                  { string type_url 1 | bytes value 2 }
     *   google.rpc.RetryInfo { Duration retry_delay 1 { int64 seconds 1 } }
     */
    static final int INVALID_ARGUMENT = 3;
    static final int PERMISSION_DENIED = 7;
    static final int RESOURCE_EXHAUSTED = 8;
    static final int UNIMPLEMENTED = 12;
    static final int INTERNAL = 13;
    static final int UNAVAILABLE = 14;
    static final int UNAUTHENTICATED = 16;

    private static final String RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";
    private static final int RETRY_SECONDS = 1;
    private static final int RETRY_FULL_SECONDS = 10;

    private OtlpMessages() {}

    /** The gRPC code of a refusal. Only what can be repeated is UNAVAILABLE. */
    static int code(ErrorCode code) {
        return switch (code) {
            case VALIDATION_ERROR, CONFLICT, QUERY_LIMIT -> INVALID_ARGUMENT;
            case UNAUTHORIZED -> UNAUTHENTICATED;
            case FORBIDDEN -> PERMISSION_DENIED;
            case NOT_FOUND -> UNIMPLEMENTED;
            case TOO_LARGE -> RESOURCE_EXHAUSTED;
            case INTERNAL_SERVER_ERROR -> INTERNAL;
            case RATE_LIMITED, OVERLOADED, STORAGE_FULL -> UNAVAILABLE;
        };
    }

    /** When a refused request may come again, in seconds; 0 when it shall not. */
    static int retrySeconds(BelfryException error) {
        return switch (error.code()) {
            case RATE_LIMITED, OVERLOADED -> given(error, RETRY_SECONDS);
            case STORAGE_FULL -> given(error, RETRY_FULL_SECONDS);
            case VALIDATION_ERROR,
                    CONFLICT,
                    QUERY_LIMIT,
                    UNAUTHORIZED,
                    FORBIDDEN,
                    NOT_FOUND,
                    TOO_LARGE,
                    INTERNAL_SERVER_ERROR ->
                    0;
        };
    }

    private static int given(BelfryException error, int fallback) {
        return error.details().get("retry_after_seconds") instanceof Number seconds
                ? Math.max(1, seconds.intValue())
                : fallback;
    }

    /** The error message of a partial success: the first one, and how many there are. */
    static String rejection(DecodedEvents decoded) {
        return rejection(decoded.errors(), decoded.errors().size(), decoded.itemCount(), "records");
    }

    /** Likewise of metrics. */
    static String rejection(DecodedSamples decoded) {
        return rejection(decoded.errors(), decoded.refused(), decoded.itemCount(), "points");
    }

    private static String rejection(List<ItemError> errors, int refused, int all, String what) {
        ItemError first = errors.getFirst();
        return refused
                + " of "
                + all
                + " "
                + what
                + " were refused; the first, "
                + first.index()
                + ": "
                + first.message();
    }

    static byte[] response(DecodedEvents decoded) {
        return decoded.errors().isEmpty()
                ? new byte[0]
                : response(decoded.errors().size(), rejection(decoded));
    }

    static byte[] response(DecodedSamples decoded) {
        return decoded.refused() == 0
                ? new byte[0]
                : response(decoded.refused(), rejection(decoded));
    }

    private static byte[] response(int refused, String message) {
        Message partial = new Message().varint(1, refused).text(2, message);
        return new Message().message(1, partial).bytes();
    }

    static byte[] responseJson(DecodedEvents decoded) {
        return decoded.errors().isEmpty()
                ? responseJson("", 0, "")
                : responseJson("rejectedLogRecords", decoded.errors().size(), rejection(decoded));
    }

    static byte[] responseJson(DecodedSamples decoded) {
        return decoded.refused() == 0
                ? responseJson("", 0, "")
                : responseJson("rejectedDataPoints", decoded.refused(), rejection(decoded));
    }

    private static byte[] responseJson(String name, int refused, String message) {
        JsonText text = new JsonText(64).object();
        if (refused > 0) {
            text.name("partialSuccess").object().name(name).text(Integer.toString(refused));
            text.name("errorMessage").text(message).endObject();
        }
        return text.endObject().bytes();
    }

    static byte[] status(BelfryException error) {
        Message status = new Message().varint(1, code(error.code()));
        status.text(2, String.valueOf(error.getMessage()));
        int seconds = retrySeconds(error);
        if (seconds > 0) {
            Message delay = new Message().varint(1, seconds);
            Message any = new Message().text(1, RETRY_INFO);
            status.message(3, any.message(2, new Message().message(1, delay)));
        }
        return status.bytes();
    }

    static byte[] statusJson(BelfryException error) {
        JsonText text = new JsonText(128).object().name("code").number(code(error.code()));
        text.name("message").text(String.valueOf(error.getMessage()));
        int seconds = retrySeconds(error);
        if (seconds > 0) {
            text.name("details").array().object().name("@type").text(RETRY_INFO);
            text.name("retryDelay").text(seconds + "s").endObject().endArray();
        }
        return text.endObject().bytes();
    }

    /** A small message being written. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message varint(int number, long value) {
            raw((long) number << 3);
            raw(value);
            return this;
        }

        Message text(int number, String value) {
            return data(number, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int number, Message value) {
            return data(number, value.bytes());
        }

        byte[] bytes() {
            return out.toByteArray();
        }

        private Message data(int number, byte[] value) {
            raw((long) number << 3 | 2);
            raw(value.length);
            out.writeBytes(value);
            return this;
        }

        private void raw(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                out.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }
}
