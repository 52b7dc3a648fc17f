package dev.belfry.server.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shape of a JSON value, as the OpenAPI document describes it. */
public sealed interface Shape {
    /** Where a page stands in its list. */
    Member PAGINATION =
            member(
                    "pagination",
                    object(
                            "Pagination",
                            member("limit", new Scalar("integer", "int64", List.of()), ""),
                            member("offset", new Scalar("integer", "int64", List.of()), ""),
                            member(
                                    "total",
                                    orNull(new Scalar("integer", "int64", List.of())),
                                    "null when it was not counted."),
                            member(
                                    "next_cursor",
                                    orNull(new Scalar("string", "", List.of())),
                                    "For the next page; null at the end.")),
                    "");

    /** What an answer cost. */
    Member STATISTICS =
            member(
                    "statistics",
                    object(
                            "Statistics",
                            member("elapsed_ms", new Scalar("number", "double", List.of()), ""),
                            member("rows_read", new Scalar("integer", "int64", List.of()), ""),
                            member("bytes_read", new Scalar("integer", "int64", List.of()), ""),
                            member(
                                    "segments_total",
                                    new Scalar("integer", "int64", List.of()),
                                    "Row groups that there are."),
                            member(
                                    "segments_in_range",
                                    new Scalar("integer", "int64", List.of()),
                                    "Those that may have events of the time range."),
                            member(
                                    "segments_skipped",
                                    new Scalar("integer", "int64", List.of()),
                                    "Those of all that time or filter ruled out."),
                            member(
                                    "truncated",
                                    new Scalar("boolean", "", List.of()),
                                    "Whether it was cut at a limit."),
                            member(
                                    "warnings",
                                    list(new Scalar("string", "", List.of())),
                                    "What is missing because it could not be read.")),
                    "");

    /** A text. */
    Shape TEXT = new Scalar("string", "", List.of());

    /** A whole number. */
    Shape WHOLE = new Scalar("integer", "int64", List.of());

    /** A number. */
    Shape NUMBER = new Scalar("number", "double", List.of());

    /** true or false. */
    Shape TRUTH = new Scalar("boolean", "", List.of());

    /** A UUID. */
    Shape UUID = new Scalar("string", "uuid", List.of());

    /** A time, RFC 3339. */
    Shape TIME = new Scalar("string", "date-time", List.of());

    /** Any value. */
    Shape ANY = new Any();

    /** An object of any members. */
    Shape FREE = new Free();

    /** A value without parts. */
    record Scalar(String type, String format, List<String> words) implements Shape {
        public Scalar {
            words = List.copyOf(words);
        }
    }

    /** Any value. */
    record Any() implements Shape {}

    /** An object of any members. */
    record Free() implements Shape {}

    /** A list. */
    record Items(Shape item) implements Shape {}

    /** What stands under {@code data}, and the members of the answer beside it. */
    record Beside(Shape data, List<Member> members) implements Shape {
        public Beside {
            members = List.copyOf(members);
        }
    }

    /** Null, or a value. */
    record OrNull(Shape shape) implements Shape {}

    /** One of several. */
    record Either(List<Shape> shapes) implements Shape {
        public Either {
            shapes = List.copyOf(shapes);
        }
    }

    /**
     * A member of an object.
     *
     * @param name its name
     * @param shape its shape
     * @param description what it says
     * @param required whether it must be there
     */
    record Member(String name, Shape shape, String description, boolean required) {}

    /**
     * An object with a name, described once.
     *
     * @param name its name in the document
     * @param members its members in order
     */
    record Named(String name, List<Member> members) implements Shape {
        public Named {
            members = List.copyOf(members);
        }
    }

    /** One of {@code words}. */
    static Shape oneOf(String... words) {
        return new Scalar("string", "", List.of(words));
    }

    /** A list of {@code item}. */
    static Shape list(Shape item) {
        return new Items(item);
    }

    /** {@code data}, and beside it in the answer {@code members}. */
    static Shape beside(Shape data, Member... members) {
        return new Beside(data, List.of(members));
    }

    /** A page of {@code item}s: the list with {@code pagination} beside it. */
    static Shape page(Shape item) {
        return beside(list(item), PAGINATION);
    }

    /** {@code shape}, or null. */
    static Shape orNull(Shape shape) {
        return new OrNull(shape);
    }

    /** One of {@code shapes}. */
    static Shape either(Shape... shapes) {
        return new Either(List.of(shapes));
    }

    /** An object called {@code name}. */
    static Shape object(String name, Member... members) {
        return new Named(name, List.of(members));
    }

    /** A member that is always there. */
    static Member member(String name, Shape shape, String description) {
        return new Member(name, shape, description, true);
    }

    /** A member that may be missing. */
    static Member optional(String name, Shape shape, String description) {
        return new Member(name, shape, description, false);
    }

    /** The shape as JSON Schema; named objects are put into {@code named} and referred to. */
    default Map<String, Object> schema(Map<String, Object> named) {
        Map<String, Object> schema = new LinkedHashMap<>();
        switch (this) {
            case Scalar scalar -> {
                schema.put("type", scalar.type());
                if (!scalar.format().isEmpty()) {
                    schema.put("format", scalar.format());
                }
                if (!scalar.words().isEmpty()) {
                    schema.put("enum", scalar.words());
                }
            }
            case Any _ -> {}
            case Free _ -> {
                schema.put("type", "object");
                schema.put("additionalProperties", true);
            }
            case Items items -> {
                schema.put("type", "array");
                schema.put("items", items.item().schema(named));
            }
            case Beside beside -> schema.putAll(beside.data().schema(named));
            case OrNull nullable ->
                    schema.put(
                            "anyOf",
                            List.of(nullable.shape().schema(named), Map.of("type", "null")));
            case Either either ->
                    schema.put(
                            "oneOf",
                            either.shapes().stream().map(shape -> shape.schema(named)).toList());
            case Named object -> {
                if (!named.containsKey(object.name())) {
                    named.put(object.name(), Map.of());
                    named.put(object.name(), schemaOf(object, named));
                }
                schema.put("$ref", "#/components/schemas/" + object.name());
            }
        }
        return schema;
    }

    private static Map<String, Object> schemaOf(Named object, Map<String, Object> named) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Member member : object.members()) {
            Map<String, Object> property = member.shape().schema(named);
            if (!member.description().isEmpty()) {
                property.put("description", member.description());
            }
            properties.put(member.name(), property);
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        List<String> required =
                object.members().stream().filter(Member::required).map(Member::name).toList();
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        return schema;
    }
}
