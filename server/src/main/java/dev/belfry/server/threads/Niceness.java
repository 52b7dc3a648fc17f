package dev.belfry.server.threads;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How far threads stand back when others want a processor too; safe for many threads. */
public final class Niceness {
    /*
     * On Linux setpriority(2) with PRIO_PROCESS is of one thread, against POSIX, where it is of the whole process
     * ("C library/kernel differences"); so it is called there only. 0 is the calling thread, and each has a folder in
     * /proc/self/task. Standing back further needs no right. Threads that a thread starts stand back as far as it
     * does. Where it cannot be done all are equal, which costs nothing but time.
     */
    private static final int PRIO_PROCESS = 0;
    private static final int MOST = 19;

    private static final long IDLE_SECONDS = 60;

    /* proc_pid_stat(5); the name, which may have spaces in it, is the second field. */
    private static final int NICE_FIELD = 19;
    private static final int FIELD_AFTER_NAME = 3;

    private static final String TASKS = "/proc/self/task";
    private static final @Nullable MethodHandle SET_PRIORITY = find();

    private Niceness() {}

    /**
     * At most {@code max} threads called {@code name} and a number, that stand back by {@code
     * niceness} and end after a minute without work; what comes meanwhile waits.
     */
    public static ThreadPoolExecutor pool(int max, String name, int niceness) {
        ThreadFactory factory = Thread.ofPlatform().daemon().name(name, 0).factory();
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(
                        max,
                        max,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        work ->
                                factory.newThread(() -> {
                                    raise(niceness);
                                    work.run();
                                }));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /**
     * The calling thread, not a virtual one, stands back by {@code steps} more; 19 in all at most.
     */
    public static void raise(int steps) {
        if (SET_PRIORITY == null) {
            return;
        }
        try {
            set(0, of(Path.of("/proc/thread-self")) + steps);
        } catch (IOException _) {
            /* Without /proc all are equal. */
        }
    }

    /**
     * Each thread of this process stands back by {@code steps} more whose name, as the system has
     * it (15 bytes at most), begins with {@code name}; the Java machine's own too.
     *
     * @return how many these are
     */
    public static int raise(String name, int steps) {
        String[] threads = SET_PRIORITY == null ? null : new File(TASKS).list();
        int count = 0;
        for (String thread : threads == null ? new String[0] : threads) {
            count += raise(Path.of(TASKS, thread), name, steps) ? 1 : 0;
        }
        return count;
    }

    private static boolean raise(Path task, String name, int steps) {
        try {
            if (!Files.readString(task.resolve("comm")).startsWith(name)) {
                return false;
            }
            set(Integer.parseInt(task.getFileName().toString()), of(task) + steps);
            return true;
        } catch (IOException _) {
            /* It has ended. */
            return false;
        }
    }

    private static int of(Path task) throws IOException {
        String stat = Files.readString(task.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Integer.parseInt(fields[NICE_FIELD - FIELD_AFTER_NAME]);
    }

    private static void set(int thread, int niceness) {
        MethodHandle setPriority = SET_PRIORITY;
        if (setPriority == null) {
            return;
        }
        try {
            int _ = (int) setPriority.invokeExact(PRIO_PROCESS, thread, Math.min(MOST, niceness));
        } catch (Throwable e) {
            throw new IllegalStateException("BUG: setpriority", e);
        }
    }

    private static @Nullable MethodHandle find() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("setpriority")
                .map(address ->
                        linker.downcallHandle(
                                address,
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.JAVA_INT)))
                .orElse(null);
    }
}
