package dev.belfry.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a process and its children have used, from Linux' {@code /proc}. */
final class ProcessClock {
    /* USER_HZ; 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private ProcessClock() {}

    /** CPU seconds of {@code process} and those below it so far, ended ones included. */
    static double cpuSeconds(ProcessHandle process) {
        double seconds = own(process.pid());
        List<ProcessHandle> below = process.descendants().toList();
        for (ProcessHandle child : below) {
            seconds += own(child.pid());
        }
        return seconds;
    }

    private static double own(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            /* Own, then that of children which have ended and were waited for. */
            long ticks = 0;
            for (int i = 11; i <= 14; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            return ticks / TICKS_PER_SECOND;
        } catch (IOException gone) {
            return 0;
        }
    }

    /**
     * CPU nanoseconds of each thread of {@code process} and of those below it so far, by its id:
     * what small differences are counted by, since ticks are 10 ms.
     */
    static Map<String, Long> threadNanos(ProcessHandle process) throws IOException {
        Map<String, Long> nanos = new HashMap<>();
        Stream<ProcessHandle> all = Stream.concat(Stream.of(process), process.descendants());
        for (ProcessHandle one : all.toList()) {
            Path tasks = Path.of("/proc/" + one.pid() + "/task");
            try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
                for (Path thread : threads) {
                    long own = runNanos(thread);
                    if (own > 0) {
                        nanos.put(thread.getFileName().toString(), own);
                    }
                }
            }
        }
        return nanos;
    }

    private static long runNanos(Path thread) {
        try {
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        } catch (IOException gone) {
            return 0;
        }
    }

    /**
     * CPU milliseconds since {@link #threadNanos} gave {@code before}; of threads that still are.
     */
    static double millisSince(Map<String, Long> before, ProcessHandle process) throws IOException {
        long nanos = 0;
        for (Map.Entry<String, Long> thread : threadNanos(process).entrySet()) {
            nanos += thread.getValue() - before.getOrDefault(thread.getKey(), 0L);
        }
        return nanos / 1e6;
    }

    /** Resident memory of {@code process} in MiB. */
    static long residentMebibytes(ProcessHandle process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
            }
        }
        return 0;
    }

    /**
     * Waits until {@code process} has been idle (under a twentieth of a CPU) for two seconds; gives
     * its CPU seconds then.
     */
    static double awaitIdle(ProcessHandle process) throws InterruptedException {
        double before = cpuSeconds(process);
        int quiet = 0;
        while (quiet < 4) {
            Thread.sleep(500);
            double now = cpuSeconds(process);
            quiet = now - before < 0.025 ? quiet + 1 : 0;
            before = now;
        }
        return before;
    }
}
