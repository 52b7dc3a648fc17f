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
 * What do health, modest clients, and memory say?
 */
final class FloodBench {
    private static final int FLOODERS = 128;
    private static final int SLOW = 500;
    private static final int IDLE = 9_000;

    /**
     * Its first seconds, in which all connections come and methods are compiled, are told apart.
     */
    private static final int START_SECONDS = 3;

    private static final int QUIET_SECONDS = 8;
    private static final List<String> PROTOCOLS =
            List.of(System.getProperty("belfry.flood", "json,otlp,bulk,loki").split(","));

    private final BelfryProcess belfry;
    private final String protocol;
    private final long seconds;
    private final Bystanders bystanders;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Map<Integer, AtomicInteger> flood = new ConcurrentHashMap<>();

    private FloodBench(BelfryProcess belfry, String protocol, long seconds, Bystanders bystanders) {
        this.belfry = belfry;
        this.protocol = protocol;
        this.seconds = seconds;
        this.bystanders = bystanders;
    }

    static void run(Options options, Path folder) throws Exception {
        for (String protocol : PROTOCOLS) {
            Path data = folder.resolve(protocol);
            try (BelfryProcess belfry = BelfryProcess.start(options.launcher(), data);
                    Bystanders bystanders = Bystanders.start(belfry, folder)) {
                AcknowledgeBench.run(belfry, 500, 5);
                bystanders.forget();
                TimeUnit.SECONDS.sleep(QUIET_SECONDS);
                bystanders.print(protocol + ", quiet", 0, QUIET_SECONDS);
                new FloodBench(belfry, protocol, options.time().toSeconds(), bystanders).measure();
            }
            Programs.delete(data);
        }
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
            bystanders.forget();
            long most = 0;
            for (int i = 0; i < seconds * 5; i++) {
                TimeUnit.MILLISECONDS.sleep(200);
                most = Math.max(most, ProcessClock.residentMebibytes(belfry.handle()));
            }
            bystanders.print(protocol + ", flood", 0, seconds);
            bystanders.print(protocol + ", its start", 0, START_SECONDS);
            bystanders.print(protocol + ", the rest", START_SECONDS, seconds);
            ended.set(true);
            System.out.printf("%s, flood of bodies of %,d bytes%n", protocol, body.length);
            System.out.println("answers by code: " + new TreeMap<>(flood));
            System.out.println("resident at most: " + most + " MiB");
        }
        for (Wire wire : held) {
            wire.close();
        }
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
}
