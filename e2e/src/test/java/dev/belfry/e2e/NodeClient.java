package dev.belfry.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A client on Node: {@code clients/NAME/send.js} with what npm has for it. */
final class NodeClient {
    private final Path installed;

    private NodeClient(Path installed) {
        this.installed = installed;
    }

    /** Installs it, once a build. */
    static NodeClient install(String name) throws Exception {
        Path source = Path.of("clients", name).toAbsolutePath();
        Path installed = Path.of("target", "clients-" + name).toAbsolutePath();
        Files.createDirectories(installed);
        for (String file : List.of("package.json", "package-lock.json", "send.js")) {
            Path target = installed.resolve(file);
            Files.deleteIfExists(target);
            Files.copy(source.resolve(file), target);
        }
        if (!Files.exists(installed.resolve("node_modules"))) {
            List<String> command =
                    List.of("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund");
            Path errors = installed.resolve("npm.err");
            try (ClientProcess npm = ClientProcess.start(installed, errors, Map.of(), command)) {
                npm.await(Duration.ofSeconds(120));
            }
        }
        return new NodeClient(installed);
    }

    /** Starts it; what it says on standard error goes to {@code errors}. */
    ClientProcess send(Path errors, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("node", "send.js"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return ClientProcess.start(installed, errors, Map.of(), command);
    }
}
