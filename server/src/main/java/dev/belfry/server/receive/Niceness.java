package dev.belfry.server.receive;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a thread stands back when others want a processor too. */
final class Niceness {
    /*
     * On Linux nice(3) is of the calling thread alone, against POSIX, where it is of the whole process (nice(2), "C
     * library/kernel differences"); so it is called there only. Raising needs no right. Threads that a thread starts
     * stand back as far as it does. Where it cannot be raised all are equal, which costs nothing but time.
     */
    private static final @Nullable MethodHandle NICE = find();

    private Niceness() {}

    /**
     * The calling thread, not a virtual one, stands back by {@code steps} more; 19 in all at most.
     */
    static void raise(int steps) {
        MethodHandle nice = NICE;
        if (nice == null) {
            return;
        }
        try {
            int _ = (int) nice.invokeExact(steps);
        } catch (Throwable e) {
            throw new IllegalStateException("BUG: nice", e);
        }
    }

    private static @Nullable MethodHandle find() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> function = linker.defaultLookup().find("nice");
        return function.map(address ->
                        linker.downcallHandle(
                                address,
                                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)))
                .orElse(null);
    }
}
