package dev.belfry.server.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.belfry.identity.Caller;
import dev.belfry.identity.Origin;
import dev.belfry.identity.Principal;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Serves the endpoints and the page: every request but a WebSocket's goes through here. */
public final class ApiService implements HttpService {
    /*
     * The event loop only starts a virtual thread for a request; there the caller is found out, then the body
     * is gathered, then the endpoint's handler runs and may block. Who shows no good credentials cannot make
     * the server hold a body. The body of a caller who is known from an earlier call is gathered first: so the
     * request changes threads twice less, and none waits for what comes slowly.
     */
    private static final Pattern REQUEST_ID = Pattern.compile("[\\x21-\\x7E]{1,128}");
    private static final long ANSWER_BYTES_MAX = 48L << 20;
    private static final int QUICK_THREADS = 2;
    private static final int QUICK_WAITING_MAX = 256;

    /* As a client that reads slowly keeps one, more than queries that run at once. */
    private static final int COMPUTING_THREADS_MAX = 16;
    private static final String REQUEST_ID_NAME = "x-request-id";

    private final Routes routes;
    private final StaticFiles files;
    private final Authentication authentication;
    private final InFlight inFlight;
    private final AnswerRoom answerRoom = new AnswerRoom(ANSWER_BYTES_MAX);
    private final Duration sendMax;
    private final CrossOrigin crossOrigin;
    private final Traffic traffic;
    private final Function<Principal, Map<String, String>> limitsOf;
    private final Executor quick =
            new ThreadPoolExecutor(
                    QUICK_THREADS,
                    QUICK_THREADS,
                    1,
                    TimeUnit.MINUTES,
                    new ArrayBlockingQueue<>(QUICK_WAITING_MAX),
                    Thread.ofPlatform().name("quick-", 0).daemon().factory(),
                    (task, _) -> Thread.ofVirtual().start(task));

    /* Calls that compute; where all of these threads are taken, a virtual one comes as far as it can. */
    private final Executor computing =
            new ThreadPoolExecutor(
                    0,
                    COMPUTING_THREADS_MAX,
                    1,
                    TimeUnit.MINUTES,
                    new SynchronousQueue<>(),
                    Thread.ofPlatform().name("computing-", 0).daemon().factory(),
                    (task, _) -> Thread.ofVirtual().start(task));
    private final ThreadFactory threads = Thread.ofVirtual().name("request-", 0).factory();

    /**
     * Serves {@code routes} and {@code files}.
     *
     * @param sendMax how long a client may take to read a piece of a streamed answer, or a MiB of
     *     another
     * @param limitsOf the headers that tell a caller of their rate limits
     */
    public ApiService(
            Routes routes,
            StaticFiles files,
            Authentication authentication,
            InFlight inFlight,
            Duration sendMax,
            CrossOrigin crossOrigin,
            Traffic traffic,
            Function<Principal, Map<String, String>> limitsOf) {
        this.routes = routes;
        this.files = files;
        this.authentication = authentication;
        this.inFlight = inFlight;
        this.sendMax = sendMax;
        this.crossOrigin = crossOrigin;
        this.traffic = traffic;
        this.limitsOf = limitsOf;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        traffic.began();
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        HttpResponse response = HttpResponse.of(answer);
        Running running = new Running(context, request, answer);
        response.whenComplete().handle((_, failure) -> running.ended(failure != null));
        if (running.isQuick()) {
            quick.execute(running);
        } else if (!running.gathersFirst()) {
            running.start();
        }
        return response;
    }

