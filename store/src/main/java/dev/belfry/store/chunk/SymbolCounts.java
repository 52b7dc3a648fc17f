package dev.belfry.store.chunk;

import dev.belfry.model.wire.WireWriter;

/** How often symbols occur, and the table that is best for them; reused; for one thread. */
final class SymbolCounts {
    private final SymbolTable table = new SymbolTable();
    private final int[] counts = new int[SymbolTable.SYMBOLS_MAX];
    private final int[] fine = new int[SymbolTable.SYMBOLS_MAX];
    private final int[] places = new int[SymbolTable.SYMBOLS_MAX];

    /* Of values looked at last: their symbols at the highest fineness, each once. */
    private final int[] found = new int[SymbolTable.SYMBOLS_MAX];
    private int foundCount;
    private int bestFineness;

    /* The symbol at a lower fineness that a symbol at the highest belongs to. */
    private static final int[][] COARSE =
            new int[SymbolTable.FINENESS_MAX + 1][SymbolTable.SYMBOLS_MAX];

    private static final double[] LOGS = new double[1 << 13];

    static {
        for (int fineness = 0; fineness < COARSE.length; fineness++) {
            for (int symbol = 0; symbol < SymbolTable.SYMBOLS_MAX; symbol++) {
                long low = SymbolTable.lowest(symbol, SymbolTable.FINENESS_MAX);
                COARSE[fineness][symbol] = SymbolTable.symbol(low, fineness) & ~1 | symbol & 1;
            }
        }
        for (int i = 1; i < LOGS.length; i++) {
            LOGS[i] = Math.log(i) / Math.log(2);
        }
    }

    private static double log2(int value) {
        return value < LOGS.length ? LOGS[value] : Math.log(value) / Math.log(2);
    }

    /** About how many bits {@code values[from .. end)} take with their table. */
    long estimateBits(long[] values, int from, int end) {
        for (int i = 0; i < foundCount; i++) {
            fine[found[i]] = 0;
        }
        foundCount = 0;
        for (int i = from; i < end; i++) {
            int symbol = SymbolTable.symbol(values[i], SymbolTable.FINENESS_MAX);
            if (fine[symbol]++ == 0) {
                found[foundCount++] = symbol;
            }
        }
        long best = Long.MAX_VALUE;
        for (int fineness = 0; fineness <= SymbolTable.FINENESS_MAX; fineness++) {
            long bits = bits(fineness, end - from);
            if (bits < best) {
                best = bits;
                bestFineness = fineness;
            }
        }
        return best;
    }

    private long bits(int fineness, int total) {
        coarsen(fineness);
        int[] coarse = COARSE[fineness];
        double logTotal = log2(total);
        double bits = 112;
        for (int i = 0; i < foundCount; i++) {
            int symbol = coarse[found[i]];
            int count = counts[symbol];
            if (count > 0) {
                int rest = SymbolTable.restBits(symbol, fineness);
                bits += 8 + count * (logTotal - log2(count) + rest);
                counts[symbol] = 0;
            }
        }
        return (long) bits;
    }

    private void coarsen(int fineness) {
        int[] coarse = COARSE[fineness];
        for (int i = 0; i < foundCount; i++) {
            counts[coarse[found[i]]] += fine[found[i]];
        }
    }

    /**
     * Makes the table of {@code values[from .. end)}, of which there is at least one; writes it.
     */
    SymbolTable writeTable(long[] values, int from, int end, WireWriter out) {
        estimateBits(values, from, end);
        coarsen(bestFineness);
        table.build(counts, end - from, bestFineness);
        table.write(out);
        for (int i = 0; i < table.size; i++) {
            counts[table.symbols[i]] = 0;
            places[table.symbols[i]] = i;
        }
        return table;
    }

    /** The place of a value's symbol in the table that was made last. */
    int place(long value) {
        return places[SymbolTable.symbol(value, table.fineness)];
    }
}
