package dev.belfry.server;

import dev.belfry.identity.Caller;
import dev.belfry.identity.Identity;
import dev.belfry.identity.NewApiKey;
import dev.belfry.identity.Permission;
import dev.belfry.identity.Role;
import dev.belfry.identity.User;
import dev.belfry.model.BelfryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The API key in the data folder that programs on the same machine use, such as the import. */
final class LocalKey {
    private static final String NAME = "local.key";
    private static final int USERS_MAX = 1_000;

    private LocalKey() {}

    /** Makes it when it is missing or does not work any more. */
    static void ensure(Path data, Identity identity) throws IOException {
        Path file = data.resolve(NAME);
        if (Files.exists(file) && works(Files.readString(file).strip(), identity)) {
            return;
        }
        Optional<User> owner =
                identity.users().list(Caller.BELFRY, USERS_MAX, 0).items().stream()
                        .filter(user -> user.role() == Role.ADMIN && !user.disabled())
                        .findFirst();
        if (owner.isEmpty()) {
            return;
        }
        NewApiKey wanted =
                new NewApiKey(
                        NAME,
                        Set.of(Permission.EVENTS_READ, Permission.EVENTS_WRITE),
                        Set.of(),
                        null,
                        owner.get().id());
        String token = identity.keys().create(Caller.BELFRY, wanted).token();
        write(file, token);
    }

    private static boolean works(String token, Identity identity) {
        try {
            return !token.isEmpty() && identity.authenticate(token).may(Permission.EVENTS_WRITE);
        } catch (BelfryException _) {
            return false;
        }
    }

    /** Nobody but the owner can read it, at no moment. */
    private static void write(Path file, String token) throws IOException {
        Path fresh = file.resolveSibling(NAME + ".new");
        Files.deleteIfExists(fresh);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createFile(
                    fresh,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(fresh);
        }
        Files.write(
                fresh,
                (token + "\n").getBytes(StandardCharsets.US_ASCII),
                StandardOpenOption.WRITE);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
