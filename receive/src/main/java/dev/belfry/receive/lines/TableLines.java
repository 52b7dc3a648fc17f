package dev.belfry.receive.lines;

import dev.belfry.receive.json.FieldNames;
import java.util.ArrayList;
import java.util.List;

/**
 * A table with a header: RFC 4180 with comma, semicolon or tab; quoted values may have line ends.
 */
final class TableLines implements LineParser {
    private static final int COLUMNS_MAX = 500;

    private final FieldPlaces places;
    private final char separator;
    private final List<String> names;
    private final String header;

    /** A parser of the table whose first line is {@code header}. */
    TableLines(FieldPlaces places, String header) {
        this.places = places;
        this.header = header;
        separator = separatorOf(header);
        names = values(header, separator);
    }

    /** Whether the lines are a header and rows of as many values. */
    static boolean matches(List<String> lines) {
        if (lines.size() < 2) {
            return false;
        }
        String header = lines.getFirst();
        char separator = separatorOf(header);
        List<String> names = values(header, separator);
        boolean telling = names.stream().anyMatch(FieldNames::isTelling);
        boolean named = names.stream().allMatch(name -> name.matches("[\\w@.: /()%-]{1,100}"));
        if (names.size() < 2 || !telling || !named) {
            return false;
        }
        List<String> records = records(lines);
        long fitting =
                records.stream()
                        .filter(record -> values(record, separator).size() == names.size())
                        .count();
        return fitting * 10 >= records.size() * 8L;
    }

    private static List<String> records(List<String> lines) {
        List<String> records = new ArrayList<>();
        StringBuilder record = new StringBuilder();
        for (String line : lines) {
            record.append(record.isEmpty() ? "" : "\n").append(line);
            if (!isOpen(record)) {
                records.add(record.toString());
                record.setLength(0);
            }
        }
        return records;
    }

    /* Whether a quoted value goes on in the next line. */
    private static boolean isOpen(CharSequence record) {
        return record.chars().filter(letter -> letter == '"').count() % 2 == 1;
    }

    private static char separatorOf(String header) {
        char best = ',';
        long most = 0;
        for (char candidate : new char[] {',', '\t', ';'}) {
            long count = header.chars().filter(letter -> letter == candidate).count();
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return best;
    }

    @Override
    public boolean continues(CharSequence record, String line) {
        return isOpen(record);
    }

    @Override
    public boolean parse(String record, LineEvent event) {
        if (record.equals(header)) {
            return false;
        }
        List<String> values = values(record, separator);
        places.begin();
        for (int column = 0; column < values.size(); column++) {
            String name = column < names.size() ? names.get(column) : "";
            String value = values.get(column);
            if (!value.isEmpty()) {
                String known = name.isEmpty() ? "column_" + (column + 1) : name;
                places.putText(known.strip(), value, event);
            }
        }
        places.finish(event);
        if (event.message() == null) {
            event.message(record);
        }
        return true;
    }

    private static List<String> values(String record, char separator) {
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean quoted = false;
        for (int at = 0; at < record.length(); at++) {
            char letter = record.charAt(at);
            if (quoted) {
                if (letter != '"') {
                    value.append(letter);
                } else if (at + 1 < record.length() && record.charAt(at + 1) == '"') {
                    value.append('"');
                    at++;
                } else {
                    quoted = false;
                }
            } else if (letter == '"' && value.isEmpty()) {
                quoted = true;
            } else if (letter == separator && values.size() < COLUMNS_MAX) {
                values.add(value.toString());
                value.setLength(0);
            } else {
                value.append(letter);
            }
        }
        values.add(value.toString());
        return values;
    }
}