    /** The id that the client gave its request, else a new one. */
    public static String requestId(RequestHeaders headers) {
        String given = headers.get(REQUEST_ID_NAME);
        if (given != null && REQUEST_ID.matcher(given).matches()) {
            return given;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return Long.toHexString(random.nextLong() | Long.MIN_VALUE)
                + Long.toHexString(random.nextLong() | Long.MIN_VALUE);
    }

    /** The address of the client. */
    public static String address(ServiceRequestContext context) {
        InetSocketAddress address = context.remoteAddress();
        return address == null || address.getAddress() == null
                ? "unknown"
                : address.getAddress().getHostAddress();
    }

    /** One request on its way. */
    private final class Running implements Runnable {
        private final ServiceRequestContext context;
        private final HttpRequest request;
        private final CompletableFuture<HttpResponse> answer;
        private final long startNanoTime = System.nanoTime();
        private final String requestId;
        private final String address;
        private final String path;
        private final AtomicBoolean gone = new AtomicBoolean();
        private @Nullable Endpoint endpoint;
        private String route = "unknown";
        private volatile @Nullable String principalText;
        private @Nullable Principal principal;
        private volatile int status;
        private volatile long responseBytes;
        private @Nullable Runnable whenGone;
        private @Nullable Runnable whenEnded;
        private boolean over;
        private Routes.@Nullable Match match;
        private @Nullable BodyCollector collector;
        private final Outgoing outgoing;

        Running(
                ServiceRequestContext context,
                HttpRequest request,
                CompletableFuture<HttpResponse> answer) {
            this.context = context;
            this.request = request;
            this.answer = answer;
            this.requestId = requestId(request.headers());
            this.address = address(context);
            this.path = context.path();
            this.outgoing = new Outgoing(context, answerRoom, sendMax);
        }

        /** Health and its like have threads of their own: they answer whatever else goes on. */
        boolean isQuick() {
            return request.method() == HttpMethod.GET
                    && match() instanceof Routes.Match.Found found
                    && found.endpoint().access() instanceof Access.Public
                    && found.endpoint().quiet();
        }

        /**
         * Begins to gather the body of a caller who is known, and starts the thread when it is
         * there; on the event loop.
         *
         * @return false when nothing was begun
         */
        boolean gathersFirst() {
            if (!(match() instanceof Routes.Match.Found found)
                    || found.endpoint().request() == null
                    || found.endpoint().access() instanceof Access.Public) {
                return false;
            }
            Optional<Principal> caller = authentication.known(request.headers(), found.endpoint());
            if (caller.isEmpty()) {
                return false;
            }
            BodyCollector begun;
            try {
                begun = gather(found.endpoint(), caller.get().text());
            } catch (BelfryException _) {
                return false; // The thread comes to the same end, and answers.
            }
            principal = caller.get();
            collector = begun;
            begun.whenDone(this::start);
            return true;
        }

        /** On a thread of its own. */
        void start() {
            if (match() instanceof Routes.Match.Found found
                    && found.endpoint().handler() instanceof Endpoint.Computing) {
                computing.execute(this);
            } else {
                threads.newThread(this).start();
            }
        }

        private Routes.Match match() {
            Routes.Match known = match;
            if (known == null) {
                known =
                        StaticFiles.isPage(path, request.headers())
                                ? new Routes.Match.Unknown()
                                : routes.match(request.method().name(), path);
                match = known;
            }
            return known;
        }

        private BodyCollector gather(Endpoint target, String owner) {
            return BodyCollector.start(context, request, target.bodyMaxBytes(), inFlight, owner);
        }

        @Override
        public void run() {
            Reply reply;
            try {
                reply = reply();
            } catch (BelfryException e) {
                if (e.code() == ErrorCode.INTERNAL_SERVER_ERROR) {
                    traffic.failed(exchange(), e);
                }
                reply = refusal(e);
            } catch (Exception | StackOverflowError e) {
                traffic.failed(exchange(), e);
                reply =
                        refusal(
                                new BelfryException(
                                        ErrorCode.INTERNAL_SERVER_ERROR,
                                        "something failed in the server; its log says more under"
                                                + " request id "
                                                + requestId));
            }
            if (collector == null) {
                Rest.discard(request);
            }
            Reply made = reply;
            if (request.method() == HttpMethod.HEAD) {
                send(made);
            } else if (made.heldBytes() > AnswerRoom.SMALL_BYTES && isQuick()) {
                /* What is to be answered quickly does not wait until there is room for this. */
                threads.newThread(() -> send(inRoom(made))).start();
            } else {
                send(inRoom(made));
            }
        }

        private Reply inRoom(Reply reply) {
            try {
                outgoing.hold(owner(), reply.heldBytes());
                return reply;
            } catch (Outgoing.UnreadException e) {
                return refusal(
                        new BelfryException(
                                ErrorCode.OVERLOADED,
                                e.getMessage() + " (expected: to be asked again in a moment)"));
            }
        }

        private String owner() {
            String known = principalText;
            return known == null ? address : known;
        }

        private Reply refusal(BelfryException failure) {
            Dialect dialect = endpoint == null ? Dialect.API : endpoint.dialect();
            Reply reply = dialect.refusal(failure, request.headers()::get);
            return reply.headers().containsKey("www-authenticate")
                            && Authentication.isFromPage(request.headers())
                    ? reply.with("www-authenticate", Errors.CHALLENGE)
                    : reply;
        }

        private Reply reply() throws Exception {
            Optional<Reply> preflight = crossOrigin.preflight(request.headers());
            if (preflight.isPresent()) {
                route = "preflight";
                return preflight.get();
            }
            String method = request.method().name();
            Routes.Match match = match();
            if (match instanceof Routes.Match.Found found) {
                endpoint = found.endpoint();
                route = endpoint.path();
                return call(found.endpoint(), found.pathValues());
            }
            Optional<Reply> file = files.find(method, path, request.headers());
            if (file.isPresent()) {
                route = "static";
                return file.get();
            }
            principalText = authentication.authenticate(request.headers()).text();
            if (match instanceof Routes.Match.OtherMethods others) {
                String allowed = String.join(", ", others.methods());
                Reply refusal =
                        Errors.reply(
                                ErrorCode.VALIDATION_ERROR,
                                "method: " + method + " (expected: " + allowed + ")",
                                Map.of());
                return new Reply(
                        405,
                        refusal.contentType(),
                        refusal.body(),
                        refusal.length(),
                        Map.of("allow", allowed));
            }
            throw new BelfryException(
                    ErrorCode.NOT_FOUND,
                    "path: " + path + " (expected: one that GET /api/v1/openapi.json lists)");
        }

        private Reply call(Endpoint target, Map<String, String> pathValues) throws Exception {
            try {
                return handled(target, pathValues);
            } finally {
                BodyCollector gathered = collector;
                if (gathered != null) {
                    gathered.release();
                }
            }
        }

        private Reply handled(Endpoint target, Map<String, String> pathValues) throws Exception {
            RequestHeaders headers = request.headers();
            Origin origin = Authentication.origin(address, requestId, headers);
            if (target.access() instanceof Access.Public) {
                if (!target.method().equals("GET")) {
                    Authentication.requireSameOrigin(headers, false);
                }
            } else {
                Principal caller = principal;
                if (caller == null) {
                    caller = authentication.authenticate(headers, target, origin);
                    principal = caller;
                }
                principalText = caller.text();
                authentication.authorize(new Caller(caller, origin), target);
            }
            Map<String, List<String>> parameters = Parameters.parse(target, context);
            Call.Body body = Call.Body.NONE;
            if (target.request() != null) {
                BodyCollector gathered = collector;
                if (gathered == null) {
                    gathered = gather(target, principal == null ? address : principal.text());
                    collector = gathered;
                }
                body = gathered.await();
            }
            return target.handler()
                    .handle(made(target, principal, origin, pathValues, parameters, body));
        }

        private Call made(
                Endpoint target,
                @Nullable Principal principal,
                Origin origin,
                Map<String, String> pathValues,
                Map<String, List<String>> parameters,
                Call.Body body) {
            RequestHeaders headers = request.headers();
            return new Call(
                    target,
                    principal,
                    Authentication.credentials(headers, target.dialect())
                            .map(Authentication.Credentials::token)
                            .orElse(null),
                    origin,
                    pathValues,
                    parameters,
                    headers::get,
                    body,
                    this::whenGone,
                    this::whenEnded,
                    outgoing,
                    context.sessionProtocol().isTls(),
                    startNanoTime);
        }

        private void send(Reply reply) {
            status = reply.status();
            responseBytes = reply.length();
            ResponseHeadersBuilder headers = ResponseHeaders.builder(reply.status());
            if (!reply.contentType().isEmpty()) {
                headers.add("content-type", reply.contentType());
            }
            headers.add(REQUEST_ID_NAME, requestId);
            SecurityHeaders.add(headers, context.sessionProtocol().isTls());
            if (!reply.headers().containsKey("cache-control")) {
                headers.add("cache-control", "no-store");
            }
            Principal caller = principal;
            if (caller != null) {
                limitsOf.apply(caller).forEach(headers::set);
            }
            reply.headers().forEach(headers::set);
            crossOrigin.add(request.headers(), headers); // Adds to what the reply varies by.
            boolean head = request.method() == HttpMethod.HEAD;
            Reply.Stream stream = reply.stream();
            if (stream != null && !head) {
                stream(headers.build(), stream);
                return;
            }
            if (head && stream == null) {
                headers.contentLength(reply.length());
            }
            answer.complete(
                    head ? HttpResponse.of(headers.build()) : outgoing.whole(headers, reply));
        }

        /** A long answer; one that fails ends broken. */
        private void stream(ResponseHeaders headers, Reply.Stream stream) {
            HttpResponseWriter out = HttpResponse.streaming();
            answer.complete(out);
            try {
                outgoing.stream(out, headers, owner(), stream, bytes -> responseBytes += bytes);
            } catch (Exception e) {
                if (!gone.get() && !outgoing.isUnread()) {
                    traffic.failed(exchange(), e);
                }
                out.close(e);
            }
        }

        private void whenGone(Runnable action) {
            boolean late;
            synchronized (this) {
                whenGone = action;
                late = gone.get();
            }
            if (late) {
                action.run();
            }
        }

        private void whenEnded(Runnable action) {
            boolean late;
            synchronized (this) {
                whenEnded = action;
                late = over;
            }
            if (late) {
                action.run();
            }
        }

        private @Nullable Void ended(boolean failed) {
            Runnable left;
            Runnable last;
            synchronized (this) {
                gone.set(failed);
                over = true;
                left = failed ? whenGone : null;
                last = whenEnded;
            }
            if (left != null) {
                left.run();
            }
            if (last != null) {
                last.run();
            }
            outgoing.ended();
            traffic.ended(endpoint, exchange());
            return null;
        }

        private Traffic.Exchange exchange() {
            return new Traffic.Exchange(
                    request.method().name(),
                    route,
                    path,
                    status,
                    System.nanoTime() - startNanoTime,
                    responseBytes,
                    requestId,
                    address,
                    principalText);
        }
    }
}
