package dev.belfry.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The process of {@link Bystanders}: one asks for health, others send a few events, and one forces
 * a file of its own, which tells what the machine costs whoever shares it.
 */
final class BystanderClients {
    private static final int REST_MILLIS = 50;
    private static final int EVENTS = 10;

    /* About what such events take in a journal; into bytes that are there, as a journal does. */
    private static final int FORCED_BYTES = 4 << 10;
    private static final int FILE_BYTES = 4 << 20;

    private final URI address;
    private final List<Taken> acknowledged = new ArrayList<>();
    private final List<Taken> health = new ArrayList<>();
    private final List<Taken> forces = new ArrayList<>();

    /** How late one wakes from its rest: what waiting for a processor adds. */
    private final List<Taken> late = new ArrayList<>();

    private final Map<Integer, Integer> codes = new TreeMap<>();
    private long beginNanoTime = System.nanoTime();

    private BystanderClients(URI address) {
        this.address = address;
    }

    /** What began at {@code startNanoTime} took so long. */
    private record Taken(long startNanoTime, double millis) {}

    /**
     * An address, a folder, and keys. An empty line forgets what was measured; another one is two
     * numbers: what began between so many seconds after that is printed.
     */
    public static void main(String[] arguments) throws IOException {
        BystanderClients clients = new BystanderClients(URI.create(arguments[0]));
        Path file = Files.createTempFile(Path.of(arguments[1]), "forced", "");
        start(clients::probe);
        start(() -> clients.force(file));
        for (String key : List.of(arguments).subList(2, arguments.length)) {
            start(() -> clients.send(key));
        }
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = lines.readLine()) != null) {
            if (line.isEmpty()) {
                clients.forget();
            } else {
                String[] seconds = line.split(" ");
                System.out.println(
                        clients.figures(
                                Integer.parseInt(seconds[0]), Integer.parseInt(seconds[1])));
            }
        }
    }

    private static void start(Runnable client) {
        Thread.ofPlatform().daemon().start(client);
    }

    private void probe() {
        while (!Thread.currentThread().isInterrupted()) {
            long start = System.nanoTime();
            boolean good = false;
            try (Wire wire = Wire.open(address, "")) {
                good = wire.get("/api/v1/health") == 200;
            } catch (IOException _) {
                /* It counts as one that is never answered. */
            }
            add(health, start, good ? millisSince(start) : Double.POSITIVE_INFINITY);
            long rests = System.nanoTime();
            rest();
            add(late, rests, millisSince(rests) - REST_MILLIS);
        }
    }

    /** Ten events, twenty times a second. */
    private void send(String key) {
        byte[] body = new JsonEvents(2, Instant.now().toEpochMilli(), 0).lines(EVENTS);
        try (Wire wire = Wire.open(address, key)) {
            while (!Thread.currentThread().isInterrupted()) {
                long start = System.nanoTime();
                int code = wire.events(body);
                if (code == 201) {
                    add(acknowledged, start, millisSince(start));
                }
                count(code);
                rest();
            }
        } catch (IOException broken) {
            count(0);
        }
    }

    private void force(Path file) {
        try (FileChannel channel =
                FileChannel.open(
                        file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            channel.write(ByteBuffer.allocate(FILE_BYTES));
            channel.force(true);
            ByteBuffer bytes = ByteBuffer.allocateDirect(FORCED_BYTES);
            for (int at = 0; !Thread.currentThread().isInterrupted(); at += FORCED_BYTES) {
                long start = System.nanoTime();
                channel.write(bytes.clear(), at % FILE_BYTES);
                channel.force(false);
                add(forces, start, millisSince(start));
                rest();
            }
        } catch (IOException broken) {
            System.err.println("bystander: " + file + ": " + broken.getMessage());
        }
    }

    private static void rest() {
        try {
            TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static double millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e6;
    }

    private synchronized void add(List<Taken> figures, long startNanoTime, double millis) {
        figures.add(new Taken(startNanoTime, millis));
    }

    private synchronized void count(int code) {
        codes.merge(code, 1, Integer::sum);
    }

    private synchronized void forget() {
        beginNanoTime = System.nanoTime();
        codes.clear();
        List.of(acknowledged, health, forces, late).forEach(List::clear);
    }

    private synchronized String figures(int from, int to) {
        return "modest clients, answers by code: %s%nmodest clients, good answers: %s%nhealth: %s%na force of their own: %s%nwoke late by: %s%n"
                .formatted(
                        codes,
                        between(from, to, acknowledged),
                        between(from, to, health),
                        between(from, to, forces),
                        between(from, to, late));
    }

    private Distribution between(int from, int to, List<Taken> figures) {
        return Distribution.of(
                figures.stream()
                        .filter(taken -> {
                            double seconds = (taken.startNanoTime - beginNanoTime) / 1e9;
                            return seconds >= from && seconds < to;
                        })
                        .map(Taken::millis)
                        .toList());
    }
}
