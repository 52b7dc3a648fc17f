package dev.belfry.server.listen;

import dev.belfry.server.metrics.Counter;
import dev.belfry.server.metrics.Registry;
import java.util.concurrent.atomic.AtomicInteger;

/** What the listeners count. */
public final class ListenMetrics {
    final Counter messages;
    final Counter dropped;
    final Counter malformed;
    final Counter refusedConnections;
    final Counter brokenConnections;
    private final AtomicInteger connections = new AtomicInteger();

    /** Registers them in {@code registry}. */
    public ListenMetrics(Registry registry) {
        messages =
                registry.counter(
                        "listener_messages_total",
                        "Messages of syslog, Fluent and StatsD that were taken in.",
                        "protocol");
        dropped =
                registry.counter(
                        "listener_messages_dropped_total",
                        "Messages of syslog, Fluent and StatsD that were not taken in.",
                        "protocol",
                        "reason");
        malformed =
                registry.counter(
                        "listener_messages_malformed_total",
                        "Messages of syslog that are kept as text, since they are malformed.",
                        "protocol");
        refusedConnections =
                registry.counter(
                        "listener_connections_refused_total",
                        "Connections of syslog, Fluent and StatsD that were closed at once.",
                        "protocol",
                        "reason");
        brokenConnections =
                registry.counter(
                        "listener_connections_broken_total",
                        "Connections of syslog, Fluent and StatsD that ended with an error.",
                        "protocol");
        registry.gauge(
                "listener_connections_active",
                "Connections of syslog, Fluent and StatsD that are open now.",
                connections::get);
    }

    void opened() {
        connections.incrementAndGet();
    }

    void closed() {
        connections.decrementAndGet();
    }
}
