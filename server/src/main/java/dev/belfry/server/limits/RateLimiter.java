package dev.belfry.server.limits;

import dev.belfry.identity.Principal;
import dev.belfry.identity.RateLimits;
import dev.belfry.model.BelfryException;
import dev.belfry.model.ErrorCode;
import dev.belfry.server.metrics.Counter;
import dev.belfry.server.metrics.Registry;
import dev.belfry.server.metrics.Sampled;
import dev.belfry.server.receive.Admission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Events, bytes and queries a second, by key and by user; safe for many threads. */
public final class RateLimiter implements Admission {
    /*
     * A key's request counts for the key and for its owner, whatever the number of their keys; a
     * person's for the person. What neither they nor the configuration limit has no bucket. A bucket
     * that is full again is like a new one: such are forgotten when there are many.
     */
    private static final int BUCKETS_MAX = 30_000;
    private static final int SHOWN_MAX = 200;

    private final Map<Name, TokenBucket> buckets = new ConcurrentHashMap<>();
    private final Counter limited;
    private final LongSupplier nanoTime;
    private volatile Rates ofKeys = Rates.NONE;
    private volatile Rates ofUsers = Rates.NONE;

    /** What is counted. */
    private enum Kind {
        EVENTS("events"),
        BYTES("bytes"),
        QUERIES("queries");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /**
     * What the configuration allows a second; 0: any number.
     *
     * @param events taken in
     * @param bytes taken in, without compression
     * @param queries asked
     */
    public record Rates(long events, long bytes, long queries) {
        /** Any number of all. */
        public static final Rates NONE = new Rates(0, 0, 0);
    }

    private record Name(String who, Kind kind) {}

    private record Limit(Name name, long perSecond) {}

    /** A limiter that lets all pass until it is told otherwise. */
    public RateLimiter(Registry registry, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.limited =
                registry.cappedCounter(
                        "rate_limited_total",
                        "Requests that a rate limit refused, by key or user.",
                        SHOWN_MAX,
                        "key");
        registry.add(
                new Sampled(
                        registry.name("rate_limit_used_ratio"),
                        "Share of a second's allowance in use, the highest of events, bytes and"
                                + " queries, by key or user.",
                        "gauge",
                        List.of("key"),
                        this::sample));
    }

    /** Sets what each key may do that has no limit of its own. */
    public void ofKeys(Rates rates) {
        ofKeys = rates;
    }

    /** Sets what each user may do that has no limit of their own. */
    public void ofUsers(Rates rates) {
        ofUsers = rates;
    }

    @Override
    public void admit(Principal principal, int events, long bytes) {
        List<Limit> limits = new ArrayList<>(4);
        limits(principal, Kind.EVENTS, limits);
        limits(principal, Kind.BYTES, limits);
        if (limits.isEmpty()) {
            return;
        }
        refuse(principal, limits);
        for (Limit limit : limits) {
            bucket(limit).take(limit.name.kind == Kind.EVENTS ? events : bytes);
        }
    }

    /**
     * Returns when {@code principal} may ask a query now, and counts it.
     *
     * @throws BelfryException RATE_LIMITED with {@code retry_after_seconds}
     */
    public void query(Principal principal) {
        List<Limit> limits = new ArrayList<>(2);
        limits(principal, Kind.QUERIES, limits);
        if (limits.isEmpty()) {
            return;
        }
        refuse(principal, limits);
        limits.forEach(limit -> bucket(limit).take(1));
    }

    /** What an answer to {@code principal} says of their limits: of the one with the least left. */
    public Map<String, String> headers(Principal principal) {
        List<Limit> limits = new ArrayList<>(6);
        for (Kind kind : Kind.values()) {
            limits(principal, kind, limits);
        }
        TokenBucket.State least = null;
        for (Limit limit : limits) {
            TokenBucket bucket = buckets.get(limit.name);
            if (bucket != null) {
                TokenBucket.State state = bucket.state(limit.perSecond, nanoTime.getAsLong());
                least = least == null || state.usedRatio() > least.usedRatio() ? state : least;
            }
        }
        if (least == null) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ratelimit-limit", Long.toString(least.limit()));
        headers.put("ratelimit-remaining", Long.toString(least.remaining()));
        headers.put("ratelimit-reset", Long.toString(least.resetSeconds()));
        return headers;
    }

    private void refuse(Principal principal, List<Limit> limits) {
        long nowNanoTime = nanoTime.getAsLong();
        Limit worst = limits.getFirst();
        long waitNanos = 0;
        for (Limit limit : limits) {
            long wait = bucket(limit).waitNanos(limit.perSecond, nowNanoTime);
            if (wait > waitNanos) {
                waitNanos = wait;
                worst = limit;
            }
        }
        if (waitNanos == 0) {
            return;
        }
        limited.increment(principal.text());
        long seconds = Math.max(1, (waitNanos + 999_999_999) / 1_000_000_000);
        String what = worst.name.kind.text;
        throw new BelfryException(
                ErrorCode.RATE_LIMITED,
                "rate limit of "
                        + worst.name.who
                        + ": more than "
                        + worst.perSecond
                        + " "
                        + what
                        + " a second (expected: to be sent again in "
                        + seconds
                        + " s)",
                Map.of(
                        "reason",
                        "rate_limit",
                        "limit",
                        worst.perSecond,
                        "unit",
                        what + "_per_second",
                        "retry_after_seconds",
                        seconds));
    }

    private void limits(Principal principal, Kind kind, List<Limit> into) {
        UUID user = principal.userId();
        if (principal.kind() == Principal.Kind.SYSTEM || user == null) {
            return;
        }
        if (principal.kind() == Principal.Kind.KEY) {
            long perSecond = perSecond(kind, principal.rateLimits(), ofKeys);
            if (perSecond > 0) {
                into.add(new Limit(new Name(principal.text(), kind), perSecond));
            }
        }
        long perSecond = perSecond(kind, principal.ownerRateLimits(), ofUsers);
        if (perSecond > 0) {
            into.add(new Limit(new Name("user:" + user, kind), perSecond));
        }
    }

    private static long perSecond(Kind kind, RateLimits own, Rates others) {
        @Nullable Long given =
                switch (kind) {
                    case EVENTS -> own.eventsPerSecond();
                    case BYTES -> own.bytesPerSecond();
                    case QUERIES -> own.queriesPerSecond();
                };
        long fallback =
                switch (kind) {
                    case EVENTS -> others.events;
                    case BYTES -> others.bytes;
                    case QUERIES -> others.queries;
                };
        return given == null ? fallback : given;
    }

    private TokenBucket bucket(Limit limit) {
        TokenBucket known = buckets.get(limit.name);
        if (known != null) {
            return known;
        }
        long nowNanoTime = nanoTime.getAsLong();
        if (buckets.size() >= BUCKETS_MAX) {
            buckets.values().removeIf(bucket -> bucket.isFull(nowNanoTime));
        }
        return buckets.computeIfAbsent(
                limit.name, _ -> new TokenBucket(limit.perSecond, nowNanoTime));
    }

    private void sample(Sampled.Sink sink) {
        long nowNanoTime = nanoTime.getAsLong();
        Map<String, Double> used = new LinkedHashMap<>();
        buckets.forEach((name, bucket) -> {
            if (used.size() < SHOWN_MAX || used.containsKey(name.who)) {
                used.merge(name.who, bucket.usedRatio(nowNanoTime), Math::max);
            }
        });
        used.forEach((who, ratio) -> sink.accept(ratio, who));
    }
}
