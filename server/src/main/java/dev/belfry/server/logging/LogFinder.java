package dev.belfry.server.logging;

import java.text.MessageFormat;
import java.util.Map;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Joins the JDK's loggers, which Belfry's own modules speak, to its log; found by the loader. */
public final class LogFinder extends System.LoggerFinder {
    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Named(name);
    }

    private record Named(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            Log log = Loggers.target();
            return log != null
                    && level != Level.OFF
                    && log.isOn(ours(level))
                    && (name.startsWith("dev.belfry.")
                            || level.getSeverity() >= Level.WARNING.getSeverity());
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String message,
                @Nullable Throwable failure) {
            Log log = Loggers.target();
            if (log != null && isLoggable(level)) {
                log.say(ours(level), name, String.valueOf(message), Map.of(), failure);
            }
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String format,
                @Nullable Object @Nullable ... arguments) {
            Log log = Loggers.target();
            if (log != null && isLoggable(level)) {
                String text =
                        arguments == null || arguments.length == 0
                                ? String.valueOf(format)
                                : MessageFormat.format(String.valueOf(format), arguments);
                log.say(ours(level), name, text, Map.of(), null);
            }
        }

        private static dev.belfry.server.logging.Level ours(Level level) {
            return switch (level) {
                case ALL, TRACE -> dev.belfry.server.logging.Level.TRACE;
                case DEBUG -> dev.belfry.server.logging.Level.DEBUG;
                case INFO -> dev.belfry.server.logging.Level.INFO;
                case WARNING -> dev.belfry.server.logging.Level.WARN;
                case ERROR, OFF -> dev.belfry.server.logging.Level.ERROR;
            };
        }
    }
}
