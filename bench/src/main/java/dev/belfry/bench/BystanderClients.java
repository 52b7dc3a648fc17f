package dev.belfry.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The process of {@link Bystanders}: one asks for health, the others send a few events. */
final class BystanderClients {
    private static final int REST_MILLIS = 50;
    private static final int EVENTS = 10;

    private final URI address;
    private List<Double> health = new ArrayList<>();
    private List<Double> acknowledged = new ArrayList<>();

    /** How late one wakes from its rest: what waiting for a processor adds. */
    private List<Double> late = new ArrayList<>();

    private final Map<Integer, Integer> codes = new TreeMap<>();

    private BystanderClients(URI address) {
        this.address = address;
    }

    /** An address and keys; for each line that comes in, the figures since the line before. */
    public static void main(String[] arguments) throws IOException {
        BystanderClients clients = new BystanderClients(URI.create(arguments[0]));
        Thread.ofPlatform().daemon().start(clients::probe);
        for (String key : List.of(arguments).subList(1, arguments.length)) {
            Thread.ofPlatform().daemon().start(() -> clients.send(key));
        }
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            System.out.println(clients.take());
        }
    }

    private void probe() {
        while (!Thread.currentThread().isInterrupted()) {
            long start = System.nanoTime();
            double millis;
            try (Wire wire = Wire.open(address, "")) {
                boolean good = wire.get("/api/v1/health") == 200;
                millis = good ? (System.nanoTime() - start) / 1e6 : Double.POSITIVE_INFINITY;
            } catch (IOException broken) {
                millis = Double.POSITIVE_INFINITY;
            }
            double wokeLate = rest();
            synchronized (this) {
                health.add(millis);
                late.add(wokeLate);
            }
        }
    }

    /** Ten events, twenty times a second. */
    private void send(String key) {
        byte[] body = new JsonEvents(2, Instant.now().toEpochMilli(), 0).lines(EVENTS);
        try (Wire wire = Wire.open(address, key)) {
            while (!Thread.currentThread().isInterrupted()) {
                long start = System.nanoTime();
                int code = wire.events(body);
                double millis = (System.nanoTime() - start) / 1e6;
                synchronized (this) {
                    codes.merge(code, 1, Integer::sum);
                    if (code == 201) {
                        acknowledged.add(millis);
                    }
                }
                rest();
            }
        } catch (IOException broken) {
            synchronized (this) {
                codes.merge(0, 1, Integer::sum);
            }
        }
    }

    private static double rest() {
        long start = System.nanoTime();
        try {
            TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return (System.nanoTime() - start) / 1e6 - REST_MILLIS;
    }

    private synchronized String take() {
        String figures =
                "modest clients, answers by code: %s%nmodest clients, good answers: %s%nhealth: %s%nwoke late by: %s%n"
                        .formatted(
                                codes,
                                Distribution.of(acknowledged),
                                Distribution.of(health),
                                Distribution.of(late));
        codes.clear();
        acknowledged = new ArrayList<>();
        health = new ArrayList<>();
        late = new ArrayList<>();
        return figures;
    }
}
