package dev.belfry.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.belfry.model.BelfryException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class JsonTextTest {
    @Test
    void values_areWrittenWithTheirCommas() {
        JsonText text = new JsonText(1).object();
        text.name("a").array().number(1).number(2.5).truth(true).nothing().endArray();
        text.name("b").object().endObject();
        text.name("c").raw("{\"x\":[]}").name("d").text("e").endObject();
        assertThat(text.toString())
                .isEqualTo("{\"a\":[1,2.5,true,null],\"b\":{},\"c\":{\"x\":[]},\"d\":\"e\"}");
    }

    @Test
    void texts_areEscaped_andReadBackTheSame() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int unit = 0; unit < 0x300; unit++) {
            all.append((char) unit);
        }
        all.append("\u20ac\ud83d\ude00");
        byte[] json = new JsonText(1).text(all.toString()).bytes();
        assertThat(new ObjectMapper().readValue(json, String.class)).isEqualTo(all.toString());
        assertThat(new JsonText(1).text("\ud800").toString()).isEqualTo("\"\ufffd\"");
    }

    @Test
    void idsAndTimes_areText() {
        UUID id = UUID.fromString("01a1fbf6-851c-8000-8000-000000000003");
        assertThat(new JsonText(1).uuid(id).toString()).isEqualTo('"' + id.toString() + '"');
        assertThat(new JsonText(1).time(1_500_000_000L).toString())
                .isEqualTo("\"1970-01-01T00:00:01.500Z\"");
    }

    @Test
    void objects_areReadWithTheirTypesChecked() {
        JsonObject object = parse("{\"t\":\"x\",\"n\":3,\"b\":true,\"l\":[\"a\"],\"z\":null}");
        assertThat(object.text("t")).isEqualTo("x");
        assertThat(object.optionalWhole("n")).contains(3L);
        assertThat(object.optionalTruth("b")).contains(true);
        assertThat(object.optionalTexts("l")).contains(List.of("a"));
        assertThat(object.optionalText("z")).isEmpty();
        assertThat(object.has("z")).isTrue();
        assertThatThrownBy(() -> object.text("z")).hasMessageContaining("z: is missing");
        assertThatThrownBy(() -> object.optionalText("n")).hasMessageContaining("n: 3");
    }

    @Test
    void bodiesThatAreNoObject_areRefused() {
        for (String body : List.of("", "[]", "{", "{} {}", "nul", "{\"u\":1}")) {
            assertThatThrownBy(() -> parse(body)).isInstanceOf(BelfryException.class);
        }
        char[] deep = new char[10_000];
        Arrays.fill(deep, '[');
        assertThatThrownBy(() -> JsonObject.parseValue(bytes(new String(deep))))
                .isInstanceOf(BelfryException.class);
        assertThat(JsonObject.parseValue(bytes("{\"a\":[1,2.5]}")))
                .isEqualTo(Map.of("a", List.of(1L, 2.5)));
    }

    private static JsonObject parse(String body) {
        return JsonObject.parse(bytes(body), "t", "n", "b", "l", "z");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
