package dev.belfry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** QuestDB from Maven Central: how it is started in a process of its own. */
final class QuestDb {
    /*
     * Its defaults, but for what would open ports or call home, and its own metrics. Lines come over HTTP, where a
     * request is answered once it is committed to the table's write-ahead log (not forced to disk: its default).
     */
    /** Answered with 200 once it takes requests. */
    static final String HEALTH = "/exec?query=select%201";

    private QuestDb() {}

    /** The command of a server with its files in {@code data}; fetches it the first time. */
    static List<String> command(Path data) throws IOException, InterruptedException {
        Path project = Programs.cache("questdb");
        Path libraries = Programs.jars("questdb-pom.xml", project);
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "-cp",
                libraries + "/*",
                "io.questdb.ServerMain",
                "-d",
                Files.createDirectories(data.resolve("questdb")).toString());
    }

    /** Its settings, as variables of the environment. */
    static Map<String, String> settings(int port) {
        return Map.of(
                "QDB_HTTP_BIND_TO",
                "127.0.0.1:" + port,
                "QDB_HTTP_MIN_ENABLED",
                "false",
                "QDB_PG_ENABLED",
                "false",
                "QDB_LINE_TCP_ENABLED",
                "false",
                "QDB_TELEMETRY_ENABLED",
                "false");
    }
}
