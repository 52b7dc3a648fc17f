package dev.belfry.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Saved queries, on every database. */
abstract class SavedQueriesContract {
    private static final UUID ANN = new UUID(1, 1);
    private static final UUID BOB = new UUID(1, 2);

    private MetadataStore store;
    private SavedQueries queries;

    abstract MetadataConfig config();

    @BeforeEach
    void open() {
        store = MetadataStore.open(config());
        queries = new SavedQueries(store);
        for (UUID user : List.of(ANN, BOB)) {
            store.write(handle ->
                    handle.createUpdate(
                                    "INSERT INTO users (id, username, username_folded,"
                                            + " password_hash, role, created_at, updated_at)"
                                            + " VALUES (:id, :id, :id, '', 'user', 0, 0)")
                            .bind("id", user.toString())
                            .execute());
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static SavedQuery query(
            UUID id, UUID owner, String name, boolean shared, @Nullable Long every) {
        return new SavedQuery(
                id,
                owner,
                name,
                "level:error | stats count()",
                "insight",
                "now-1h",
                null,
                shared,
                List.of("a", "tags.b c"),
                every,
                1_000,
                2_000);
    }

    @Test
    void queries_areKept_changed_andRemoved() {
        SavedQuery query = query(new UUID(2, 1), ANN, "one", false, null);
        queries.add(query);
        assertThat(queries.find(query.id())).contains(query);
        SavedQuery changed = query(query.id(), ANN, "two", true, 60_000L);
        assertThat(queries.replace(changed)).isTrue();
        assertThat(queries.find(query.id())).contains(changed);
        assertThat(queries.remove(query.id())).isTrue();
        assertThat(queries.remove(query.id())).isFalse();
        assertThat(queries.replace(changed)).isFalse();
        assertThat(queries.find(query.id())).isEmpty();
    }

    @Test
    void eachSees_onesOwnAndSharedOnes_byName() {
        queries.add(query(new UUID(2, 1), ANN, "c", false, null));
        queries.add(query(new UUID(2, 2), ANN, "a", true, null));
        queries.add(query(new UUID(2, 3), BOB, "b", false, null));
        assertThat(queries.visibleTo(ANN, 10, 0))
                .extracting(SavedQuery::name)
                .containsExactly("a", "c");
        assertThat(queries.visibleTo(BOB, 10, 0))
                .extracting(SavedQuery::name)
                .containsExactly("a", "b");
        assertThat(queries.visibleTo(BOB, 1, 1)).extracting(SavedQuery::name).containsExactly("b");
        assertThat(queries.countVisibleTo(BOB)).isEqualTo(2);
    }

    @Test
    void aNameTwice_isRefused_forOneOwnerOnly() {
        queries.add(query(new UUID(2, 1), ANN, "same", false, null));
        queries.add(query(new UUID(2, 2), BOB, "same", false, null));
        assertThatThrownBy(() -> queries.add(query(new UUID(2, 3), ANN, "same", false, null)))
                .hasMessageContaining("name: same");
        queries.add(query(new UUID(2, 4), ANN, "other", false, null));
        assertThatThrownBy(() -> queries.replace(query(new UUID(2, 4), ANN, "same", false, null)))
                .hasMessageContaining("name: same");
    }

    @Test
    void scheduledOnes_areBounded() {
        for (int i = 0; i < SavedQueries.SCHEDULED_OF_USER_MAX; i++) {
            queries.add(query(new UUID(2, i), ANN, "q" + i, false, 60_000L));
        }
        assertThatThrownBy(() -> queries.add(query(new UUID(3, 0), ANN, "more", false, 60_000L)))
                .hasMessageContaining("scheduled queries: 20");
        queries.add(query(new UUID(3, 0), ANN, "more", false, null));
        queries.add(query(new UUID(3, 1), BOB, "more", false, 60_000L));
    }

    @Test
    void dueOnes_areTakenOnce_andAgainAfterTheirTime() {
        SavedQuery query = query(new UUID(2, 1), ANN, "q", false, 60_000L);
        queries.add(query);
        queries.add(query(new UUID(2, 2), ANN, "never", false, null));
        assertThat(queries.takeDue(1_999, 10)).isEmpty();
        assertThat(queries.takeDue(2_000, 10)).containsExactly(query);
        assertThat(queries.takeDue(2_000, 10)).isEmpty();
        assertThat(queries.takeDue(61_999, 10)).isEmpty();
        assertThat(queries.takeDue(500_000, 10)).hasSize(1);
        assertThat(queries.takeDue(500_001, 10)).isEmpty();
    }

    @Test
    void aChange_isDueAtOnce_whereItAsksAnotherOrAtOtherTimes() {
        UUID id = new UUID(2, 1);
        queries.add(query(id, ANN, "q", false, 60_000L));
        assertThat(queries.takeDue(2_000, 10)).hasSize(1);
        queries.replace(query(id, ANN, "renamed", true, 60_000L));
        assertThat(queries.takeDue(61_999, 10)).isEmpty();
        queries.replace(query(id, ANN, "renamed", true, 120_000L));
        assertThat(queries.takeDue(61_999, 10)).hasSize(1);
        queries.replace(query(id, ANN, "renamed", true, null));
        assertThat(queries.takeDue(Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void lastRuns_areTold_ofOnesOwn() {
        queries.add(query(new UUID(2, 1), ANN, "a", false, 60_000L));
        queries.add(query(new UUID(2, 2), ANN, "b", false, 60_000L));
        queries.add(query(new UUID(2, 3), BOB, "c", true, 60_000L));
        queries.answered(new UUID(2, 1), new SavedQuery.Answer(5, false, "{}"));
        queries.answered(new UUID(2, 1), new SavedQuery.Answer(7, true, "{}"));
        queries.answered(new UUID(2, 3), new SavedQuery.Answer(9, true, "{}"));
        assertThat(queries.lastRuns(ANN))
                .isEqualTo(Map.of(new UUID(2, 1), new SavedQuery.Run(7, true)));
    }

    @Test
    void theLastAnswersAreKept_andGoWithTheirQuery() {
        UUID id = new UUID(2, 1);
        queries.add(query(id, ANN, "q", false, 60_000L));
        for (int i = 0; i < SavedQueries.ANSWERS_MAX + 3; i++) {
            queries.answered(id, new SavedQuery.Answer(i, i % 2 == 0, "{\"n\":" + i + "}"));
        }
        List<SavedQuery.Answer> kept = queries.answers(id);
        assertThat(kept).hasSize(SavedQueries.ANSWERS_MAX);
        assertThat(kept.getFirst()).isEqualTo(new SavedQuery.Answer(12, true, "{\"n\":12}"));
        assertThat(kept.getLast().atMillis()).isEqualTo(3);
        queries.remove(id);
        assertThat(queries.answers(id)).isEmpty();
        queries.answered(id, new SavedQuery.Answer(1, true, "{}"));
        assertThat(queries.answers(id)).isEmpty();
    }

    @Test
    void aUsersQueries_goWithTheUser() {
        queries.add(query(new UUID(2, 1), ANN, "q", true, null));
        store.write(handle -> handle.execute("DELETE FROM users WHERE id = '" + ANN + "'"));
        assertThat(queries.visibleTo(BOB, 10, 0)).isEmpty();
    }
}
