package dev.belfry.store.parquet;

import dev.belfry.store.column.Form;

/** The numbers of Parquet's enumerations, as far as segments use them. */
final class Parquet {
    static final int MAGIC = 'P' | 'A' << 8 | 'R' << 16 | '1' << 24;

    static final int BOOLEAN = 0;
    static final int INT64 = 2;
    static final int BYTE_ARRAY = 6;
    static final int FIXED_LEN_BYTE_ARRAY = 7;

    static final int PLAIN = 0;
    static final int RLE = 3;
    static final int DELTA_BINARY_PACKED = 5;
    static final int DELTA_LENGTH_BYTE_ARRAY = 6;
    static final int DELTA_BYTE_ARRAY = 7;
    static final int RLE_DICTIONARY = 8;

    static final int UNCOMPRESSED = 0;
    static final int ZSTD = 6;

    static final int DICTIONARY_PAGE = 2;
    static final int DATA_PAGE_V2 = 3;

    static final int OPTIONAL = 1;

    private Parquet() {}

    /** The physical type that values of {@code form} have. */
    static int type(Form form) {
        return switch (form) {
            case TEXT, JSON, NUMBER -> BYTE_ARRAY;
            case DECIMAL, INTEGER, TIMESTAMP_NANOS, TIMESTAMP_MILLIS -> INT64;
            case BOOLEAN -> BOOLEAN;
            case HEX8, HEX16, UUID -> FIXED_LEN_BYTE_ARRAY;
        };
    }
}
