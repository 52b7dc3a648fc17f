package dev.belfry.server.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The process and its Java machine, under the names of the Prometheus client for Java. */
final class ProcessMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMetrics() {}

    static void register(Registry registry) {
        registerMemory(registry);
        registerCollector(registry);
        registerProcess(registry);
        registry.add(
                gauge(
                        "jvm_threads_current",
                        "Threads of the operating system that the Java machine has.",
                        sink -> sink.accept(ManagementFactory.getThreadMXBean().getThreadCount())));
    }

    private static void registerMemory(Registry registry) {
        registry.add(
                new Sampled(
                        "jvm_memory_used_bytes",
                        "Memory of the Java machine in use.",
                        "gauge",
                        List.of("area"),
                        sink -> {
                            MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
                            sink.accept(memory.getHeapMemoryUsage().getUsed(), "heap");
                            sink.accept(memory.getNonHeapMemoryUsage().getUsed(), "nonheap");
                        }));
        registry.add(
                new Sampled(
                        "jvm_memory_max_bytes",
                        "Memory that the Java machine may use, -1 where it has no bound.",
                        "gauge",
                        List.of("area"),
                        sink -> {
                            MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
                            sink.accept(memory.getHeapMemoryUsage().getMax(), "heap");
                            sink.accept(memory.getNonHeapMemoryUsage().getMax(), "nonheap");
                        }));
        registry.add(
                new Sampled(
                        "jvm_buffer_pool_used_bytes",
                        "Memory of direct and mapped buffers.",
                        "gauge",
                        List.of("pool"),
                        sink -> {
                            for (BufferPoolMXBean pool :
                                    ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
                                sink.accept(pool.getMemoryUsed(), pool.getName());
                            }
                        }));
    }

    private static void registerCollector(Registry registry) {
        registry.add(
                new Sampled(
                        "jvm_gc_collection_seconds_total",
                        "Time that garbage collection took.",
                        "counter",
                        List.of("gc"),
                        sink -> {
                            for (GarbageCollectorMXBean bean :
                                    ManagementFactory.getGarbageCollectorMXBeans()) {
                                sink.accept(bean.getCollectionTime() / 1e3, bean.getName());
                            }
                        }));
        registry.add(
                new Sampled(
                        "jvm_gc_collections_total",
                        "Garbage collections.",
                        "counter",
                        List.of("gc"),
                        sink -> {
                            for (GarbageCollectorMXBean bean :
                                    ManagementFactory.getGarbageCollectorMXBeans()) {
                                sink.accept(bean.getCollectionCount(), bean.getName());
                            }
                        }));
    }

    private static void registerProcess(Registry registry) {
        registry.add(
                new Sampled(
                        "process_cpu_seconds_total",
                        "Processor time that the process has used.",
                        "counter",
                        List.of(),
                        sink -> sink.accept(system().getProcessCpuTime() / 1e9)));
        registry.add(
                gauge(
                        "process_open_fds",
                        "Files that the process has open.",
                        sink -> sink.accept(system().getOpenFileDescriptorCount())));
        registry.add(
                gauge(
                        "process_max_fds",
                        "Files that the process may have open.",
                        sink -> sink.accept(system().getMaxFileDescriptorCount())));
        registry.add(
                gauge(
                        "process_start_time_seconds",
                        "When the process started, seconds since 1970.",
                        sink ->
                                sink.accept(
                                        ManagementFactory.getRuntimeMXBean().getStartTime()
                                                / 1e3)));
        registry.add(
                gauge(
                        "process_resident_memory_bytes",
                        "Memory of the process that is in the machine's memory.",
                        sink -> sink.accept(residentBytes())));
    }

    private static Sampled gauge(String name, String help, Consumer<Sampled.Sink> source) {
        return new Sampled(name, help, "gauge", List.of(), source);
    }

    private static UnixOperatingSystemMXBean system() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
    }

    /** From the operating system where it tells, else what the Java machine holds. */
    private static double residentBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024.0;
                }
            }
        } catch (IOException | NumberFormatException _) {
            // Not Linux: the heap's size below is the next best.
        }
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return heap.getCommitted();
    }
}
