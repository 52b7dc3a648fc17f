package dev.belfry.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.model.BelfryException;
import dev.belfry.model.EventBatchBuilder;
import dev.belfry.model.EventType;
import dev.belfry.model.FieldSpace;
import dev.belfry.model.ValueKind;
import dev.belfry.model.time.Timestamps;
import dev.belfry.store.Owner;
import dev.belfry.store.TimeRange;
import dev.belfry.store.Values;
import dev.belfry.testkit.CrashDisk;
import dev.belfry.testkit.SimulatedClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The examples of docs/insights.md on the events of its table: each is followed by its answer;
 * {@code -Dbelfry.docs=write} writes the answers.
 */
class InsightsDocsTest {
    private static final Path PAGE = Path.of("../docs/insights.md");
    private static final Pattern EXAMPLE =
            Pattern.compile("```insights\n(.*?)```\n(?:```text\n(.*?)```\n)?", Pattern.DOTALL);
    private static final String DAY = "2026-01-24T";
    private static Engine engine;

    @BeforeAll
    static void events() throws Exception {
        engine = EngineFixture.open(new CrashDisk(), new SimulatedClock());
        EventBatchBuilder batch = new EventBatchBuilder(16);
        for (String line : Files.readAllLines(PAGE)) {
            if (line.matches("\\| \\d\\d:\\d\\d:\\d\\d \\|.*")) {
                add(batch, Arrays.stream(line.split("\\|")).map(String::strip).toList());
            }
        }
        assertThat(batch.count()).isEqualTo(10);
        EngineFixture.append(engine, batch.build());
    }

    @AfterAll
    static void close() throws Exception {
        engine.close();
    }

    private static void add(EventBatchBuilder batch, List<String> cells) {
        batch.type(EventType.LOG);
        batch.timestampNanos(Timestamps.parse(DAY + cells.get(1) + "Z"));
        batch.source(cells.get(2));
        if (!cells.get(3).equals("-")) {
            batch.level(cells.get(3));
        }
        batch.message(cells.get(4));
        fields(batch, FieldSpace.TAG, cells.get(5));
        fields(batch, FieldSpace.PAYLOAD, cells.get(6));
        batch.commit();
    }

    private static void fields(EventBatchBuilder batch, FieldSpace space, String cell) {
        for (String field : cell.equals("-") ? new String[0] : cell.split(" ")) {
            String[] pair = field.split("=", 2);
            boolean nested = pair[0].contains(".");
            String key = nested ? pair[0].substring(0, pair[0].indexOf('.')) : pair[0];
            String value =
                    nested
                            ? "{\"" + pair[0].substring(key.length() + 1) + "\":" + pair[1] + "}"
                            : pair[1];
            ValueKind kind =
                    nested
                            ? ValueKind.JSON
                            : pair[1].matches("[\\d.]+")
                                    ? ValueKind.NUMBER
                                    : pair[1].equals("true") ? ValueKind.TRUE : ValueKind.STRING;
            batch.field(space, key).add(batch.count(), kind, value);
        }
    }

    @Test
    void examples_answerWhatThePageSays() throws Exception {
        String page = Files.readString(PAGE);
        StringBuilder written = new StringBuilder();
        List<String> wrong = new ArrayList<>();
        Matcher matcher = EXAMPLE.matcher(page);
        int end = 0;
        int examples = 0;
        while (matcher.find()) {
            examples++;
            String answer = answer(matcher.group(1));
            if (!answer.equals(matcher.group(2))) {
                wrong.add(matcher.group(1) + "gave\n" + answer + "not\n" + matcher.group(2));
            }
            written.append(page, end, matcher.start())
                    .append("```insights\n")
                    .append(matcher.group(1))
                    .append("```\n```text\n")
                    .append(answer)
                    .append("```\n");
            end = matcher.end();
        }
        assertThat(examples).isGreaterThan(20);
        if ("write".equals(System.getProperty("belfry.docs"))) {
            Files.writeString(PAGE, written.append(page, end, page.length()));
        } else {
            assertThat(wrong).isEmpty();
        }
    }

    private static String answer(String query) {
        try {
            InsightResult result =
                    engine.insights()
                            .run(
                                    query,
                                    TimeRange.ALL,
                                    Owner.ALL,
                                    Set.of(),
                                    Timestamps.parse(DAY + "10:10:00Z"),
                                    1000,
                                    EngineFixture.context());
            assertSameWhenFormatted(query, result);
            return table(result);
        } catch (BelfryException e) {
            return e.getMessage() + "\n";
        }
    }

    private static void assertSameWhenFormatted(String query, InsightResult result) {
        String formatted = Insights.format(query);
        assertThat(Insights.format(formatted)).isEqualTo(formatted);
        InsightResult again =
                engine.insights()
                        .run(
                                formatted,
                                TimeRange.ALL,
                                Owner.ALL,
                                Set.of(),
                                Timestamps.parse(DAY + "10:10:00Z"),
                                1000,
                                EngineFixture.context());
        assertThat(table(again)).as(formatted).isEqualTo(table(result));
    }

    private static String table(InsightResult result) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(result.columns().stream().map(InsightResult.Column::name).toList());
        for (@Nullable Object[] row : result.rows()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < row.length; i++) {
                String text = Values.text(row[i]);
                boolean time = result.columns().get(i).time() && row[i] instanceof Long;
                cells.add(
                        text == null ? "-" : time ? Timestamps.format(Long.parseLong(text)) : text);
            }
            lines.add(cells);
        }
        StringBuilder table = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < line.size(); i++) {
                int column = i;
                int width = lines.stream().mapToInt(l -> l.get(column).length()).max().orElse(0);
                text.append(String.format("%-" + (width + 2) + "s", line.get(i)));
            }
            table.append(text.toString().stripTrailing()).append('\n');
        }
        return table.toString();
    }
}
