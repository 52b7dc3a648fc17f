package dev.belfry.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Far more than it can take, from clients that never wait; with slow and idle ones beside them.
 * What do health, a modest client, and memory say?
 */
final class FloodBench {
    private static final int FLOODERS = 128;
    private static final int SLOW = 500;
    private static final int IDLE = 9_000;
    private static final int SECONDS = 20;
    private static final int QUIET_SECONDS = 8;
    private static final int REST_MILLIS = 50;
    private static final List<String> PROTOCOLS =
            List.of(System.getProperty("belfry.flood", "json,otlp,bulk,loki").split(","));

    private final BelfryProcess belfry;
    private final String protocol;
    private final String key;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Map<Integer, AtomicInteger> flood = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicInteger> modest = new ConcurrentHashMap<>();
    private final List<Double> health = new ArrayList<>();
    private final List<Double> acknowledged = new ArrayList<>();

    /**
     * How late the prober itself wakes: what the load generator's own machine adds to its figures.
     */
    private final List<Double> late = new ArrayList<>();

    private FloodBench(BelfryProcess belfry, String protocol)
            throws IOException, InterruptedException {
        this.belfry = belfry;
        this.protocol = protocol;
        this.key = belfry.key();
    }

    static void run(Options options, Path folder) throws Exception {
        for (String protocol : PROTOCOLS) {
            Path data = folder.resolve(protocol);
            try (BelfryProcess belfry = BelfryProcess.start(options.launcher(), data)) {
                AcknowledgeBench.run(belfry, 500, 5);
                new FloodBench(belfry, protocol).quiet();
                new FloodBench(belfry, protocol).measure();
            }
            Programs.delete(data);
        }
    }

    /** What the modest client and health see with nothing beside them. */
    private void quiet() throws Exception {
        Thread prober = Thread.ofPlatform().priority(Thread.MAX_PRIORITY).start(this::probe);
        Thread client = Thread.ofPlatform().start(this::modest);
        TimeUnit.SECONDS.sleep(QUIET_SECONDS);
        ended.set(true);
        prober.join();
        client.join();
        System.out.println(protocol + ", quiet, modest client: " + of(acknowledged));
        System.out.println(protocol + ", quiet, health: " + of(health));
        System.out.println(protocol + ", quiet, the prober wakes late by: " + of(late));
    }

    private void measure() throws Exception {
        List<Wire> held = new ArrayList<>();
        byte[] body = ProtocolBench.body(protocol, Instant.now().toEpochMilli(), 0);
        try (ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < IDLE; i++) {
                held.add(Wire.open(belfry));
            }
            for (int i = 0; i < SLOW; i++) {
                tasks.execute(this::drip);
            }
            for (int i = 0; i < FLOODERS; i++) {
                tasks.execute(() -> flood(body));
            }
            Thread prober = Thread.ofPlatform().priority(Thread.MAX_PRIORITY).start(this::probe);
            Thread client = Thread.ofPlatform().start(this::modest);
            long most = 0;
            for (int i = 0; i < SECONDS * 5; i++) {
                TimeUnit.MILLISECONDS.sleep(200);
                most = Math.max(most, ProcessClock.residentMebibytes(belfry.handle()));
            }
            ended.set(true);
            prober.join();
            client.join();
            System.out.printf("%s, flood of bodies of %,d bytes%n", protocol, body.length);
            System.out.println("flood, answers by code: " + new TreeMap<>(flood));
            System.out.println("modest client, answers by code: " + new TreeMap<>(modest));
            System.out.println("modest client, good answers: " + of(acknowledged));
            System.out.println("health: " + of(health));
            System.out.println("the prober wakes late by: " + of(late));
            System.out.println("resident at most: " + most + " MiB");
        }
        for (Wire wire : held) {
            wire.close();
        }
    }

    private static Distribution of(List<Double> millis) {
        return new Distribution(
                millis.isEmpty()
                        ? new double[] {Double.NaN}
                        : millis.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void count(Map<Integer, AtomicInteger> codes, int code) {
        codes.computeIfAbsent(code, _ -> new AtomicInteger()).incrementAndGet();
    }

    private void flood(byte[] body) {
        while (!ended.get()) {
            try (Wire wire = Wire.open(belfry)) {
                while (!ended.get()) {
                    count(
                            flood,
                            wire.post(
                                    ProtocolBench.path(protocol),
                                    ProtocolBench.type(protocol),
                                    body));
                }
            } catch (IOException broken) {
                count(flood, 0);
            }
        }
    }

    /** A head, then a byte of the body a second. */
    private void drip() {
        while (!ended.get()) {
            try (Wire wire = Wire.open(belfry)) {
                wire.write(
                        wire.head(
                                "POST",
                                ProtocolBench.path(protocol),
                                ProtocolBench.type(protocol),
                                100_000));
                while (!ended.get()) {
                    wire.write(new byte[] {'{'});
                    TimeUnit.SECONDS.sleep(1);
                }
            } catch (IOException broken) {
                count(flood, -1);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void probe() {
        while (!ended.get()) {
            long start = System.nanoTime();
            try (Wire wire = Wire.open(belfry)) {
                wire.get("/api/v1/health");
                long asleep = System.nanoTime();
                health.add((asleep - start) / 1e6);
                TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
                late.add((System.nanoTime() - asleep) / 1e6 - REST_MILLIS);
            } catch (IOException broken) {
                health.add(Double.POSITIVE_INFINITY);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    /** Ten events, twenty times a second; waits when it is told to. */
    private void modest() {
        byte[] body = new JsonEvents(2, Instant.now().toEpochMilli(), 0).lines(10);
        try (Wire wire = Wire.open(belfry, key)) {
            while (!ended.get()) {
                long start = System.nanoTime();
                int code = wire.events(body);
                count(modest, code);
                if (code == 201) {
                    acknowledged.add((System.nanoTime() - start) / 1e6);
                }
                TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
            }
        } catch (IOException broken) {
            count(modest, 0);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
