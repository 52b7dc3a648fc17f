package dev.belfry.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belfry.identity.IdentityConfig.Hashing;
import dev.belfry.metadata.MetadataConfig;
import dev.belfry.metadata.MetadataStore;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.testkit.SimulatedClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fresh identity on one of the two databases, with a clock that only the test moves. */
abstract class IdentityContract {
    static final Origin HOME = Origin.of("127.0.0.1");
    static final String ADMIN_PASSWORD = "correct horse battery";
    static final String PASSWORD = "staple in the hay";

    /** Quick, so that a test may log in often; what it costs is not what is tested. */
    static final Hashing QUICK = new Hashing(64, 1, 1, 2);

    final SimulatedClock clock = new SimulatedClock();
    final List<SecurityEvent> events = Collections.synchronizedList(new ArrayList<>());
    MetadataStore store;
    Identity identity;
    Caller admin;

    @TempDir Path folder;

    abstract MetadataConfig metadata(Path folder);

    @BeforeEach
    void openAll() {
        store = MetadataStore.open(metadata(folder));
        identity = open(config());
        admin = caller(identity.login("admin", ADMIN_PASSWORD, HOME));
        events.clear();
    }

    @AfterEach
    void closeAll() {
        store.close();
    }

    IdentityConfig config() {
        return IdentityConfig.defaults().withAdminPassword(ADMIN_PASSWORD).withHashing(QUICK);
    }

    Identity open(IdentityConfig config) {
        Identity opened = Identity.open(store, config, clock);
        opened.listen(events::add);
        return opened;
    }

    User make(String name, Role role, String... sources) {
        return identity.users()
                .create(admin, new NewUser(name, PASSWORD, role, Set.of(sources), false));
    }

    Login login(String name) {
        return identity.login(name, PASSWORD, HOME);
    }

    Caller caller(Login login) {
        return caller(login.token());
    }

    Caller caller(String token) {
        return new Caller(identity.authenticate(token), HOME);
    }

    Caller as(String name) {
        return caller(login(name));
    }

    static ErrorCode codeOf(ThrowingCallable call) {
        return failureOf(call).code();
    }

    static BelfryException failureOf(ThrowingCallable call) {
        BelfryException failure = catchThrowableOfType(BelfryException.class, call);
        assertThat(failure).as("a BelfryException").isNotNull();
        return failure;
    }

    List<SecurityEvent.Action> actions() {
        return events.stream().map(SecurityEvent::action).toList();
    }
}
