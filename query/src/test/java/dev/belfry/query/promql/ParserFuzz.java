package dev.belfry.query.promql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belfry.testkit.Seeds;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random expressions print and parse back; random text never breaks the parser otherwise. */
final class ParserFuzz {
    private static final List<String> WORDS =
            List.of(
                    "sum",
                    "(",
                    ")",
                    "{",
                    "}",
                    "[",
                    "]",
                    "by",
                    "a",
                    "b:c",
                    "1",
                    "5m",
                    "\"s\"",
                    "'x",
                    "`r`",
                    "+",
                    "-",
                    "*",
                    "/",
                    "^",
                    "==",
                    "=~",
                    "=",
                    "!~",
                    "!=",
                    "<",
                    ">/",
                    "bool",
                    "on",
                    "group_left",
                    "offset",
                    "@",
                    "start",
                    "step",
                    "min",
                    ",",
                    ":",
                    " ",
                    "\n",
                    "rate",
                    "topk",
                    "and",
                    "fill",
                    "smoothed",
                    "#",
                    "\\",
                    "0x",
                    "1e",
                    "é",
                    "\u0000");

    @Test
    void generated_parsesBackToTheSame() {
        SplittableRandom random = Seeds.random("generated_parsesBackToTheSame");
        for (int i = 0; i < 5000; i++) {
            String query = vector(random, 4);
            String printed = Printer.print(Parser.parse(query));
            assertThat(Printer.print(Parser.parse(printed))).as(query).isEqualTo(printed);
            Expr pretty = Parser.parse(Printer.pretty(Parser.parse(query)));
            assertThat(Printer.print(pretty)).as(query).isEqualTo(printed);
        }
    }

    @Test
    void garbage_isRefusedWithAPosition() {
        SplittableRandom random = Seeds.random("garbage_isRefusedWithAPosition");
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(1, 14);
            for (int j = 0; j < length; j++) {
                text.append(WORDS.get(random.nextInt(WORDS.size())));
                text.append(random.nextInt(3) == 0 ? " " : "");
            }
            try {
                assertThat(Printer.print(Parser.parse(text.toString()))).isNotNull();
            } catch (PromqlException e) {
                assertThat(e.getMessage()).as(text.toString()).contains("parse error: ");
            }
        }
    }

    private static String vector(SplittableRandom random, int depth) {
        if (depth == 0) {
            return pick(random, "up", "a{b=\"c\"}", "{x=~\"y.*\",z!=\"\"}", "m @ 3 offset 1m");
        }
        int next = depth - 1;
        return switch (random.nextInt(9)) {
            case 0 -> "sum by (a) (" + vector(random, next) + ")";
            case 1 -> "topk(2," + vector(random, next) + ") without (b)";
            case 2 -> "rate(" + range(random, next) + ")";
            case 3 -> vector(random, next) + operator(random) + vector(random, next);
            case 4 -> "(" + vector(random, next) + arithmetic(random) + scalar(random, next) + ")";
            case 5 -> "(" + vector(random, next) + ")";
            case 6 -> "-" + vector(random, next);
            case 7 -> "abs(" + vector(random, next) + ")";
            default -> vector(random, 0);
        };
    }

    private static String range(SplittableRandom random, int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> "up[5m]";
            case 1 -> "a{b='c'}[step()*2+1m] offset (1h/2)";
            case 2 -> "(" + vector(random, depth) + ")[1h:5m] @ start()";
            default -> "avg(" + vector(random, depth) + ")[1h:] offset -2m";
        };
    }

    private static String scalar(SplittableRandom random, int depth) {
        return depth == 0
                ? pick(random, "1", "0x10", "1h", "-2", "time()", "NaN")
                : "scalar(" + vector(random, depth - 1) + ")";
    }

    private static String operator(SplittableRandom random) {
        return pick(
                random,
                " and ",
                " or on(a) ",
                " unless ignoring(b) ",
                " == bool ",
                " + on(a) group_left(c) ",
                " ^ ",
                " atan2 ",
                " - fill(0) ",
                " * ignoring(x) group_right fill_left(2) ");
    }

    private static String arithmetic(SplittableRandom random) {
        return pick(random, " + ", " - ", " * ", " / ", " % ", " ^ ", " > bool ", " >/ ", " <= ");
    }

    private static String pick(SplittableRandom random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
