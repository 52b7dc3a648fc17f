package dev.belfry.receive.importer;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A file, or standard input, as plain UTF-8 bytes whatever it is packed in. */
final class InputFile {
    /** How many bytes tell a file from another. */
    static final int BLOCK_BYTES = 4_096;

    private static final int STREAM_BYTES = 256 << 10;
    private static final int ZSTD_WINDOW_LOG_MAX = 27;

    private final String name;
    private final @Nullable Path path;

    /** The file {@code name}; {@code -} is standard input. */
    InputFile(String name) {
        this.name = name;
        this.path = name.equals("-") ? null : Path.of(name).toAbsolutePath().normalize();
    }

    /** The name as it was given. */
    String name() {
        return name;
    }

    /** The file's place, null for standard input. */
    @Nullable Path path() {
        return path;
    }

    /** The file's size in bytes, -1 for standard input. */
    long size() throws IOException {
        return path == null ? -1 : Files.size(path);
    }

    /**
     * Up to {@code length} bytes of the beginning, as they lie on the disk; empty for standard
     * input.
     */
    byte[] block(int length) throws IOException {
        if (path == null) {
            return new byte[0];
        }
        try (InputStream input = Files.newInputStream(path)) {
            return input.readNBytes(length);
        }
    }

    /**
     * The name without folders, packing, rotation number and the usual endings: a source's name.
     */
    String sourceName() {
        if (path == null) {
            return "stdin";
        }
        String file = String.valueOf(path.getFileName());
        String base =
                file.replaceFirst("(?i)\\.(gz|zst|zstd)$", "")
                        .replaceFirst("\\.\\d{1,4}$", "")
                        .replaceFirst(
                                "(?i)\\.(log|txt|json|jsonl|ndjson|csv|tsv|parquet|out|err)$", "");
        return base.isEmpty() ? file : base;
    }

    /** The bytes with a count of what was read from the disk. */
    Opened open() throws IOException {
        InputStream raw = path == null ? System.in : Files.newInputStream(path);
        CountingInput counting = new CountingInput(raw);
        byte[] magic = counting.readNBytes(4);
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(magic), counting);
        InputStream plain = whole;
        if (startsWith(magic, 0x1F, 0x8B)) {
            plain = new GZIPInputStream(whole, STREAM_BYTES);
        } else if (startsWith(magic, 0x28, 0xB5, 0x2F, 0xFD)) {
            ZstdInputStreamNoFinalizer zstd = new ZstdInputStreamNoFinalizer(whole);
            zstd.setLongMax(ZSTD_WINDOW_LOG_MAX);
            plain = zstd;
        } else if (startsWith(magic, 0xFF, 0xFE)) {
            plain = new RecodedInput(whole, StandardCharsets.UTF_16LE);
        } else if (startsWith(magic, 0xFE, 0xFF)) {
            plain = new RecodedInput(whole, StandardCharsets.UTF_16BE);
        }
        return new Opened(plain, counting);
    }

    private static boolean startsWith(byte[] bytes, int... expected) {
        if (bytes.length < expected.length) {
            return false;
        }
        for (int index = 0; index < expected.length; index++) {
            if ((bytes[index] & 0xFF) != expected[index]) {
                return false;
            }
        }
        return true;
    }

    /**
     * An open file.
     *
     * @param plain its bytes, unpacked
     * @param raw counts the bytes as they lie on the disk
     */
    record Opened(InputStream plain, CountingInput raw) {}

    /** Counts what passes. */
    static final class CountingInput extends FilterInputStream {
        private volatile long count;

        CountingInput(InputStream input) {
            super(input);
        }

        long count() {
            return count;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            add(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int read = super.read(target, from, length);
            add(Math.max(0, read));
            return read;
        }

        @Override
        public long skip(long length) throws IOException {
            long skipped = super.skip(length);
            add(skipped);
            return skipped;
        }

        /* One thread reads; the progress display only looks. */
        @SuppressWarnings("NonAtomicVolatileUpdate")
        private void add(long more) {
            count += more;
        }
    }

    /** Text of another character set as UTF-8. */
    private static final class RecodedInput extends InputStream {
        private final Reader reader;
        private final char[] units = new char[8_192];
        private byte[] bytes = new byte[0];
        private int at;

        RecodedInput(InputStream input, Charset charset) {
            reader = new InputStreamReader(input, charset);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            if (at == bytes.length && !fill()) {
                return -1;
            }
            int some = Math.min(length, bytes.length - at);
            System.arraycopy(bytes, at, target, from, some);
            at += some;
            return some;
        }

        /* The last unit may be the first half of a pair, whose second half is then read with it. */
        private boolean fill() throws IOException {
            int count = reader.read(units, 0, units.length - 1);
            if (count < 0) {
                return false;
            }
            if (count > 0 && Character.isHighSurrogate(units[count - 1])) {
                int low = reader.read();
                if (low >= 0) {
                    units[count++] = (char) low;
                }
            }
            bytes = new String(units, 0, count).getBytes(StandardCharsets.UTF_8);
            at = 0;
            return true;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
