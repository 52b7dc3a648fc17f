import ch.qos.logback.classic.LoggerContext;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Jetty that logs by Logback and by java.util.logging; the OpenTelemetry agent does the rest. It
 * says its port, and ends with its standard input.
 */
public final class Shop {
    public static void main(String[] arguments) throws Exception {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger("org.eclipse.jetty")
                .setLevel(ch.qos.logback.classic.Level.WARN);
        Logger logger = LoggerFactory.getLogger("shop.Orders");
        java.util.logging.Logger older = java.util.logging.Logger.getLogger("shop.Older");
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(
                new Handler.Abstract() {
                    @Override
                    public boolean handle(Request request, Response response, Callback callback) {
                        String order = request.getHttpURI().getPath().substring(1);
                        logger.error("payment of order {} failed", order);
                        older.warning("order " + order + " waits");
                        Content.Sink.write(response, true, order, callback);
                        return true;
                    }
                });
        server.start();
        System.out.println("port " + connector.getLocalPort());
        BufferedReader input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (input.readLine() != null) {}
        System.exit(0);
    }
}
