package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InflationTest {
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "zstd", "deflate", "raw", "identity", "", " GZip "})
    void inflate_givesBackWhatWasDeflated(String encoding) throws IOException {
        byte[] body = new byte[300_000];
        new Random(1).nextBytes(body);
        Arrays.fill(body, 1_000, 250_000, (byte) 'x');
        String name = encoding.equals("raw") ? "deflate" : encoding;
        assertThat(Inflation.inflate(deflate(body, encoding), name, body.length)).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "deflate", "raw", "identity"})
    void inflate_stopsAtTheBound_andNamesIt(String encoding) throws IOException {
        byte[] bomb = deflate(new byte[50_000_000], encoding);
        String name = encoding.equals("raw") ? "deflate" : encoding;
        assertThatThrownBy(() -> Inflation.inflate(bomb, name, 1_000_000))
                .isInstanceOf(BelfryException.class)
                .hasMessageContaining("1000000 bytes")
                .extracting(failure -> ((BelfryException) failure).code())
                .isEqualTo(ErrorCode.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "deflate"})
    void inflate_ofCutOrDamagedBytes_isAValidationError(String encoding) throws IOException {
        byte[] whole =
                deflate("some text, some more text".getBytes(StandardCharsets.UTF_8), encoding);
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Inflation.inflate(cut, encoding, 1_000))
                    .isInstanceOf(BelfryException.class)
                    .hasMessageContaining("(expected: " + encoding + ")");
        }
        byte[] text = "{\"event_type\":\"log\"}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Inflation.inflate(text, encoding, 1_000))
                .isInstanceOf(BelfryException.class);
    }

    @Test
    void inflate_ofAWideZstdWindow_isRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStream zstd = new ZstdOutputStream(bytes)) {
            zstd.setLong(27);
            zstd.write(new byte[100]);
        }
        assertThatThrownBy(() -> Inflation.inflate(bytes.toByteArray(), "zstd", 1_000))
                .isInstanceOf(BelfryException.class);
    }

    @Test
    void inflate_ofAnUnknownEncoding_namesTheKnown() {
        assertThatThrownBy(() -> Inflation.inflate(new byte[1], "br", 1_000))
                .hasMessage("content encoding: br (expected: gzip, zstd, deflate or identity)");
    }

    private static byte[] deflate(byte[] body, String encoding) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        switch (encoding.strip().toLowerCase(java.util.Locale.ROOT)) {
            case "gzip", "x-gzip" -> write(new GZIPOutputStream(bytes), body);
            case "deflate" -> write(new DeflaterOutputStream(bytes), body);
            case "raw" -> write(new DeflaterOutputStream(bytes, new Deflater(6, true)), body);
            case "zstd" -> bytes.writeBytes(Zstd.compress(body));
            default -> bytes.writeBytes(body);
        }
        return bytes.toByteArray();
    }

    private static void write(OutputStream output, byte[] body) throws IOException {
        try (output) {
            output.write(body);
        }
    }
}
