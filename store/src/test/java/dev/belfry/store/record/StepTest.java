package dev.belfry.store.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What fails is told, and not done again at once. */
final class StepTest {
    private int runs;

    @Test
    void aStepThatFails_tellsWhy_andWaits() {
        Step step =
                new Step(
                        "flush",
                        () -> {
                            runs++;
                            throw new IOException("no space left");
                        });
        assertThat(step.failure()).isEmpty();
        step.run();
        step.run();
        assertThat(runs).isEqualTo(1);
        assertThat(step.failure()).isEqualTo("flush: java.io.IOException: no space left");
    }

    @Test
    void anError_isAFailureToo() {
        Step step =
                new Step(
                        "merge",
                        () -> {
                            throw new OutOfMemoryError("Java heap space");
                        });
        step.run();
        assertThat(step.failure()).contains("Java heap space");
    }

    @Test
    void aStepThatSucceeds_isDoneEachTime() {
        Step step = new Step("expiry", () -> runs++);
        step.run();
        step.run();
        assertThat(runs).isEqualTo(2);
        assertThat(step.failure()).isEmpty();
    }
}
