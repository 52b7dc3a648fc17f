package dev.belfry.store.metrics;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Memory outside the heap that the kernel gives by pages of 2 MiB, where it can. */
final class LargePages {
    /*
     * Most kernels give pages of 4 KiB unless somebody asks, madvise(2), and clearing one on its first touch is dearer
     * than the touch: a start that reads 60 MB of open samples spent half of that on it. Arenas touch what they
     * give before anybody could ask, so this memory is the C library's.
     */
    private static final long PAGE_BYTES = 2 << 20;
    private static final int MADV_HUGEPAGE = 14;
    private static final @Nullable LargePages HERE = find();

    private final MethodHandle allocate;
    private final MethodHandle advise;
    private final MethodHandle free;

    private LargePages(Linker linker) {
        AddressLayout address = ValueLayout.ADDRESS;
        ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
        ValueLayout.OfInt number = ValueLayout.JAVA_INT;
        allocate = function(linker, "aligned_alloc", FunctionDescriptor.of(address, size, size));
        advise = function(linker, "madvise", FunctionDescriptor.of(number, address, size, number));
        free = function(linker, "free", FunctionDescriptor.ofVoid(address));
    }

    private static MethodHandle function(
            Linker linker, String name, FunctionDescriptor description) {
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), description);
    }

    private static @Nullable LargePages find() {
        boolean isThere =
                System.getProperty("os.name", "").equals("Linux")
                        && ValueLayout.ADDRESS.byteSize() == Long.BYTES;
        return isThere ? new LargePages(Linker.nativeLinker()) : null;
    }

    /**
     * Memory of unknown content, which goes when nobody has it any more.
     *
     * @param bytes a multiple of 2 MiB
     */
    static MemorySegment allocate(long bytes) {
        LargePages here = HERE;
        return here == null ? Arena.ofAuto().allocate(bytes, PAGE_BYTES) : here.take(bytes);
    }

    private MemorySegment take(long bytes) {
        try {
            MemorySegment memory = (MemorySegment) allocate.invokeExact(PAGE_BYTES, bytes);
            if (memory.equals(MemorySegment.NULL)) {
                throw new OutOfMemoryError("samples: " + bytes + " bytes outside the heap");
            }
            /* Where it is refused pages are small, which costs nothing but time. */
            int _ = (int) advise.invokeExact(memory, bytes, MADV_HUGEPAGE);
            return memory.reinterpret(bytes, Arena.ofAuto(), this::give);
        } catch (Error | RuntimeException failure) {
            throw failure;
        } catch (Throwable failure) {
            throw new IllegalStateException("BUG: memory", failure);
        }
    }

    private void give(MemorySegment memory) {
        try {
            free.invokeExact(memory);
        } catch (Throwable failure) {
            throw new IllegalStateException("BUG: memory", failure);
        }
    }
}
