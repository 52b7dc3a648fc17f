# Sourced by the launcher `belfry` in a clone: the cache that makes the start quick.
# shellcheck shell=bash

TRAINING_SECONDS=60
TRAINING_EVENTS=1500
TRAINING_ROUNDS=40
TRAINING_SERIES=1000
TRAINING_STEPS=40
TRAINING_NEW=20
TRAINING_SMALL=100
TRAINING_SMALL_ROUNDS=10
TRAINING_SENDERS=4
PASSWORD=only-for-the-training-run

# Prints the body of the answer on descriptor 3. The server takes seconds to close a connection, so its end is not
# waited for.
answer() {
    local line length=0
    while IFS= read -r -t 20 -u 3 line && [ "$line" != $'\r' ]; do
        case $line in [Cc]ontent-[Ll]ength:*) length=${line//[!0-9]/} ;; esac
    done
    if [ "$length" -gt 0 ]; then timeout 20 head -c "$length" <&3; fi
}

# One request over bash's own sockets: method, path, token, body, more headers. Prints the body of the answer.
ask() {
    local authorization=
    if [ -n "$3" ]; then authorization="Authorization: Bearer $3"$'\r\n'; fi
    exec 3<>"/dev/tcp/127.0.0.1/$TRAINING_PORT" || return 1
    printf '%s %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n' \
        "$1" "$2" "$TRAINING_PORT" >&3
    printf 'Content-Type: application/json\r\n%s%sContent-Length: %s\r\n\r\n%s' \
        "$authorization" "${5:-}" "${#4}" "$4" >&3
    answer
    exec 3>&-
}

# Posts a file on a connection of its own: path, token, type, file. Prints the body of the answer.
post() {
    exec 3<>"/dev/tcp/127.0.0.1/$TRAINING_PORT" || return 1
    {
        printf 'POST %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n' "$1" "$TRAINING_PORT"
        printf 'Authorization: Bearer %s\r\nContent-Type: %s\r\n' "$2" "$3"
        printf 'Content-Length: %s\r\n\r\n' "$(($(wc -c <"$4")))"
        cat "$4"
    } >&3
    answer
    exec 3>&-
}

