package dev.belfry.journal;

/** An append that was answered: what every disk after a crash must still have. */
record Acked(String text, int count, Idempotency key, Appended where) {
    Append request() {
        return JournalTest.append(text, count, key, null);
    }

    long endOffset() {
        return where.baseOffset() + count;
    }
}
