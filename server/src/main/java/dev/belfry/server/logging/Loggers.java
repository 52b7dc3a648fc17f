package dev.belfry.server.logging;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * Where libraries' lines go: into Belfry's log once there is one, from warnings on. This is the one
 * place with static state, since libraries find their logger statically.
 */
public final class Loggers {
    private static volatile @Nullable Log target;

    /** What begins so is told by exceptions or metrics too, or is of no use to anybody. */
    private static final List<String> HUSHED =
            List.of("io.micrometer.", "com.linecorp.armeria.internal.common.");

    private Loggers() {}

    /** From now on libraries' lines go into {@code log}; null: nowhere. */
    public static void into(@Nullable Log log) {
        target = log;
    }

    static @Nullable Log target() {
        return target;
    }

    /** What SLF4J gives a library. */
    static final class Named extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;

        Named(String name) {
            this.name = name;
        }

        @Override
        public boolean isTraceEnabled() {
            return false;
        }

        @Override
        public boolean isDebugEnabled() {
            return false;
        }

        @Override
        public boolean isInfoEnabled() {
            return false;
        }

        @Override
        public boolean isWarnEnabled() {
            return target != null && HUSHED.stream().noneMatch(name::startsWith);
        }

        @Override
        public boolean isErrorEnabled() {
            return target != null;
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                org.slf4j.event.Level level,
                @Nullable Marker marker,
                String message,
                Object @Nullable [] arguments,
                @Nullable Throwable failure) {
            Log log = target;
            if (log == null) {
                return;
            }
            String text = MessageFormatter.basicArrayFormat(message, arguments);
            Level ours = level == org.slf4j.event.Level.ERROR ? Level.ERROR : Level.WARN;
            log.say(ours, name, text, Map.of(), failure);
        }
    }
}