# A message of Protocol Buffers as escapes of printf, in $ESCAPED: tag in hex, its bytes escaped, their number.
message() {
    local rest=$3 byte
    ESCAPED="\\x$1"
    while [ "$rest" -gt 127 ]; do
        printf -v byte '\\x%02x' $((rest & 127 | 128))
        ESCAPED+=$byte
        rest=$((rest >> 7))
    done
    printf -v byte '\\x%02x' "$rest"
    ESCAPED+=$byte$2
    SIZE=$((${#1} / 2 + ${#byte} / 4 + $3))
    if [ "$3" -gt 127 ]; then SIZE=$((SIZE + 1)); fi
    if [ "$3" -gt 16383 ]; then SIZE=$((SIZE + 1)); fi
    if [ "$3" -gt 2097151 ]; then SIZE=$((SIZE + 1)); fi
}

# An attribute of text in a record, in $ESCAPED: key, value.
attribute() {
    printf -v ESCAPED '\\x32\\x%02x\\x0a\\x%02x%s\\x12\\x%02x\\x0a\\x%02x%s' \
        $((6 + ${#1} + ${#2})) ${#1} "$1" $((2 + ${#2})) ${#2} "$2"
    SIZE=$((8 + ${#1} + ${#2}))
}

# Bytes that hex digits stand for, as escapes in $ESCAPED.
bytes() {
    local at
    ESCAPED=
    for ((at = 0; at < ${#1}; at += 2)); do ESCAPED+="\\x${1:at:2}"; done
}

# The same events as JSON lines, as a push of Loki and as OTLP: json, loki, otlp in folder $1.
write_events() {
    local i word text id span at now user records='' records_size=0 record size comma=''
    now=$(date +%s)
    : >"$1/json"
    printf '{"streams":[{"stream":{"service_name":"training","env":"a"},"values":[' >"$1/loki"
    for ((i = 0; i < TRAINING_EVENTS; i++)); do
        text=
        for word in 1 2 3 4 5 6; do text+="w$((RANDOM % 2000)) "; done
        printf -v id '%04x%04x%04x%04x%04x%04x%04x%04x' $((RANDOM + 1)) $RANDOM $RANDOM $RANDOM $RANDOM $RANDOM $RANDOM $RANDOM
        span=${id:0:16}
        user=user-$((RANDOM * 3))
        printf '{"event_type":"log","source":"service-%s","level":"info","timestamp":%s,"message":"%s","trace_id":"%s","tags":{"env":"a","region":"r%s"},"payload":{"ms":%s,"user":"%s"}}\n' \
            $((i % 40)) "$((now * 1000 - TRAINING_EVENTS + i))" "$text" "$id" $((i % 5)) $((RANDOM % 5000)) "$user" >&4
        printf '%s["%s","{\\"message\\":\\"%s\\",\\"level\\":\\"info\\",\\"user\\":\\"%s\\"}"]' \
            "$comma" "$((now * 1000 - TRAINING_EVENTS + i))000000" "$text" "$user" >&5
        comma=,
        # time, severity, its text, the body, attributes, ids
        printf -v at '%016x' $(((now * 1000 - TRAINING_EVENTS + i) * 1000000))
        bytes "${at:14:2}${at:12:2}${at:10:2}${at:8:2}${at:6:2}${at:4:2}${at:2:2}${at:0:2}"
        record="\\x09$ESCAPED\\x10\\x09\\x1a\\x04INFO"
        printf -v record '%s\\x2a\\x%02x\\x0a\\x%02x%s' "$record" $((${#text} + 2)) ${#text} "$text"
        size=$((9 + 2 + 6 + 4 + ${#text}))
        attribute region "r$((i % 5))"
        record+=$ESCAPED
        size=$((size + SIZE))
        attribute user "$user"
        record+=$ESCAPED
        size=$((size + SIZE))
        printf -v record '%s\\x32\\x09\\x0a\\x02ms\\x12\\x03\\x18\\x%02x\\x%02x' "$record" $((i & 127 | 128)) $((i >> 7 & 31 | 1))
        bytes "$id"
        record+="\\x4a\\x10$ESCAPED"
        bytes "$span"
        record+="\\x52\\x08$ESCAPED"
        message 12 "$record" $((size + 11 + 18 + 10))
        records+=$ESCAPED
        records_size=$((records_size + SIZE))
    done 4>>"$1/json" 5>>"$1/loki"
    printf ']}]}' >>"$1/loki"
    message 12 "$records" "$records_size"
    message 0a '\x0a\x19\x0a\x17\x0a\x0cservice.name\x12\x07\x0a\x05train'"$ESCAPED" $((27 + SIZE))
    # shellcheck disable=SC2059
    printf "$ESCAPED" >"$1/otlp"
}

# What the Java machine learns of methods is as good as the load that it sees: enough for a few row
# groups, by each of the protocols. $1 token, $2 folder for the bodies.
train_by_load() {
    local round
    write_events "$2"
    for ((round = 0; round < TRAINING_ROUNDS; round++)); do
        post /v1/logs "$1" application/x-protobuf "$2/otlp"
        post /api/v1/monitoring/events "$1" application/x-ndjson "$2/json"
        post /loki/api/v1/push "$1" application/json "$2/loki"
    done
}

# A label in $ESCAPED: name, value.
label() {
    printf -v ESCAPED '\\x0a\\x%02x\\x0a\\x%02x%s\\x12\\x%02x%s' \
        $((4 + ${#1} + ${#2})) ${#1} "$1" ${#2} "$2"
    SIZE=$((6 + ${#1} + ${#2}))
}

# A request of remote write as escapes, in $SAMPLES; @V stands for a byte of the values, @T for the time's six, @H for
# two letters that tell the series from those of other requests.
make_samples() {
    local i pair series size
    SAMPLES=
    for ((i = 0; i < TRAINING_SERIES; i++)); do
        series=
        size=0
        for pair in "__name__ train_$((i % 50))_total" "code $((i % 5))00" "host host-@H-$i" "job service-$((i % 40))" \
            "path /api/v1/training" "region @H$((i % 3))"; do
            label "${pair%% *}" "${pair#* }"
            series+=$ESCAPED
            size=$((size + SIZE))
        done
        printf -v series '%s\\x12\\x10\\x09\\x00\\x00\\x00\\x00@V\\x%02x\\x%02x\\x40\\x10@T' "$series" $((i & 255)) $((i >> 8 & 63))
        message 0a "$series" $((size + 18))
        SAMPLES+=$ESCAPED
    done
}

# Descriptor 0 as Snappy that repeats nothing: its length, and pieces as they are. $1 folder.
snappy() {
    local size at piece byte ESCAPED SIZE
    cat >"$1/plain"
    size=$(($(wc -c <"$1/plain")))
    # Only the length of the message is wanted, without its tag.
    message 00 '' "$size"
    # shellcheck disable=SC2059
    printf "${ESCAPED#????}"
    for ((at = 0; at < size; at += piece)); do
        piece=$((size - at < 65536 ? size - at : 65536))
        printf -v byte '\\xf4\\x%02x\\x%02x' $((piece - 1 & 255)) $((piece - 1 >> 8))
        # shellcheck disable=SC2059
        printf "$byte"
        tail -c "+$((at + 1))" "$1/plain" | head -c "$piece"
    done
}

# Posts $SAMPLES: token, folder for the body, letters, time in ms, a byte of the values.
post_samples() {
    local at byte body=
    for ((at = 0; at < 6; at++)); do
        printf -v byte '\\x%02x' $(($4 >> 7 * at & 127 | (at < 5 ? 128 : 0)))
        body+=$byte
    done
    body=${SAMPLES//@T/"$body"}
    printf -v byte '\\x%02x' "$5"
    body=${body//@V/"$byte"}
    # shellcheck disable=SC2059
    printf "${body//@H/"$3"}" | snappy "$2" >"$2/samples"
    post /api/v1/write "$1" application/x-protobuf$'\r\n'"Content-Encoding: snappy" "$2/samples"
}

# Samples by remote write, every 15 s until now, some series that come only once, and questions. $1 token, $2 folder for
# the bodies.
train_by_samples() {
    local step letters now query
    now=$(date +%s)
    make_samples
    for ((step = 1; step <= TRAINING_STEPS; step++)); do
        post_samples "$1" "$2" r- $(((now - 15 * (TRAINING_STEPS - step)) * 1000)) $((step * 4))
        if [ "$step" -le "$TRAINING_NEW" ]; then
            printf -v letters '%02d' "$step"
            post_samples "$1" "$2" "$letters" $((now * 1000)) "$step"
        fi
        for query in 'train_1_total' 'sum%20by%20(code)(rate(train_2_total%5B5m%5D))' \
            'topk(3,max_over_time(%7Bregion%3D~%22r-.%22%7D%5B5m%5D))'; do
            ask GET "/api/v1/query_range?query=$query&start=$((now - 600))&end=$now&step=15" "$1" ""
            ask GET "/api/v1/query?query=$query&time=$now" "$1" ""
        done
        ask GET /api/v1/monitoring/metrics/prometheus "$1" ""
    done
}

# Small requests, one behind another on a few connections that stay open: the way of a request itself costs most
# of them. $1 token, $2 folder for the bodies.
train_by_small_requests() {
    local body i round senders=() sender
    for ((i = 0; i < TRAINING_SMALL; i++)); do
        body=$(sed -n "$((i % 100 * 10 + 1)),$((i % 100 * 10 + 10))p" "$2/json"; printf x)
        body=${body%x}
        printf 'POST /api/v1/monitoring/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n' "$1"
        printf 'Content-Type: application/x-ndjson\r\nContent-Length: %s\r\n\r\n%s' "${#body}" "$body"
    done >"$2/small"
    for ((i = 0; i < TRAINING_SENDERS; i++)); do
        (
            exec 3<>"/dev/tcp/127.0.0.1/$TRAINING_PORT" || exit 1
            cat <&3 >/dev/null &
            sender=$!
            for ((round = 0; round < TRAINING_SMALL_ROUNDS; round++)); do cat "$2/small" >&3; done
            printf 'GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
            wait "$sender"
        ) &
        senders+=($!)
    done
    for sender in "${senders[@]}"; do wait "$sender"; done
}

# The page as a browser opens it, without a session and in one, with all that it loads and asks at first. $1 token
train_by_page() {
    local browser page path query now=$(($(date +%s) * 1000))
    browser=$'Accept: text/html,*/*;q=0.8\r\n'
    ask GET / "" "" "$browser"
    browser+="Cookie: belfry_session=$1"$'\r\n'
    page=$(ask GET / "" "" "$browser")
    browser+=$'Accept-Encoding: gzip, deflate, br\r\n'
    ask GET / "" "" "$browser"
    for path in $(printf '%s' "$page" | grep -o '/assets/[^")]*' | sort -u); do
        ask GET "$path" "" "" "$browser"
    done
    query="not.source=belfry&start_time=$((now - 3600000))&end_time=$now"
    for path in /api/v1/auth/me "/api/v1/monitoring/events?$query&limit=200&order=desc" \
        "/api/v1/monitoring/events/histogram?$query&buckets=120" "/api/v1/monitoring/fields?$query&limit=10"; do
        ask GET "$path" "" "" "$browser"
    done
}

# $1 folder for the bodies.
train_by_requests() {
    local token event round base=/api/v1/monitoring
    token=$(ask POST /api/v1/auth/login "" "{\"username\":\"admin\",\"password\":\"$PASSWORD\"}" \
        | sed -n 's/.*"token" *: *"\([^"]*\)".*/\1/p')
    [ -n "$token" ] || return 1
    event='{"event_type":"log","source":"training","level":"info","message":"a line of the training run","tags":{"n":1},"payload":{"a":"b"}}'
    ask POST $base/events "$token" "$event"
    ask POST $base/events "$token" "[$event,$event]"
    # A key, as programs have, and as every later start looks for.
    ask POST $base/events "$(cat "$1/data/local.key")" "$event"
    train_by_load "$token" "$1"
    train_by_small_requests "$token" "$1"
    train_by_samples "$token" "$1"
    for round in 1 2 3 4 5; do
        ask GET "$base/events?limit=100" "$token" ""
        ask GET "$base/events?q=w$round&level=info&source=service-$round" "$token" ""
        ask GET "$base/fields" "$token" ""
        ask GET "$base/stats" "$token" ""
    done
    ask GET /api/v1/health "$token" ""
    ask GET /metrics "$token" ""
    train_by_page "$token"
} >/dev/null

# Starts the server on a free port with the data in $SCRATCH, as $SERVER, and waits for it: $TRAINING_PORT, empty when
# it did not start. $1 folder with lib/, $2 Java, then more options for it.
start_training() {
    local folder=$1 java=$2 waited=0
    shift 2
    mkdir -p "$SCRATCH/data/tmp"
    : >"$SCRATCH/out"
    find_class_path "$folder/lib" server
    # shellcheck disable=SC2086
    (cd "$SCRATCH" && exec env -i "PATH=$PATH" "HOME=${HOME:-/}" "BELFRY_ADMIN_PASSWORD=$PASSWORD" \
        "$java/bin/java" "$@" "-Xmx$HEAP" $COLLECTOR $JVM_FLAGS "-Djava.io.tmpdir=$SCRATCH/data/tmp" \
        -cp "$CLASS_PATH" "$MAIN" run --port 0 --data "$SCRATCH/data") \
        >"$SCRATCH/out" 2>"$SCRATCH/err" </dev/null &
    SERVER=$!
    trap 'kill -TERM '"$SERVER"' 2>/dev/null; rm -rf "'"$SCRATCH"'"; exit 130' INT TERM
    TRAINING_PORT=
    while [ -z "$TRAINING_PORT" ] && [ "$waited" -lt $((TRAINING_SECONDS * 10)) ]; do
        kill -0 "$SERVER" 2>/dev/null || break
        TRAINING_PORT=$(sed -n 's|.*Belfry is at http://[^ ]*:\([0-9][0-9]*\).*|\1|p' "$SCRATCH/out" | head -n 1)
        waited=$((waited + 1))
        sleep 0.1
    done
}

# Most starts find data, and some were killed before: so the training begins on what a killed server left. Users are
# made anew, which the very first start does.
leave_data() {
    start_training "$1" "$2"
    kill -KILL "$SERVER" 2>/dev/null || true
    wait "$SERVER" 2>/dev/null || true
    rm -f "$SCRATCH"/data/belfry.db* "$SCRATCH/data/local.key"
}

# $1 folder with lib/, $2 Java. Starts the server with data of its own, speaks to it and ends it, whereupon the Java
# machine writes what it has learnt. A failure costs only speed.
train() {
    local folder=$1 java=$2 waited=0 status=0
    SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/belfry-training.XXXXXX")
    say "belfry: preparing a quick start ..."
    leave_data "$folder" "$java"
    start_training "$folder" "$java" "-XX:AOTCacheOutput=$folder/belfry.aot.new"
    if [ -z "$TRAINING_PORT" ] || ! train_by_requests "$SCRATCH"; then status=1; fi
    kill -TERM "$SERVER" 2>/dev/null || true
    while kill -0 "$SERVER" 2>/dev/null && [ "$waited" -lt $((TRAINING_SECONDS * 10)) ]; do
        waited=$((waited + 1))
        sleep 0.1
    done
    kill -KILL "$SERVER" 2>/dev/null || true
    wait "$SERVER" 2>/dev/null || true
    trap - INT TERM
    if [ "$status" = 0 ] && [ -s "$folder/belfry.aot.new" ]; then
        mv "$folder/belfry.aot.new" "$folder/belfry.aot"
        find_cache_key "$java"
        printf '%s' "$CACHE_KEY" >"$folder/belfry.aot.key"
    else
        status=1
        say "belfry: no quick start (the training run failed); starting works all the same"
        tail -n 5 "$SCRATCH/err" >&2 || true
    fi
    rm -rf "$SCRATCH" "$folder/belfry.aot.new"
    return "$status"
}
