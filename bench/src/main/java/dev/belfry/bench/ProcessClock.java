package dev.belfry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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
