package dev.belfry.receive;

import dev.belfry.receive.importer.Importer;
import java.io.PrintStream;
import java.util.Map;

/**
 * {@code belfry import}: sends files of logs to a running Belfry; {@code docs/import.md} is its
 * page.
 */
public final class ImportCommand {
    private ImportCommand() {}

    /**
     * Runs the command to its end.
     *
     * @param arguments files and options, without the word {@code import}
     * @param out gets the summary
     * @param err gets progress and errors
     * @param environment the process' environment variables
     * @return the exit code: 0 when all was taken, 1 when something was refused or failed, 2 when
     *     the arguments are wrong
     */
    public static int run(
            String[] arguments, PrintStream out, PrintStream err, Map<String, String> environment) {
        return Importer.run(arguments, out, err, environment);
    }
}
