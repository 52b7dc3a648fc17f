package dev.belfry.server.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Pages of this process's memory; safe for many threads. */
final class Pages {
    /*
     * madvise(2): MADV_POPULATE_WRITE (Linux 5.14) finds memory for pages as a write to them would, and leaves what
     * stands in them. Where none may be written it does nothing.
     */
    private static final int POPULATE_WRITE = 23;

    private static final @Nullable MethodHandle ADVISE = madvise();

    private Pages() {}

    /**
     * Has memory found for the pages of {@code [address .. address + bytes)}, which may be in use;
     * {@code address} is a page's.
     *
     * @return whether it was done: not on other systems, nor where a page may not be written
     */
    static boolean find(long address, long bytes) {
        MethodHandle advise = ADVISE;
        if (advise == null) {
            return false;
        }
        try {
            return (int) advise.invokeExact(MemorySegment.ofAddress(address), bytes, POPULATE_WRITE)
                    == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("BUG: madvise", e);
        }
    }

    private static @Nullable MethodHandle madvise() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("madvise")
                .map(address ->
                        linker.downcallHandle(
                                address,
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_INT,
                                        ValueLayout.ADDRESS,
                                        ValueLayout.JAVA_LONG,
                                        ValueLayout.JAVA_INT)))
                .orElse(null);
    }
}
