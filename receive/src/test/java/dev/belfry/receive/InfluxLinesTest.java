package dev.belfry.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class InfluxLinesTest {
    private final MemoryResolver resolver = new MemoryResolver();

    @Test
    void fields_areSeries_withTheTagsOfTheLine() {
        String text =
                """
                # a comment
                cpu,host=a\\,b,region=eu\\ west user=1.5,system=2i,idle=97u,on=t,note="a, \\"b\\" c" 1700000000123456789
                disk\\ io,dev=sda reads=5
                weather temp\\=out=-3e2 1700000000000000000

                """;
        DecodedSamples decoded = decode(text, "ns", "");
        assertThat(decoded.errors()).isEmpty();
        assertThat(decoded.itemCount()).isEqualTo(3);
        assertThat(resolver.lines(decoded))
                .containsExactly(
                        "cpu_user{host=\"a,b\", region=\"eu west\"} 1.5 @1700000000123",
                        "cpu_system{host=\"a,b\", region=\"eu west\"} 2 @1700000000123",
                        "cpu_idle{host=\"a,b\", region=\"eu west\"} 97 @1700000000123",
                        "cpu_on{host=\"a,b\", region=\"eu west\"} 1 @1700000000123",
                        "disk io_reads{dev=\"sda\"} 5 @42",
                        "weather_temp=out{} -300 @1700000000000");
    }

    @Test
    void precision_andDatabase() {
        assertThat(resolver.lines(decode("a b=1 1700000000", "s", "tele")))
                .containsExactly("a_b{db=\"tele\"} 1 @1700000000000");
        assertThat(resolver.lines(decode("a,db=own b=1 1700000000000", "ms", "tele")))
                .containsExactly("a_b{db=\"own\"} 1 @1700000000000");
        assertThat(resolver.lines(decode("a b=1 1700000000000000", "us", "")))
                .containsExactly("a_b{} 1 @1700000000000");
    }

    @Test
    void databases_whoseHashesMeet_areKeptApart() {
        assertThat("Aa").hasSameHashCodeAs("BB");
        assertThat(resolver.lines(decode("a b=1", "ns", "Aa")))
                .containsExactly("a_b{db=\"Aa\"} 1 @42");
        assertThat(resolver.lines(decode("a b=2", "ns", "BB")))
                .containsExactly("a_b{db=\"BB\"} 2 @42");
    }

    @Test
    void knownSeries_costNoLabels() {
        decode("a,x=y b=1,c=2 1", "ns", "");
        int resolved = resolver.resolved;
        assertThat(decode("a,x=y b=3,c=4 2", "ns", "").batch().count()).isEqualTo(2);
        assertThat(resolver.resolved).isEqualTo(resolved);
    }

    @Test
    void wrongLine_isAnErrorOfItsOwn_andGivesNothing() {
        String text =
                "a b=1\nnofields\nc d=x\ne f=1,g=\n,x=y f=1\nh,x f=1\ni j=1 soon\nk l=1 2 3\nm n=2";
        DecodedSamples decoded = decode(text, "ns", "");
        assertThat(resolver.lines(decoded)).containsExactly("a_b{} 1 @42", "m_n{} 2 @42");
        assertThat(decoded.errors())
                .extracting(ItemError::index)
                .containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(decoded.errors().getFirst().message())
                .isEqualTo(
                        "line 2: nofields (expected: a blank and fields behind the measurement)");
        assertThat(decoded.errors().get(5).message())
                .contains("line 7: i j=1 soon", "a time from 1970 on");
    }

    private DecodedSamples decode(String text, String precision, String database) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return InfluxLines.decode(
                body,
                body.length,
                precision,
                database,
                new KnownFamilies(),
                SeriesIntake.of(resolver, Set.of()),
                42);
    }
}
