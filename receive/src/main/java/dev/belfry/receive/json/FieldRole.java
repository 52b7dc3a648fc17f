package dev.belfry.receive.json;

/** Which part of an event a member of a log document is. */
public enum FieldRole {
    /** When it happened. */
    TIME,
    /** The severity as text, or as pino's and bunyan's number. */
    LEVEL,
    /** OTLP's severity number, 1–24. */
    SEVERITY_NUMBER,
    /** A syslog severity, 0–7 or its name. */
    SYSLOG_SEVERITY,
    /** What the log line says. */
    MESSAGE,
    /** Who wrote it. */
    SOURCE,
    /** On which host; the source when there is no other. */
    HOST,
    /** The trace's id. */
    TRACE,
    /** The span's id. */
    SPAN,
    /** W3C's {@code traceparent}: trace, span and flags in one. */
    TRACE_PARENT,
    /** One of the four types, or a business type, which is a tag. */
    EVENT_TYPE,
    /** CloudWatch's log group. */
    LOG_GROUP,
    /** The event's tags, when it is an object. */
    TAGS,
    /** The event's payload, when it is an object. */
    PAYLOAD,
    /** None: a tag or a payload field. */
    NONE,
    /** None, and no field either: the protocol's decoder reads it. */
    LEFT_OUT,
    /** None, and where it stands is decided whatever its name and value. */
    FIXED
}
