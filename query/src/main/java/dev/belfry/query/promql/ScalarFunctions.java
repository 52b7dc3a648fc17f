package dev.belfry.query.promql;

import java.util.Arrays;
import java.util.List;

/** Functions that give a number for each step. */
final class ScalarFunctions {
    private ScalarFunctions() {}

    static double[] call(Evaluator evaluator, Expr.Call call) {
        Evaluation evaluation = evaluator.evaluation;
        return switch (call.function().name()) {
            case "pi" -> evaluator.filled(Math.PI);
            case "time" -> times(evaluator);
            case "start" -> evaluator.filled(evaluation.startMillis() / 1000.0);
            case "end" -> evaluator.filled(evaluation.endMillis() / 1000.0);
            case "step" -> evaluator.filled(evaluation.stepMillis() / 1000.0);
            case "range" ->
                    evaluator.filled((evaluation.endMillis() - evaluation.startMillis()) / 1000.0);
            case "scalar" -> single(evaluator, evaluator.vector(call.arguments().getFirst()));
            default -> throw new IllegalStateException("BUG: function " + call.function().name());
        };
    }

    static double[] times(Evaluator evaluator) {
        double[] times = new double[evaluator.steps.count()];
        for (int i = 0; i < times.length; i++) {
            times[i] = evaluator.steps.time(i) / 1000.0;
        }
        return times;
    }

    /* The number where there is exactly one, else NaN. */
    private static double[] single(Evaluator evaluator, List<Row> rows) {
        double[] values = evaluator.filled(Double.NaN);
        int[] found = new int[values.length];
        for (Row row : rows) {
            for (int i = 0; i < values.length; i++) {
                if (row.hasNumber(i)) {
                    values[i] = ++found[i] == 1 ? row.values[i] : Double.NaN;
                }
            }
        }
        return values;
    }

    static boolean anyNaN(double[] values) {
        return Arrays.stream(values).anyMatch(Double::isNaN);
    }
}
