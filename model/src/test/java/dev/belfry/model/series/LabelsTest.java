package dev.belfry.model.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belfry.model.BelfryException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LabelsTest {
    private final Labels labels = Labels.of("job", "x", Labels.NAME, "up", "instance", "a");

    @Test
    void labels_areSortedAndWithoutEmptyValues() {
        assertThat(labels).hasToString("{__name__=\"up\", instance=\"a\", job=\"x\"}");
        assertThat(Labels.of("a", "", "b", "1").size()).isEqualTo(1);
        assertThat(Labels.of("b", "1", "a", "2")).isEqualTo(Labels.of("a", "2", "b", "1"));
    }

    @Test
    void labels_areKeptDroppedAndSet() {
        assertThat(labels.keep(List.of("job", "none"))).isEqualTo(Labels.of("job", "x"));
        assertThat(labels.drop(List.of("job")).has("job")).isFalse();
        assertThat(labels.dropMetadata().metricName()).isEmpty();
        assertThat(labels.with("job", "").get("job")).isEmpty();
        assertThat(labels.with("job", "y").get("job")).isEqualTo("y");
        assertThat(labels.get("none")).isEmpty();
    }

    @Test
    void order_isByNamesAndValues() {
        assertThat(Labels.of("a", "1")).isLessThan(Labels.of("a", "2"));
        assertThat(Labels.of("a", "1")).isLessThan(Labels.of("a", "1", "b", "1"));
        assertThat(Labels.EMPTY).isLessThan(Labels.of("a", "1"));
    }

    @Test
    void matcher_takesAMissingLabelAsEmpty() {
        assertThat(LabelMatcher.equal("none", "").matches(labels)).isTrue();
        assertThat(LabelMatcher.notEqual("none", "x").matches(labels)).isTrue();
        assertThat(LabelMatcher.notEqual("job", "x").matches(labels)).isFalse();
    }

    @Test
    void builder_takesNoMoreThanItCanSort() {
        Labels.Builder builder = new Labels.Builder(Labels.EMPTY);
        for (int i = 0; i < Labels.Builder.LABELS_MAX; i++) {
            builder.set("l" + i, "v");
        }
        builder.set("l7", "w");
        assertThatThrownBy(() -> builder.set("one more", "v"))
                .isInstanceOf(BelfryException.class)
                .hasMessage("labels: more than 10000 (expected: fewer)");
    }
}
