# Sourced by the launcher `belfry` in a clone: the cache that makes the start quick.
# shellcheck shell=bash

TRAINING_SECONDS=60
PASSWORD=only-for-the-training-run

# One request over bash's own sockets: method, path, token, body. Prints the whole answer.
ask() {
    local authorization=
    if [ -n "$3" ]; then authorization="Authorization: Bearer $3"$'\r\n'; fi
    exec 3<>"/dev/tcp/127.0.0.1/$TRAINING_PORT" || return 1
    printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n' \
        "$1" "$2" "$TRAINING_PORT" >&3
    printf 'Content-Type: application/json\r\n%sContent-Length: %s\r\n\r\n%s' \
        "$authorization" "${#4}" "$4" >&3
    timeout 20 cat <&3
    exec 3>&-
}

train_by_requests() {
    local token event base=/api/v1/monitoring
    token=$(ask POST /api/v1/auth/login "" "{\"username\":\"admin\",\"password\":\"$PASSWORD\"}" \
        | sed -n 's/.*"token" *: *"\([^"]*\)".*/\1/p')
    [ -n "$token" ] || return 1
    event='{"event_type":"log","source":"training","level":"info","message":"a line of the training run","tags":{"n":1},"payload":{"a":"b"}}'
    ask POST $base/events "$token" "$event"
    ask POST $base/events "$token" "[$event,$event]"
    ask GET "$base/events?limit=10" "$token" ""
    ask GET "$base/events?q=training&level=info&source=training" "$token" ""
    ask GET "$base/fields" "$token" ""
    ask GET "$base/stats" "$token" ""
    ask GET /api/v1/health "$token" ""
    ask GET /metrics "$token" ""
    ask GET / "" ""
} >/dev/null

# $1 folder with lib/, $2 Java. Starts the server on a free port with data of its own, speaks to it
# and ends it, whereupon the Java machine writes what it has learnt. A failure costs only speed.
train() {
    local folder=$1 java=$2 scratch server waited=0 status=0
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/belfry-training.XXXXXX")
    say "belfry: preparing a quick start ..."
    mkdir -p "$scratch/data/tmp"
    # shellcheck disable=SC2086
    (cd "$scratch" && exec env -i "PATH=$PATH" "HOME=${HOME:-/}" "BELFRY_ADMIN_PASSWORD=$PASSWORD" \
        "$java/bin/java" \
        "-XX:AOTCacheOutput=$folder/belfry.aot.new" "-Xmx$HEAP" $COLLECTOR $JVM_FLAGS \
        "-Djava.io.tmpdir=$scratch/data/tmp" \
        -cp "$(class_path "$folder/lib" server)" "$MAIN" run --port 0 --data "$scratch/data") \
        >"$scratch/out" 2>"$scratch/err" </dev/null &
    server=$!
    trap 'kill -TERM '"$server"' 2>/dev/null; rm -rf '"'$scratch'"'; exit 130' INT TERM
    TRAINING_PORT=
    while [ -z "$TRAINING_PORT" ] && [ "$waited" -lt $((TRAINING_SECONDS * 10)) ]; do
        kill -0 "$server" 2>/dev/null || break
        TRAINING_PORT=$(sed -n 's|.*Belfry is at http://[^ ]*:\([0-9][0-9]*\).*|\1|p' "$scratch/out" | head -n 1)
        waited=$((waited + 1))
        sleep 0.1
    done
    if [ -z "$TRAINING_PORT" ] || ! train_by_requests; then status=1; fi
    kill -TERM "$server" 2>/dev/null || true
    waited=0
    while kill -0 "$server" 2>/dev/null && [ "$waited" -lt $((TRAINING_SECONDS * 10)) ]; do
        waited=$((waited + 1))
        sleep 0.1
    done
    kill -KILL "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    trap - INT TERM
    if [ "$status" = 0 ] && [ -s "$folder/belfry.aot.new" ]; then
        mv "$folder/belfry.aot.new" "$folder/belfry.aot"
        cache_key "$java" >"$folder/belfry.aot.key"
    else
        status=1
        say "belfry: no quick start (the training run failed); starting works all the same"
        tail -n 5 "$scratch/err" >&2 || true
    fi
    rm -rf "$scratch" "$folder/belfry.aot.new"
    return "$status"
}
