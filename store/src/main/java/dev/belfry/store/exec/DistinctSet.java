package dev.belfry.store.exec;

import dev.belfry.store.QueryContext;
import org.jspecify.annotations.Nullable;

/** Distinct 64-bit hashes: all of them, or a sketch of them; one thread. */
final class DistinctSet {
    /*
     * The sketch is HyperLogLog with 2^14 registers (Flajolet et al. 2007): the standard error is
     * 1.04 / sqrt(2^14) = 0.8 %. It begins only where the corrections for small counts are not
     * needed.
     */
    private static final int REGISTER_BITS = 14;
    private static final int REGISTERS = 1 << REGISTER_BITS;

    private final QueryContext context;
    private @Nullable LongTable hashes = new LongTable(8);
    private long reserved;
    private byte[] registers = new byte[0];

    DistinctSet(QueryContext context) {
        this.context = context;
        reserve(2L * Limits.ROW_BYTES);
    }

    void add(long hash) {
        LongTable table = hashes;
        if (table == null) {
            register(hash);
            return;
        }
        int before = table.count();
        if (table.add(hash) == before && table.sizeBytes() > reserved) {
            reserve(table.sizeBytes() - reserved);
        }
        if (table.count() > Limits.DISTINCT_EXACT_MAX) {
            sketch(table);
        }
    }

    private void reserve(long bytes) {
        reserved += bytes;
        context.reserve(bytes);
    }

    private void sketch(LongTable table) {
        registers = new byte[REGISTERS];
        hashes = null;
        for (int i = 0; i < table.count(); i++) {
            register(table.key(i));
        }
        reserve(REGISTERS - reserved);
    }

    private void register(long hash) {
        int index = (int) (hash >>> 64 - REGISTER_BITS);
        int rank = Long.numberOfLeadingZeros(hash << REGISTER_BITS | 1L << REGISTER_BITS - 1) + 1;
        registers[index] = (byte) Math.max(registers[index], rank);
    }

    void addAll(DistinctSet other) {
        LongTable table = other.hashes;
        if (table != null) {
            for (int i = 0; i < table.count(); i++) {
                add(table.key(i));
            }
            return;
        }
        LongTable own = hashes;
        if (own != null) {
            sketch(own);
        }
        for (int i = 0; i < REGISTERS; i++) {
            registers[i] = (byte) Math.max(registers[i], other.registers[i]);
        }
    }

    long count() {
        if (hashes != null) {
            return hashes.count();
        }
        double sum = 0;
        for (byte register : registers) {
            sum += Math.scalb(1.0, -register);
        }
        return Math.round(0.7213 / (1 + 1.079 / REGISTERS) * REGISTERS * REGISTERS / sum);
    }
}
