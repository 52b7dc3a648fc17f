package dev.belfry.store.sql;

import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.store.events.RowFile;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** What DuckDB complains of, for those who asked: without the paths of the machine. */
final class SqlErrors {
    private SqlErrors() {}

    static BelfryException of(SQLException failure, Path folder, List<RowFile> files) {
        String message = String.valueOf(failure.getMessage());
        String shown = shown(message, folder, files);
        if (message.startsWith("Out of Memory")) {
            return new BelfryException(
                    ErrorCode.QUERY_LIMIT,
                    "memory: " + shown + " (expected: fewer rows or groups)",
                    failure);
        }
        if (message.startsWith("INTERRUPT")) {
            return new BelfryException(ErrorCode.QUERY_LIMIT, "query: cancelled", failure);
        }
        if (message.startsWith("INTERNAL")
                || message.startsWith("FATAL")
                || message.startsWith("IO Error")) {
            return new BelfryException(
                    ErrorCode.INTERNAL_SERVER_ERROR, "sql: DuckDB failed: " + shown, failure);
        }
        return new BelfryException(ErrorCode.VALIDATION_ERROR, "query: " + shown, failure);
    }

    /* The lines up to the first blank one; below are the query, and long lists. */
    private static String shown(String message, Path folder, List<RowFile> files) {
        String shown =
                message.lines()
                        .takeWhile(line -> !line.isBlank() && !line.startsWith("LINE "))
                        .limit(3)
                        .map(String::strip)
                        .collect(Collectors.joining(" "));
        for (RowFile file : files) {
            shown = shown.replace(file.path().toString(), "(file)");
            shown = shown.replace(String.valueOf(file.path().getParent()), "(folder)");
        }
        shown = shown.replace(folder.toString(), "(folder)");
        return shown.length() <= Limits.MESSAGE_MAX
                ? shown
                : shown.substring(0, Limits.MESSAGE_MAX) + "…";
    }
}
